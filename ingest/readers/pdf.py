"""PDF files: lines with their places, bookmarks, form fields, and what is locked."""

from __future__ import annotations

import contextlib
import io
import logging
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError, PdfReadError
from pypdf.generic import ArrayObject, Destination, DictionaryObject, FloatObject

from ingest.limits import Limits
from ingest.readers.content import Content, Item, Text
from ingest.readers.pdf_layout import Bookmark, read_pages
from ingest.readers.pdf_lines import Chunk, Line, PdfPage, lines_of
from ingest.readers.pdf_tables import may_hold_table
from kb.errors import UnreadableDocumentError, shown
from kb.types import Problem

# What pypdf repairs on the way is no finding for who wrote the file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_WORD = re.compile(r"[^\W\d_]{2,}")
# A scanned page may still carry a stamp or a page number as text.
_FEWEST_WORDS = 3
# In thousandths of the letter size. Words stand 0.22 to 0.5 apart, letters never
# more than 0.15; pypdf takes half the width of a space, which is 0.25 in LaTeX.
_WORD_GAP = -200
_SURE_GAP = -2000
_OUTLINE_DEPTH = 6
# Of one unpacked stream, in bytes: the default of pypdf, which needs some 30 times it.
_MOST_IN_A_STREAM = 75_000_000
_FARTHEST = 20_000
# What the layout mode of pypdf raises where the plain mode copes.
_LAYOUT_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    PdfReadError,
)


def read_pdf(raw: bytes, shown_path: str, limits: Limits) -> Content:
    """Read a PDF with the numbers of its pages; its front matter lies in the sidecar.

    Args:
        raw: The file's bytes.
        shown_path: The file's path below the corpus folder, for messages.
        limits: How many pages it may have, and how large they may be when unpacked.

    Raises:
        UnreadableDocumentError: It is damaged, needs a password, is too long or too
            large when unpacked, or no page has a text layer.
    """
    most = limits.expanded_bytes
    try:
        with (
            apply_configuration(
                maximum_declared_stream_length=most,
                array_based_stream_maximum_output_length=most,
                lzw_maximum_output_length=min(most, _MOST_IN_A_STREAM),
                run_length_maximum_output_length=min(most, _MOST_IN_A_STREAM),
                zlib_maximum_output_length=min(most, _MOST_IN_A_STREAM),
                stream_decoding_work_maximum_length=most,
                jbig2dec_binary=None,
            ),
            PdfReader(io.BytesIO(raw)) as reader,
        ):
            return _read(reader, shown_path, limits)
    except UnreadableDocumentError:
        raise
    except LimitReachedError as exc:
        if "depth" in str(exc).lower():
            raise _damaged(shown_path, exc) from exc
        raise UnreadableDocumentError(
            f"the PDF is too large when unpacked ({exc}).",
            "Print it to a new PDF, or split it.",
            path=shown_path,
            rule="too-large",
        ) from exc
    except Exception as exc:  # damaged files raise nearly everything in pypdf
        raise _damaged(shown_path, exc) from exc


def _damaged(shown_path: str, error: Exception) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        f"the PDF cannot be read ({type(error).__name__}: {shown(str(error))}).",
        "Open it in a PDF program and save it again.",
        path=shown_path,
        rule="damaged",
    )


def _read(reader: PdfReader, shown_path: str, limits: Limits) -> Content:
    # Files locked only against editing open with an empty password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableDocumentError(
            "the PDF needs a password.",
            "Save a copy without a password.",
            path=shown_path,
            rule="password",
        )
    n_pages = len(reader.pages)
    if n_pages > limits.pages:
        raise UnreadableDocumentError(
            f"the PDF has {n_pages} pages; at most {limits.pages} are read.",
            "Split it, or raise KB_FILE_PAGES.",
            path=shown_path,
            rule="too-many-pages",
        )
    pages: list[list[Line]] = []
    without_text: list[int] = []
    n_words = 0
    for number, page in enumerate(reader.pages, start=1):
        lines = lines_of(_chunks(page), number)
        words = sum(len(_WORD.findall(line.text)) for line in lines)
        if words < _FEWEST_WORDS and _has_image(page):
            without_text.append(number)
            lines, words = [], 0
        pages.append(lines)
        n_words += words
    fields: list[Text] = []
    with contextlib.suppress(Exception):  # the pages are worth having without them
        fields = list(_form_fields(reader))
    if not n_words and not fields:
        raise _no_text_layer(shown_path)
    drawn = _drawn(reader, pages)
    read = [PdfPage(*parts) for parts in zip(pages, drawn, strict=True)]
    items: list[Item] = [*read_pages(read, _bookmarks(reader)), *fields]
    problems = [_pages_without_text(shown_path, without_text)] if without_text else []
    return Content.of(items, problems)


def _no_text_layer(shown_path: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        "no page has a text layer (the pages are images).",
        "Add one with a text recognition program such as ocrmypdf.",
        path=shown_path,
        rule="no-text-layer",
    )


def _pages_without_text(shown_path: str, pages: Sequence[int]) -> Problem:
    numbers = ", ".join(map(str, pages[:20])) + (" …" if len(pages) > 20 else "")
    which = f"page {numbers} has" if len(pages) == 1 else f"pages {numbers} have"
    return Problem(
        shown_path,
        None,
        "no-text-layer",
        "warning",
        f"{which} no text layer (images), so the text there is not read.",
        "Add one with a text recognition program such as ocrmypdf.",
    )


def _chunks(page: PageObject) -> list[Chunk]:
    """Return a page's pieces of text with their places, in the order of the file."""
    chunks: list[Chunk] = []

    def widen(operator: bytes, operands: Any, *_: object) -> None:  # noqa: ANN401
        if operator == b"TJ" and operands and isinstance(operands[0], ArrayObject):
            _mark_word_gaps(operands[0])

    def collect(
        text: str,
        cm: list[float],
        tm: list[float],
        font: DictionaryObject | None,
        size: float,
    ) -> None:
        if text:
            chunks.append(_chunk(text, cm, tm, font, size))

    page.extract_text(visitor_operand_before=widen, visitor_text=collect)
    return chunks


def _drawn(reader: PdfReader, pages: Sequence[Sequence[Line]]) -> Iterator[str]:
    """Yield each page as text padded by spaces, or "" where no table can be."""
    lengths = sorted(len(line.text) for lines in pages for line in lines)
    full_length = lengths[len(lengths) * 4 // 5] if lengths else 0
    for page, lines in zip(reader.pages, pages, strict=True):
        # A text far outside the page would be padded by as many spaces.
        outside = any(abs(line.x) > _FARTHEST for line in lines)
        texts = [line.text for line in lines]
        drawn = ""
        if not outside and may_hold_table(texts, full_length):
            with contextlib.suppress(*_LAYOUT_ERRORS):
                drawn = page.extract_text(
                    extraction_mode="layout", layout_mode_space_vertically=False
                )
        yield drawn


def _mark_word_gaps(shown: ArrayObject) -> None:
    """Make each narrow gap between words one that pypdf reads as a space.

    A step far to the right and most of it back leaves every glyph where it was.
    """
    for index in range(len(shown) - 1, -1, -1):
        step = shown[index]
        if isinstance(step, int | float) and step <= _WORD_GAP:
            shown[index] = FloatObject(_SURE_GAP)
            shown.insert(index + 1, FloatObject(step - _SURE_GAP))


def _chunk(
    text: str,
    cm: Sequence[float],
    tm: Sequence[float],
    font: DictionaryObject | None,
    size: float,
) -> Chunk:
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    right = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
    if abs(right[1]) > abs(right[0]):  # the line runs up or down the page
        x, y = (y, -x) if right[1] > 0 else (-y, x)
    scale = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
    name = str(font.get("/BaseFont", "")) if font is not None else ""
    return Chunk(text, x, y, abs(size) * scale, is_bold="bold" in name.lower())


def _has_image(page: PageObject) -> bool:
    """Return whether a page or a form on it shows an image; none is decoded."""
    waiting: list[Any] = [page.get("/Resources")]
    for _ in range(100):  # forms may contain each other
        if not waiting:
            return False
        resources = waiting.pop()
        resources = resources.get_object() if resources is not None else None
        if not isinstance(resources, DictionaryObject):
            continue
        shown = resources.get("/XObject")
        shown = shown.get_object() if shown is not None else None
        for reference in (shown or {}).values():
            shape = reference.get_object()
            if shape.get("/Subtype") == "/Image":
                return True
            waiting.append(shape.get("/Resources"))
    return False


def _bookmarks(reader: PdfReader) -> list[Bookmark]:
    """Return the headings that the file names itself, or none if they are broken."""
    try:
        return list(_walk(reader, reader.outline, 1))
    except LimitReachedError:
        raise
    except Exception:  # the text matters more than its bookmarks
        return []


def _walk(reader: PdfReader, entries: Any, level: int) -> Iterator[Bookmark]:  # noqa: ANN401
    for entry in entries:
        if isinstance(entry, list):
            if level < _OUTLINE_DEPTH:
                yield from _walk(reader, entry, level + 1)
        elif isinstance(entry, Destination) and entry.title:
            page = reader.get_destination_page_number(entry)
            if page is not None:
                yield Bookmark(level, entry.title, page + 1)


def _form_fields(reader: PdfReader) -> Iterator[Text]:
    """Yield the filled fields of a form as ``name: value``."""
    for name, form_field in (reader.get_fields() or {}).items():
        value = form_field.get("/V")
        label = form_field.get("/TU") or name
        if isinstance(value, str) and value.strip("/ ") and value != "/Off":
            shown = f"{label}: {value.removeprefix('/')}"
            pages = reader.get_pages_showing_field(form_field)
            number = pages[0].page_number if pages and pages[0] else None
            yield Text(
                " ".join(shown.split()),
                page=number + 1 if number is not None else None,
            )
