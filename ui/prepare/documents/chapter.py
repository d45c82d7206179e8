"""One case in a briefing: what it is, what was chosen, what stood in its way."""

from __future__ import annotations

from collections.abc import Iterator

from ui.briefing.clean import paragraphs
from ui.briefing.model import Chapter, CollectedCase, CollectedStatement, Note
from ui.prepare.documents.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Quotation,
    Words,
)
from ui.prepare.documents.figures import figures_section
from ui.prepare.documents.plans import Plan
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import (
    case_facts,
    case_name,
    corpus_words,
    questions_of,
    quotation,
    remark,
)
from ui.review import review_told
from ui.texts import _
from ui.vocabulary import section_name

_OBSTACLES = "Obstacles"


def chapter_blocks(
    chapter: Chapter, plan: Plan, numbering: Numbering
) -> Iterator[Block]:
    """Yield the chapter of a case.

    Args:
        chapter: The case, with the statements and notes to be shown.
        plan: How much of what was not chosen stands there, too.
        numbering: Gives sources their numbers.
    """
    of = chapter.of
    yield Heading(1, case_name(of))
    yield remark(review_told(of.case.review))
    if plan.has_summaries:
        yield Quotation(corpus_words(of.case.summary, numbering.of_case(of.case)))
    for item in chapter.items:
        if isinstance(item, CollectedCase):
            yield _facts(item, numbering)
    chosen = [statement.item_id for statement in chapter.statements]
    yield from figures_section(of, numbering, chosen, plan.figures)
    yield from _chosen(chapter, numbering)
    yield from _obstacles(chapter, plan.obstacles, numbering)
    yield from questions_of(of, plan.questions)


def note_blocks(note: Note) -> Iterator[Block]:
    """Yield the paragraphs of the officer's own note."""
    first, *others = paragraphs(note.text) or [""]
    if first:
        yield Paragraph(Words(_("Note: {text}", text=first)))
    for text in others:
        yield Paragraph(Words(text))


def _facts(of: CollectedCase, numbering: Numbering) -> Bullets:
    name = Words(_("Name in the knowledge base: {id}", id=of.case.case_id))
    return Bullets((*case_facts(of, numbering), name))


def _chosen(chapter: Chapter, numbering: Numbering) -> Iterator[Block]:
    """Yield the statements and notes in the officer's order."""
    if chapter.statements:
        yield Heading(2, Words(_("What the case says")))
    for item in chapter.items:
        if isinstance(item, Note):
            yield from note_blocks(item)
        elif isinstance(item, CollectedStatement):
            yield quotation(item, numbering)


def _obstacles(chapter: Chapter, most: int, numbering: Numbering) -> Iterator[Block]:
    """Yield the obstacles that the case names and that were not chosen."""
    told = chapter.of.of_section(_OBSTACLES)
    chosen = {statement.item_id for statement in chapter.statements}
    others = [statement for statement in told if statement.item_id not in chosen]
    if not others[:most]:
        return
    is_further = len(others) < len(told)
    title = _("Further obstacles") if is_further else section_name(_OBSTACLES)
    yield Heading(2, Words(title))
    for statement in others[:most]:
        yield quotation(statement, numbering, below=_OBSTACLES)
