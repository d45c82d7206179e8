"""A document as a tagged PDF (PDF/UA-1), set by Typst."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ui.prepare.documents.document import Document, Paragraph, Words
from ui.texts import _

_BOX = "▯"
_TEMPLATE = Path(__file__).with_name("briefing.typ")


def to_pdf(document: Document) -> bytes:
    """Return the document as a PDF file.

    The texts reach the template as data; Typst never reads them as markup. PDF/UA
    allows no missing letter: a letter that no font has stands as a box, of which the
    file's end tells, and a symbol as its name in brackets.
    """
    import typst

    text = _spelled(document)
    if _BOX in text:
        told = Paragraph(Words(_box_told()), is_remark=True)
        text = _spelled(replace(document, blocks=(*document.blocks, told)))
    return typst.compile(
        _TEMPLATE,
        sys_inputs={"data": text},
        font_paths=[_fonts()],
        ignore_system_fonts=True,  # the same file on every machine
        pdf_standards="ua-1",
        timestamp=datetime.combine(document.made_on, time(), UTC),
    )


def _spelled(document: Document) -> str:
    """Return what the template gets, in signs that its fonts have."""
    data = {
        "title": document.title,
        "language": document.language,
        "blocks": [{"type": type(b).__name__, **asdict(b)} for b in document.blocks],
    }
    return json.dumps(data, ensure_ascii=False).translate(_Spelling())


def _box_told() -> str:
    return _(
        "{box} stands for a letter that this file cannot show. The Word and Markdown "
        "files have it.",
        box=_BOX,
    )


def _fonts() -> Path:
    """Return the folder of DejaVu Sans, which Matplotlib brings.

    It has what Typst's own fonts lack: Arabic, Hebrew, symbols, the older emoji.
    """
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("matplotlib")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def _drawn() -> frozenset[int]:
    """Return the code points that the fonts of the template can show."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(_fonts() / "DejaVuSans.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


class _Spelling(dict[int, str]):
    """What stands in the PDF for a code point: itself, a box, or its name."""

    def __missing__(self, code: int) -> str:
        """Return it, and remember it."""
        char = chr(code)
        category = unicodedata.category(char)
        if code in _drawn():
            spelled = char
        elif category == "Cf":
            spelled = ""  # it only tells programs how to show its neighbours
        elif category.startswith("L"):
            spelled = _BOX
        elif category.startswith("M"):
            spelled = ""  # it changes the letter before it, which is a box by now
        else:
            name = unicodedata.name(char, "").lower()
            spelled = f"[{name or f'U+{code:04X}'}]"
        self[code] = spelled
        return spelled
