"""Writes a briefing as a paper: case by case, as long as was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ui.briefing.clean import paragraphs
from ui.briefing.model import Briefing, Chapter, CollectedStatement
from ui.briefing.title import title_of
from ui.prepare.documents.chapter import chapter_blocks, note_blocks
from ui.prepare.documents.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Heading,
    Paragraph,
    Words,
)
from ui.prepare.documents.plans import Plan, plans
from ui.prepare.documents.room import LINES_A_PAGE, lines_of
from ui.prepare.documents.side_by_side import comparison
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import (
    corpus_words,
    made_with,
    remark,
    source_section,
)
from ui.texts import _, spoken_language

_PAGES = {"half": 0.5, "two": 2.0}
_CHAPTERS_TO_LIST = 3
"""A table of contents stands above as many chapters, or more."""
_QUESTIONS = 3


def write_briefing(briefing: Briefing, *, made_on: date, indexed_on: str) -> Document:
    """Return a briefing as a document in the reader's language.

    What is too long for its length is left out by whole statements, and that is said;
    the officer's own introduction never is.

    Args:
        briefing: What was collected.
        made_on: The date that it bears.
        indexed_on: When the index was made that its items are from, ISO 8601.
    """
    written = None
    for plan in plans(briefing.length, len(briefing.chapters)):
        written = _written(briefing, plan, made_on, indexed_on)
        pages = _PAGES.get(briefing.length)
        if pages is None or lines_of(written) <= pages * LINES_A_PAGE:
            return written
    assert written is not None  # there always is a shortest plan
    return written


def _written(
    briefing: Briefing, plan: Plan, made_on: date, indexed_on: str
) -> Document:
    numbering = Numbering()
    chapters = briefing.chapters[: plan.cases]
    body = list(_body(briefing, chapters, plan, numbering))
    n_headings = sum(isinstance(b, Heading) and b.level == 1 for b in body)
    blocks: list[Block] = [
        made_with(made_on, indexed_on),
        *_questions(briefing, plan),
        *_shortened(briefing, chapters, plan),
        *(Paragraph(Words(text)) for text in paragraphs(briefing.notes)),
    ]
    if plan.has_contents and n_headings >= _CHAPTERS_TO_LIST:
        blocks.append(Contents(Words(_("Contents"))))
    blocks += body
    blocks += source_section(numbering, is_short=plan.in_points)
    title = title_of(briefing)
    return Document(title, spoken_language(), made_on, tuple(blocks))


def _questions(briefing: Briefing, plan: Plan) -> Iterator[Block]:
    """Yield what the statements were found with."""
    if plan.in_points:
        return
    asked = dict.fromkeys(
        statement.question
        for chapter in briefing.chapters
        for statement in chapter.statements
        if statement.question
    )
    for question in list(asked)[:_QUESTIONS]:
        yield remark(_("Found with the question: {text}", text=question))


def _shortened(
    briefing: Briefing, chapters: Sequence[Chapter], plan: Plan
) -> Iterator[Block]:
    chosen = [s for c in briefing.chapters for s in c.statements]
    shown = [s for c in chapters for s in c.statements[: plan.statements]]
    if len(shown) < len(chosen) or len(chapters) < len(briefing.chapters):
        yield remark(
            _(
                "Shortened: {n} of {total} chosen statements, {cases} of {all_cases} "
                "cases.",
                n=len(shown),
                total=len(chosen),
                cases=len(chapters),
                all_cases=len(briefing.chapters),
            )
        )


def _body(
    briefing: Briefing, chapters: list[Chapter], plan: Plan, numbering: Numbering
) -> Iterator[Block]:
    if not plan.in_points:
        for note in briefing.opening_notes:
            yield from note_blocks(note)
    if plan.has_opening and briefing.opens_with_summaries:
        yield from _opening(chapters, plan, numbering)
    if plan.in_points:
        yield from _points(chapters, plan, numbering)
        return
    if plan.compares:
        yield from comparison(chapters, numbering)
    for chapter in chapters:
        yield from chapter_blocks(_shorter(chapter, plan), plan, numbering)


def _opening(
    chapters: Sequence[Chapter], plan: Plan, numbering: Numbering
) -> Iterator[Block]:
    """Yield the summaries of the cases, each of which a chapter of its own begins."""
    if not chapters or (len(chapters) == 1 and plan.has_summaries):
        return
    if not plan.in_points:
        yield Heading(1, Words(_("In short")))
    yield Bullets(
        tuple(
            corpus_words(
                _("{city}: {title}", city=c.of.city.name, title=c.of.case.summary),
                numbering.of_case(c.of.case),
            )
            for c in chapters
        )
    )


def _points(
    chapters: Sequence[Chapter], plan: Plan, numbering: Numbering
) -> Iterator[Block]:
    found = [s for c in chapters for s in c.statements[: plan.statements]]
    if found:
        yield Bullets(tuple(_point(statement, numbering) for statement in found))


def _point(found: CollectedStatement, numbering: Numbering) -> Words:
    text = _("{city}: {title}", city=found.of.city.name, title=found.statement.text)
    return corpus_words(text, numbering.of(found.sources))


def _shorter(chapter: Chapter, plan: Plan) -> Chapter:
    """Return a chapter with the first of its statements, and every note."""
    kept = {statement.item_id for statement in chapter.statements[: plan.statements]}
    items = tuple(
        item
        for item in chapter.items
        if not isinstance(item, CollectedStatement) or item.item_id in kept
    )
    return replace(chapter, items=items)
