"""The lines of PDF pages, put together from the pieces that pypdf hands over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.pdf_text import superscript


@dataclass(frozen=True)
class Chunk:
    """A piece of text as pypdf hands it over; a line end closes its line."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool


@dataclass(frozen=True)
class Line:
    """A line of a page; ``y`` grows upwards."""

    text: str
    page: int
    x: float
    y: float
    size: float
    is_bold: bool


@dataclass(frozen=True)
class PdfPage:
    """A page's lines in the order of the file."""

    lines: list[Line]
    drawn: str = ""
    """The page with every text at its place, padded by spaces; empty where no table
    can be."""


def lines_of(chunks: Iterable[Chunk], page: int) -> list[Line]:
    """Return the lines that chunks make up, in the order of the file."""
    lines: list[Line] = []
    open_line: list[Chunk] = []
    for chunk in chunks:
        *ended, rest = chunk.text.split("\n")
        for text in ended:
            _close([*open_line, _with_text(chunk, text)], page, lines)
            open_line = []
        open_line.append(_with_text(chunk, rest))
    _close(open_line, page, lines)
    return lines


def _with_text(chunk: Chunk, text: str) -> Chunk:
    return Chunk(text, chunk.x, chunk.y, chunk.size, chunk.is_bold)


def _close(chunks: Sequence[Chunk], page: int, lines: list[Line]) -> None:
    drawn = [chunk for chunk in chunks if chunk.text.strip()]
    if not drawn:
        return
    main = max(drawn, key=lambda chunk: len(chunk.text.strip()))
    parts = []
    for chunk in chunks:
        raised = chunk.y > main.y + main.size * 0.15 and chunk.size < main.size * 0.85
        parts.append(superscript(chunk.text) if raised else chunk.text)
    text = " ".join("".join(parts).split())
    bold = all(chunk.is_bold for chunk in drawn)
    lines.append(Line(text, page, drawn[0].x, main.y, main.size, bold))
