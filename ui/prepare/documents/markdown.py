"""A document as Markdown (CommonMark)."""

from __future__ import annotations

import re

from ui.prepare.documents.document import (
    Block,
    Bullets,
    Contents,
    Document,
    EmptyLines,
    Heading,
    NumberedSource,
    Paragraph,
    Quotation,
    SourceList,
    Table,
    Terms,
    Words,
    number_marks,
)

# Only what means something in running text, so that the file stays readable as it is.
_SPECIAL = re.compile(r"([\\`*_\[\]<>~|$]|&(?=#?\w+;))")
# What makes a heading, list, quotation, table or rule of a line that begins with it.
_AT_THE_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^()([#+=:-])")

_BLANK_SIGNS = 40
"""Of a line to write on."""


def to_markdown(document: Document) -> str:
    """Return the document as Markdown text; every text in it is shown as it is."""
    shown = [
        _contents(block, document) if isinstance(block, Contents) else _block(block)
        for block in document.blocks
    ]
    return "\n\n".join([f"# {_escaped(document.title)}", *shown]) + "\n"


def _contents(contents: Contents, document: Document) -> str:
    """Return the chapters as a list: Markdown has no pages and no anchors."""
    headings = [b for b in document.blocks if isinstance(b, Heading) and b.level == 1]
    listed = [f"- {_shown(heading.words)}" for heading in headings]
    return "\n".join([f"**{_shown(contents.title)}**", "", *listed])


def _table(table: Table) -> str:
    rows = [_row(table.head), "|" + " --- |" * len(table.head)]
    return "\n".join([*rows, *map(_row, table.rows)])


def _row(cells: tuple[Words, ...]) -> str:
    return "".join(f"| {_shown(cell)} " for cell in cells) + "|"


def _block(block: Block) -> str:
    match block:
        case Heading(level, words):
            return f"{'#' * (level + 1)} {_shown(words)}"
        case Paragraph(words, is_remark):
            return f"*{_shown(words)}*" if is_remark else _shown(words)
        case Quotation(words, place):
            behind = f"\n>\n> *{_shown(place)}*" if place else ""
            return f"> {_shown(words)}{behind}"
        case Bullets(items):
            return "\n".join(f"- {_shown(words)}" for words in items)
        case Terms(entries):
            return "\n".join(f"- **{_shown(t)}**: {_shown(m)}" for t, m in entries)
        case Table():
            return _table(block)
        case EmptyLines(number):
            return "\n\n".join([r"\_" * _BLANK_SIGNS] * number)
        case Contents(title):  # stands above what it lists, see `_contents`
            return _shown(title)
        case SourceList(sources):
            return "\n".join(map(_source, sources))


def _shown(words: Words) -> str:
    text = _escaped(words.text)
    return f"{text} {number_marks(words.numbers)}" if words.numbers else text


def _source(source: NumberedSource) -> str:
    address = f"<{source.link}>" if source.link else _escaped(source.address)
    told = ". ".join((_escaped(source.title), _escaped(source.details), address))
    return f"{source.number}. {told}"


def _escaped(text: str) -> str:
    return _AT_THE_START.sub(r"\1\\\2\4", _SPECIAL.sub(r"\\\1", text))
