"""Writes a study visit kit: what to know about a city, and what to ask there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest

from kb import FullCase, KnowledgeBase
from kb.figures import states_figure_with_unit
from kb.sections import SUBSECTION
from kb.types import City, Statement
from ui.briefing.collect import case_of, statement_of
from ui.briefing.model import CollectedCase, CollectedStatement
from ui.formats import country_name, number
from ui.prepare.documents.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Quotation,
    Terms,
    Words,
    words_of,
)
from ui.prepare.documents.glossary import terms_in
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import (
    case_facts,
    corpus_words,
    made_with,
    quotation,
    remark,
    source_section,
)
from ui.review import review_told
from ui.texts import _, spoken_language
from ui.vocabulary import CORPUS_LANGUAGE, section_name, theme_name

STATEMENTS_A_CASE = 3
"""Key figures of a case that a kit quotes at most; as many obstacles, and lessons."""
_WITH_FIGURES = ("Costs", "Financing", "Results")


@dataclass(frozen=True, slots=True)
class _Practice:
    """A case of the city, ready to be quoted."""

    of: CollectedCase
    full: FullCase

    def statements(self, section: str) -> list[CollectedStatement]:
        """Return the statements of a section and what is below it, in order."""
        return [
            statement_of(self.full, statement, self.of)
            for statement in self.full.statements
            if _heading(statement) == section
        ]


def write_visit_kit(
    kb: KnowledgeBase, city: City, themes: Sequence[str] = (), *, made_on: date
) -> Document:
    """Return the study visit kit of a city as a document in the reader's language.

    Args:
        kb: Where its cases are read.
        city: The city to visit.
        themes: Slugs of the themes that its cases must have one of; empty means all.
        made_on: The date that the kit bears.
    """
    index = kb.manifest
    practices = [
        _Practice(case_of(kb, full, index.generation), full)
        for case in kb.cases()
        if case.city == city.slug and (not themes or set(themes) & set(case.themes))
        if (full := kb.full_case(case.case_id)) is not None
    ]
    numbering = Numbering()
    blocks: list[Block] = [
        *(Paragraph(Words(t)) for t in made_with(made_on, index.created_at)),
        *_city(kb, city, numbering),
        *_practices(practices, numbering),
        *_key_figures(practices, numbering),
        *_section("Obstacles", practices, numbering),
        *_section("Lessons", practices, numbering),
        *_questions(practices),
    ]
    blocks += _glossary(blocks)
    blocks += source_section(numbering)
    title = _("Study visit kit: {city}", city=city.name)
    return Document(title, spoken_language(), made_on, tuple(blocks))


def _city(kb: KnowledgeBase, city: City, numbering: Numbering) -> Iterator[Block]:
    country = country_name(city.country_code, city.country)
    population = _(
        "Population: {n} ({year})",
        n=number(city.population),
        year=city.population_year or _("year unknown"),
    )
    facts = [
        Words(_("Country: {country}", country=country)),
        Words(population, numbers=numbering.of([city.population_source])),
    ]
    for theme in kb.themes:
        if theme.slug == city.mentor_theme:
            facts.append(Words(_("Mentor city for: {theme}", theme=theme_name(theme))))
    yield Heading(1, Words(_("The city")))
    yield Bullets(tuple(facts))
    if city.mission_status:
        numbers = numbering.of(city.mission_sources)
        yield remark(_("EU Cities Mission"))
        yield Paragraph(corpus_words(city.mission_status, numbers))


def _practices(practices: Sequence[_Practice], numbering: Numbering) -> Iterator[Block]:
    if practices:
        yield Heading(1, Words(_("Its practices")))
    for practice in practices:
        yield _case_title(practice)
        yield remark(review_told(practice.of.case.review))
        yield Quotation(corpus_words(practice.of.case.summary))
        yield Bullets(tuple(case_facts(practice.of, numbering)))


def _key_figures(
    practices: Sequence[_Practice], numbering: Numbering
) -> Iterator[Block]:
    yield Heading(1, Words(_("Key figures")))
    yield remark(
        _(
            "What the cases say about costs, financing and results with a figure and "
            "its unit, at most {n} for each case.",
            n=STATEMENTS_A_CASE,
        )
    )
    yield from _quoted(practices, map(_with_figures, practices), numbering)


def _with_figures(practice: _Practice) -> list[CollectedStatement]:
    """Return the statements with a figure: the first of each section, then the next."""
    sections = [
        [
            found
            for found in practice.statements(section)
            if states_figure_with_unit(found.statement.text)
        ]
        for section in _WITH_FIGURES
    ]
    in_turn = [found for found in chain(*zip_longest(*sections)) if found]
    chosen = {found.item_id for found in in_turn[:STATEMENTS_A_CASE]}
    return [found for found in chain(*sections) if found.item_id in chosen]


def _section(
    section: str, practices: Sequence[_Practice], numbering: Numbering
) -> Iterator[Block]:
    yield Heading(1, Words(section_name(section)))
    yield remark(_("At most {n} for each case.", n=STATEMENTS_A_CASE))
    found = (p.statements(section)[:STATEMENTS_A_CASE] for p in practices)
    yield from _quoted(practices, found, numbering, below=section)


def _quoted(
    practices: Iterable[_Practice],
    found: Iterable[list[CollectedStatement]],
    numbering: Numbering,
    *,
    below: str = "",
) -> Iterator[Block]:
    """Yield what was found in each practice under its title, or that nothing was."""
    is_empty = True
    for practice, statements in zip(practices, found, strict=True):
        if statements:
            is_empty = False
            yield _case_title(practice)
        for statement in statements:
            yield quotation(statement, numbering, below=below)
    if is_empty:
        yield Paragraph(Words(_("Not in our sources.")))


def _questions(practices: Iterable[_Practice]) -> Iterator[Block]:
    asked = [practice for practice in practices if practice.of.open_questions]
    if not asked:
        return
    yield Heading(1, Words(_("Questions to ask on the visit")))
    yield remark(
        _("What the public sources of the cases leave open; the city itself may know.")
    )
    for practice in asked:
        yield _case_title(practice)
        questions = practice.of.open_questions
        yield Bullets(tuple(corpus_words(question.text) for question in questions))


def _glossary(blocks: Iterable[Block]) -> Iterator[Block]:
    words = chain.from_iterable(map(words_of, blocks))
    terms = terms_in(w.text for w in words if w.language == CORPUS_LANGUAGE)
    if terms:
        yield Heading(1, Words(_("Glossary")))
        yield Terms(
            tuple((corpus_words(t.name), corpus_words(t.meaning)) for t in terms)
        )


def _case_title(practice: _Practice) -> Heading:
    return Heading(2, corpus_words(practice.of.case.title))


def _heading(statement: Statement) -> str:
    return statement.section.partition(SUBSECTION)[0]
