"""Writes a study visit kit: a chapter for each site, with what to ask there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from kb import KnowledgeBase
from kb.types import City
from ui.briefing.collect import case_of
from ui.briefing.model import CollectedCase
from ui.formats import country_name, number
from ui.prepare.documents.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Heading,
    Paragraph,
    Table,
    Words,
)
from ui.prepare.documents.glossary import glossary_section
from ui.prepare.documents.site import site_blocks
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import (
    corpus_words,
    made_with,
    remark,
    source_section,
)
from ui.texts import _, spoken_language
from ui.vocabulary import theme_name


def write_visit_kit(
    kb: KnowledgeBase,
    city: City,
    themes: Sequence[str] = (),
    cases: Sequence[str] = (),
    *,
    made_on: date,
) -> Document:
    """Return the study visit kit of a city as a document in the reader's language.

    Args:
        kb: Where its cases are read.
        city: The city to visit.
        themes: Slugs of the themes that its cases must have one of; empty means all.
        cases: Ids of the cases to visit; empty means all of the city and themes.
        made_on: The date that the kit bears.
    """
    index = kb.manifest
    sites = [
        case_of(kb, full, index.generation)
        for case in kb.cases()
        if case.city == city.slug
        if not themes or set(themes) & set(case.themes)
        if not cases or case.case_id in cases
        if (full := kb.full_case(case.case_id)) is not None
    ]
    numbering = Numbering()
    chapters = [block for site in sites for block in site_blocks(site, numbering)]
    blocks: list[Block] = [
        made_with(made_on, index.created_at),
        Contents(Words(_("Contents"))),
        *_city(kb, city, numbering),
        *_agenda(sites),
        *chapters,
    ]
    blocks += glossary_section(blocks, starts_page=bool(sites))
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


def _agenda(sites: Iterable[CollectedCase]) -> Iterator[Block]:
    """Yield a table to fill in: nobody here knows times and names."""
    head = (_("Site"), _("Time"), _("Whom we meet"), _("Notes"))
    titles = [
        Words(_("Arrival and welcome")),
        *(corpus_words(site.case.title) for site in sites),
        Words(_("What we take home")),
    ]
    empty = Words("")
    yield Heading(1, Words(_("Agenda")))
    yield remark(_("To be filled in with the city."))
    yield Table(
        tuple(map(Words, head)),
        tuple((title, empty, empty, empty) for title in titles),
        (6, 2, 4, 5),
    )
