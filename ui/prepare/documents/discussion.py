"""Writes a kit for an online discussion group: theme, cases, questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, zip_longest

from kb import KnowledgeBase
from kb.types import OpenQuestion, Theme
from ui.briefing.collect import collect_case
from ui.briefing.model import CollectedCase
from ui.prepare.documents.document import (
    Block,
    Document,
    EmptyLines,
    Heading,
    Paragraph,
    Quotation,
    Words,
)
from ui.prepare.documents.figures import figures_section
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import (
    case_name,
    corpus_words,
    made_with,
    quotation,
    remark,
    source_section,
)
from ui.review import review_told
from ui.texts import _, spoken_language
from ui.vocabulary import theme_name

CASES = 3
QUESTIONS = 5
_QUOTED = ("Results", "Obstacles", "Lessons")
_LINES_FOR_AN_ANSWER = 3
_FIGURES = 4


def cases_to_discuss(kb: KnowledgeBase, theme: Theme) -> list[str]:
    """Return the ids of the cases to begin with: those that leave most open.

    They are of different cities, as far as there are as many.
    """
    cases = [case for case in kb.cases() if theme.slug in case.themes]
    full = [f for case in cases if (f := kb.full_case(case.case_id)) is not None]
    full.sort(key=lambda f: (-len(f.open_questions), f.case.case_id))
    first = {f.case.city: f for f in reversed(full)}.values()  # the best of each city
    ordered = [f for f in full if f in first] + [f for f in full if f not in first]
    return [f.case.case_id for f in ordered[:CASES]]


def questions_to_ask(cases: Sequence[CollectedCase]) -> list[OpenQuestion]:
    """Return the open questions of some cases, in turn from each."""
    in_turn = chain(*zip_longest(*(case.open_questions for case in cases)))
    return [question for question in in_turn if question is not None]


def write_session_kit(
    kb: KnowledgeBase,
    theme: Theme,
    cases: Sequence[str],
    questions: Sequence[str],
    *,
    made_on: date,
) -> Document:
    """Return the kit of a discussion group as a document in the reader's language.

    Args:
        kb: Where the cases are read.
        theme: What it is about.
        cases: Ids of the cases.
        questions: Ids of their open questions that are put to the cities, in order.
        made_on: The date that the kit bears.
    """
    collected = [c for c in (collect_case(kb, case_id) for case_id in cases) if c]
    numbering = Numbering()
    blocks: list[Block] = [
        made_with(made_on, kb.manifest.created_at),
        Paragraph(corpus_words(theme.description)),
        Heading(1, Words(_("The cases"))),
        *(block for case in collected for block in _case(case, numbering)),
        *_questions(collected, questions),
        *source_section(numbering),
    ]
    title = _("Discussion group: {theme}", theme=theme_name(theme))
    return Document(title, spoken_language(), made_on, tuple(blocks))


def _case(of: CollectedCase, numbering: Numbering) -> Iterator[Block]:
    yield Heading(2, case_name(of))
    yield remark(review_told(of.case.review))
    yield Quotation(corpus_words(of.case.summary, numbering.of_case(of.case)))
    for section in _QUOTED:
        for statement in of.of_section(section)[:1]:
            yield quotation(statement, numbering)
    for block in figures_section(of, numbering, most=_FIGURES):
        if not isinstance(block, Heading):  # the case's own heading is enough
            yield block


def _questions(
    cases: Sequence[CollectedCase], wanted: Sequence[str]
) -> Iterator[Block]:
    asked = {q.question_id: (of, q) for of in cases for q in of.open_questions}
    found = [asked[question_id] for question_id in wanted if question_id in asked]
    if not found:
        return
    yield Heading(1, Words(_("Questions to the mentor cities")))
    yield remark(
        _(
            "What the public sources leave open. A curator files an answer on the page "
            "Curate, with the discussion group as its source."
        )
    )
    for n, (of, question) in enumerate(found, start=1):
        yield Heading(2, Words(_("{n}. To {city}", n=n, city=of.city.name)))
        yield Paragraph(corpus_words(question.text))
        yield EmptyLines(_LINES_FOR_AN_ANSWER)
