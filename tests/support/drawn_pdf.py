"""PDFs whose every text stands where a test puts it, in the order of drawing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

_FONTS = {"F": "/Helvetica", "B": "/Helvetica-Bold"}
# Of Helvetica, for texts that end at a place; letters are never drawn that way.
_WIDTHS = dict.fromkeys("0123456789", 0.556) | dict.fromkeys(" .,", 0.278)
_MATRICES = {0: "1 0 0 1", 90: "0 1 -1 0"}


@dataclass(frozen=True)
class Drawn:
    """A text with the place of its left end, in points from the lower left corner."""

    text: str
    x: float
    y: float
    size: float = 10
    bold: bool = False
    turned: int = 0
    """Degrees to the left: 0, or 90 for one that runs up."""


def ending_at(text: str, x: float, y: float) -> Drawn:
    """Return figures that end at a place."""
    return Drawn(text, x - 10 * sum(_WIDTHS[char] for char in text), y)


def drawn_pdf(*pages: Sequence[Drawn]) -> bytes:
    """Return a PDF with texts drawn in Helvetica, in the order given."""
    writer = PdfWriter()
    fonts = DictionaryObject()
    for name, base in _FONTS.items():
        font = {
            "/Type": "/Font",
            "/Subtype": "/Type1",
            "/BaseFont": base,
            "/Encoding": "/WinAnsiEncoding",
        }
        fonts[NameObject(f"/{name}")] = writer._add_object(
            DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
        )
    for texts in pages:
        page = writer.add_blank_page(width=595, height=842)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        content.set_data(b"\n".join(map(_operators, texts)))
        page[NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _operators(drawn: Drawn) -> bytes:
    font = "B" if drawn.bold else "F"
    matrix = f"{_MATRICES[drawn.turned]} {drawn.x} {drawn.y}"
    code = drawn.text.encode("cp1252").hex()
    return f"BT /{font} {drawn.size} Tf {matrix} Tm <{code}> Tj ET".encode("ascii")
