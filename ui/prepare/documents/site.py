"""One site of a study visit, on two pages at most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

from kb.figures import states_figure_with_unit
from kb.types import Source
from ui.briefing.model import CollectedCase, CollectedStatement
from ui.prepare.documents.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Quotation,
    Words,
)
from ui.prepare.documents.figures import figures_section
from ui.prepare.documents.room import LINES_A_PAGE, room_of
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import corpus_words, quotation, remark
from ui.publishers import publisher_kind
from ui.review import review_told
from ui.texts import _
from ui.vocabulary import section_name

PAGES_A_SITE = 2
_WITH_FIGURES = ("Costs", "Financing", "Results")
_OFFICES = ("city", "public")


@dataclass(frozen=True, slots=True)
class _Plan:
    """How many statements stand in each part of a chapter."""

    to_see: int
    figures: int
    running: int
    obstacles: int
    questions: int


_PLANS = (
    _Plan(to_see=4, figures=5, running=3, obstacles=4, questions=8),
    _Plan(to_see=3, figures=4, running=2, obstacles=3, questions=6),
    _Plan(to_see=2, figures=3, running=2, obstacles=2, questions=5),
    _Plan(to_see=2, figures=2, running=1, obstacles=1, questions=3),
)


def site_blocks(site: CollectedCase, numbering: Numbering) -> list[Block]:
    """Return a site's chapter, with as much as two pages have room for.

    Args:
        site: The case.
        numbering: Gives sources their numbers.
    """
    plan = _PLANS[-1]
    for plan in _PLANS:
        # Numbers that nothing shows must not be given: tried with others.
        if _room(_chapter(site, plan, Numbering())) <= PAGES_A_SITE * LINES_A_PAGE:
            break
    return list(_chapter(site, plan, numbering))


def _room(blocks: Iterator[Block]) -> float:
    return sum(map(room_of, blocks))


def _chapter(site: CollectedCase, plan: _Plan, numbering: Numbering) -> Iterator[Block]:
    yield Heading(1, corpus_words(site.case.title), starts_page=True)
    yield remark(review_told(site.case.review))
    yield Quotation(corpus_words(site.case.summary, numbering.of_case(site.case)))
    yield Heading(2, Words(_("What to see")))
    yield from _quoted(site, "What was done", plan.to_see, numbering)
    yield from _figures(site, plan, numbering)
    yield Heading(2, Words(_("Who runs it")))
    yield from _who(site, numbering)
    yield from _quoted(site, "Governance", plan.running, numbering, is_needed=False)
    yield Heading(2, Words(section_name("Obstacles")))
    yield from _quoted(site, "Obstacles", plan.obstacles, numbering)
    yield from _questions(site, plan.questions)


def _quoted(
    site: CollectedCase,
    section: str,
    most: int,
    numbering: Numbering,
    *,
    is_needed: bool = True,
) -> Iterator[Block]:
    """Yield the first statements of a section; if it is needed, also that none is."""
    found = site.of_section(section)[:most]
    for statement in found:
        yield quotation(statement, numbering, below=section)
    if not found and is_needed:
        yield _nothing()


def _figures(site: CollectedCase, plan: _Plan, numbering: Numbering) -> Iterator[Block]:
    """Yield the key figures; where nobody has listed any, statements with figures."""
    if site.full.figures:
        yield from figures_section(site, numbering, most=2 * plan.figures)
        return
    yield Heading(2, Words(_("Key figures")))
    found = _with_figures(site, plan.figures)
    for statement in found:
        yield quotation(statement, numbering)
    if not found:
        yield _nothing()


def _nothing() -> Paragraph:
    return Paragraph(Words(_("Nothing under this heading.")))


def _with_figures(site: CollectedCase, most: int) -> list[CollectedStatement]:
    """Return the statements with a figure: the first of each section, then the next."""
    sections = [
        [s for s in site.of_section(name) if states_figure_with_unit(s.statement.text)]
        for name in _WITH_FIGURES
    ]
    in_turn = [found for found in chain(*zip_longest(*sections)) if found]
    chosen = {found.item_id for found in in_turn[:most]}
    return [found for found in chain(*sections) if found.item_id in chosen]


def _who(site: CollectedCase, numbering: Numbering) -> Iterator[Block]:
    """Yield who did it, and the public offices behind its sources; never a person."""
    facts = []
    if site.case.actors:
        facts.append(Words(_("Who: {actors}", actors="; ".join(site.case.actors))))
    offices: dict[str, Source] = {}
    for source in site.case.sources:
        if publisher_kind(source) in _OFFICES:
            offices.setdefault(source.publisher, source)
    if offices:
        told = _("Public offices to ask: {offices}", offices="; ".join(offices))
        facts.append(Words(told, numbers=numbering.of(offices.values())))
    if facts:
        yield Bullets(tuple(facts))


def _questions(site: CollectedCase, most: int) -> Iterator[Block]:
    questions = site.open_questions[:most]
    if not questions:
        return
    yield Heading(2, Words(_("Questions to ask here")))
    yield remark(_("What the public sources leave open; the city itself may know."))
    yield Bullets(tuple(corpus_words(question.text) for question in questions))
