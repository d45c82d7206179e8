"""How much room a document takes on paper, before it is set.

The figures were measured on PDFs of the shipped cases and are meant to err on the long
side: a document that has room by them has room on paper.
"""

from __future__ import annotations

from math import ceil

from ui.prepare.documents.document import (
    Block,
    Bullets,
    Contents,
    Document,
    EmptyLines,
    Heading,
    Paragraph,
    Quotation,
    SourceList,
    Table,
    Terms,
    Words,
)

LINES_A_PAGE = 58
"""Lines on a page of a PDF, as they are counted here: some more than there are."""
_SIGNS = 88
"""Signs on a line."""


def lines_of(document: Document) -> float:
    """Return how many lines of running text a document is as high as, at most."""
    title = 1.8 * _lines(document.title, _SIGNS * 0.6) + 0.6
    return title + sum(map(room_of, document.blocks))


def room_of(block: Block) -> float:
    """Return how many lines a block is as high as, with the space around it."""
    match block:
        case Heading(level, words):
            return 1.3 * _height(words) + (2.6 if level == 1 else 1.9)
        case Paragraph(words, is_remark):
            return _height(words) * (0.9 if is_remark else 1) + 0.7
        case Quotation(words, place):
            behind = 0.9 * _height(place) + 0.3 if place else 0
            return _height(words, _SIGNS - 4) + behind + 1
        case Bullets(items):
            return sum(_height(item, _SIGNS - 3) + 0.3 for item in items) + 0.6
        case Terms(entries):
            return sum(_height(t) * 0.4 + _height(m) + 0.5 for t, m in entries)
        case Table():
            return _table(block)
        case EmptyLines(number):
            return 1.9 * number
        case Contents():
            return 12
        case SourceList(sources):
            return sum(
                _lines(f"{s.title}. {s.details}. {s.address}", _SIGNS - 6) + 0.3
                for s in sources
            )


def _height(words: Words, signs: float = _SIGNS) -> int:
    marks = sum(len(str(number)) + 2 for number in words.numbers)
    return _lines(words.text + " " * marks, signs)


def _lines(text: str, signs: float) -> int:
    return max(1, ceil(len(text) / signs))


def _table(table: Table) -> float:
    whole = sum(table.widths)
    # Smaller letters, but short lines break earlier.
    signs = [max(6.0, _SIGNS * width / whole - 2) for width in table.widths]
    rows = (table.head, *table.rows)
    return 1.2 + sum(
        0.9 * max(_height(cell, room) for cell, room in zip(row, signs, strict=True))
        + 0.7
        for row in rows
    )
