"""A document as Markdown (CommonMark)."""

from __future__ import annotations

import re

from ui.prepare.documents.document import (
    Block,
    Bullets,
    Document,
    Heading,
    NumberedSource,
    Paragraph,
    Quotation,
    SourceList,
    Terms,
    Words,
    number_marks,
)

# Only what means something in running text, so that the file stays readable as it is.
_SPECIAL = re.compile(r"([\\`*_\[\]<>~|$]|&(?=#?\w+;))")
# What makes a heading, list, quotation, table or rule of a line that begins with it.
_AT_THE_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^()([#+=:-])")


def to_markdown(document: Document) -> str:
    """Return the document as Markdown text; every text in it is shown as it is."""
    blocks = [f"# {_escaped(document.title)}", *map(_block, document.blocks)]
    return "\n\n".join(blocks) + "\n"


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
