"""Writes a briefing as a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ui.briefing.clean import one_line, paragraphs
from ui.briefing.model import (
    Briefing,
    CollectedCase,
    CollectedStatement,
    Item,
    Note,
)
from ui.prepare.documents.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Quotation,
    Words,
)
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import (
    case_facts,
    case_heading,
    case_name,
    corpus_words,
    made_with,
    quotation,
    remark,
    source_section,
)
from ui.texts import _, spoken_language

QUESTIONS_A_CASE = 3
"""Open questions of a case that a briefing lists, the first ones."""


def write_briefing(briefing: Briefing, *, made_on: date, indexed_on: str) -> Document:
    """Return a briefing as a document in the reader's language.

    Args:
        briefing: What was collected.
        made_on: The date that it bears.
        indexed_on: When the index was made that its items are from, ISO 8601.
    """
    numbering = Numbering()
    blocks: list[Block] = [
        Paragraph(Words(text)) for text in made_with(made_on, indexed_on)
    ]
    if notes := paragraphs(briefing.notes):
        blocks.append(Heading(1, Words(_("Notes"))))
        blocks += [Paragraph(Words(text)) for text in notes]
    if items := list(_items(briefing.items, numbering)):
        blocks += [Heading(1, Words(_("From the cases"))), *items]
    blocks += _open_questions(briefing.items)
    blocks += source_section(numbering)
    title = one_line(briefing.title) or _("Briefing")
    return Document(title, spoken_language(), made_on, tuple(blocks))


def _items(items: Iterable[Item], numbering: Numbering) -> Iterator[Block]:
    """Yield the items in their order, with a heading wherever the case changes."""
    shown: CollectedCase | None = None
    question = ""
    for item in items:
        if isinstance(item, Note):
            yield from _note(item)
            continue
        of = _case_of(item)
        if of != shown:
            yield from case_heading(of)
            shown, question = of, ""
        if isinstance(item, CollectedCase):
            yield from _case(item, numbering)
            continue
        if item.question and item.question != question:
            yield remark(_("Found with the question: {text}", text=item.question))
        question = item.question
        yield quotation(item, numbering)


def _case_of(item: CollectedStatement | CollectedCase) -> CollectedCase:
    return item.of if isinstance(item, CollectedStatement) else item


def _note(note: Note) -> Iterator[Block]:
    first, *others = paragraphs(note.text) or [""]
    if first:
        yield Paragraph(Words(_("Note: {text}", text=first)))
    for text in others:
        yield Paragraph(Words(text))


def _case(item: CollectedCase, numbering: Numbering) -> Iterator[Block]:
    yield Quotation(corpus_words(item.case.summary))
    name = Words(_("Name in the knowledge base: {id}", id=item.case.case_id))
    yield Bullets((*case_facts(item, numbering), name))


def _open_questions(items: Iterable[Item]) -> Iterator[Block]:
    found = [_case_of(item) for item in items if not isinstance(item, Note)]
    cases = {of.item_id: of for of in found if of.open_questions}
    if not cases:
        return
    yield Heading(1, Words(_("What the sources leave open")))
    yield remark(
        _(
            "What the public sources of these cases do not say, at most {n} points "
            "for each case.",
            n=QUESTIONS_A_CASE,
        )
    )
    for of in cases.values():
        yield Heading(2, case_name(of))
        questions = of.open_questions[:QUESTIONS_A_CASE]
        yield Bullets(tuple(corpus_words(question.text) for question in questions))
