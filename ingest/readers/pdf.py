"""PDF files: what pypdf knows of the document, and PDFium of the words on its pages."""

from __future__ import annotations

import contextlib
import io
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import Destination, DictionaryObject

from ingest.limits import Limits
from ingest.readers.content import Content, Item, Text
from ingest.readers.pdf_doubts import doubt_of
from ingest.readers.pdf_layout import Bookmark, read_pages
from ingest.readers.pdf_lines import Line, lines_of
from ingest.readers.pdf_words import pages_of
from kb.errors import UnreadableDocumentError, shown
from kb.types import Problem

# What pypdf repairs on the way is no finding for who wrote the file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_WORD = re.compile(r"[^\W\d_]{2,}|\d+")
# A scanned page may still carry a stamp or a page number as text.
_FEWEST_WORDS = 5
_OUTLINE_DEPTH = 6
# Of one unpacked stream, in bytes: the default of pypdf, which needs some 30 times it.
_MOST_IN_A_STREAM = 75_000_000


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
            return _read(reader, raw, shown_path, limits)
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


def _read(reader: PdfReader, raw: bytes, shown_path: str, limits: Limits) -> Content:
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
    doubts: dict[int, str] = {}
    n_words = 0
    with contextlib.closing(pages_of(raw)) as first_reading:
        for number, page in enumerate(reader.pages, start=1):
            second = _second_reading(page)
            words = next(first_reading, [])
            count = sum(len(_WORD.findall(word.text)) for word in words)
            if count < _FEWEST_WORDS and _has_image(page):
                without_text.append(number)
                words, count = [], 0
            elif doubt := doubt_of(words, second):
                doubts[number] = doubt
            pages.append(lines_of(words, number))
            n_words += count
    fields: list[Text] = []
    with contextlib.suppress(Exception):  # the pages are worth having without them
        fields = list(_form_fields(reader))
    if not n_words and not fields:
        raise _no_text_layer(shown_path)
    items: list[Item] = [*read_pages(pages, _bookmarks(reader)), *fields]
    problems = [_pages_without_text(shown_path, without_text)] if without_text else []
    problems += [_uncertain(shown_path, *doubt) for doubt in doubts.items()]
    return Content.of(items, problems, doubts)


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


def _uncertain(shown_path: str, page: int, doubt: str) -> Problem:
    return Problem(
        shown_path,
        None,
        "figures-uncertain",
        "warning",
        f"page {page}: figures uncertain ({doubt}).",
        "Compare the statements of this page with the page itself.",
    )


def _second_reading(page: PageObject) -> str | None:
    """Return the text of a page as pypdf reads it; None where it cannot.

    It comes first, because it stops at a page that is too large when unpacked.
    """
    try:
        return page.extract_text()
    except LimitReachedError:
        raise
    except Exception:  # damaged pages raise nearly everything in pypdf
        return None


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
