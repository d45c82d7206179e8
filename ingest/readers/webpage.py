"""Web pages: the main text of a saved page, without menus, banners and scripts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.limits import Limits
from ingest.readers.content import Content, Heading, Item, Text
from ingest.readers.html_tables import is_data, is_pairs, pair_rows, table_rows
from ingest.readers.page_styles import write_out_styles
from ingest.readers.surroundings import is_dropped, is_navigation, surrounds
from ingest.readers.text import RAISED, decode, decode_as
from kb.errors import UnreadableDocumentError, shown
from kb.types import Problem

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w:.-]+)", re.I)
_HEAD_BYTES = 8192
# Browsers read the first names as the second (WHATWG Encoding Standard, section 4.2).
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
# In what pages were written that tell no encoding, by their language; else cp1252.
_LANGUAGE = re.compile(rb"<html[^>]*\slang\s*=\s*[\"']?([a-z]{2})", re.I)
_USUAL = {
    "bg": "cp1251",
    "el": "cp1253",
    "et": "cp1257",
    "lt": "cp1257",
    "lv": "cp1257",
}
_CENTRAL_EUROPEAN = frozenset(["cs", "hr", "hu", "pl", "ro", "sk", "sl"])
# Letters in cp1250, nothing in ISO 8859-2.
_ONLY_IN_CP1250 = re.compile(rb"[\x80-\x9f]")
_PAUSES = tuple(".,:;!?")
_STATES = {"checkbox": "☐☒", "radio": "○◉"}
_NO_VALUE = frozenset(
    ["button", "file", "hidden", "image", "password", "reset", "search", "submit"]
)

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADING = re.compile(r"h[1-6]")
# Where less of a page's text than this would be left, its names mislead.
_LEAST_SHARE = 0.3


def read_webpage(raw: bytes, shown_path: str, limits: Limits) -> Content:
    """Read a saved web page; its front matter lies in the sidecar.

    Args:
        raw: The file's bytes.
        shown_path: The file's path below the corpus folder, for messages.
        limits: Of no use here: reading takes as much as the file holds.

    Raises:
        UnreadableDocumentError: The encoding is unknown, the page is nested too deeply
            or it holds no text.
    """
    text, problems = _decode(raw, shown_path)
    page = parse_html(text, shown_path)
    write_out_styles(page)
    everything = list(read_elements(page, is_navigation)) or list(read_elements(page))
    least = _LEAST_SHARE * _length(everything)
    for part in (_main_part(page), page):
        items = list(read_elements(part, surrounds))
        if _length(items) >= least:
            return Content.of(items, problems)
    return Content.of(everything, problems)


def _decode(raw: bytes, shown_path: str) -> tuple[str, list[Problem]]:
    """Return the page as text: by byte order mark, as declared, as UTF-8, or as usual.

    Where it is read as pages in its language usually were, there is a problem that says
    so.
    """
    declared = _DECLARED.search(raw[:_HEAD_BYTES])
    if raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(raw, shown_path), []
    if declared is None:
        return _decode_undeclared(raw, shown_path)
    name = declared.group(1).decode("ascii", "replace")
    try:
        encoding = codecs.lookup(name).name
    except LookupError as exc:
        raise UnreadableDocumentError(
            f"the page declares the unknown encoding {shown(name)}.",
            "Save it again with the encoding UTF-8.",
            path=shown_path,
            line=raw[: declared.start()].count(b"\n") + 1,
            rule="encoding",
        ) from exc
    return decode_as(_READ_AS.get(encoding, encoding), raw, shown_path), []


def _decode_undeclared(raw: bytes, shown_path: str) -> tuple[str, list[Problem]]:
    try:
        raw.decode()
    except UnicodeDecodeError as exc:
        found = _LANGUAGE.search(raw[:_HEAD_BYTES])
        language = found.group(1).decode().lower() if found else ""
        encoding = _USUAL.get(language, "cp1252")
        if language in _CENTRAL_EUROPEAN:
            encoding = "cp1250" if _ONLY_IN_CP1250.search(raw) else "iso8859-2"
        note = Problem(
            shown_path,
            raw[: exc.start].count(b"\n") + 1,
            "encoding",
            "warning",
            f"the page declares no encoding and is not UTF-8; read as {encoding}.",
            "Look whether its letters are right, or save it again in UTF-8.",
        )
        return decode_as(encoding, raw, shown_path), [note]
    return decode(raw, shown_path), []


def parse_html(text: str, shown_path: str) -> HtmlElement:
    """Parse HTML without network, comments and processing instructions.

    Raises:
        UnreadableDocumentError: It is nested too deeply, or holds no element.
    """
    from lxml import etree, html

    # Control characters, which HTML forbids, would stop the parser.
    clean = re.sub(r"[\x01-\x08\x0b\x0c\x0e-\x1f]", " ", text)
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        page = html.document_fromstring(clean.encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError as exc:
        raise _damaged(shown_path, str(exc)) from exc
    for entry in parser.error_log:
        # The parser drops what lies deeper and says so only here.
        if "depth" in entry.message.lower():
            raise _damaged(shown_path, entry.message)
    return page


def _damaged(shown_path: str, reason: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        f"the page cannot be read ({reason}).",
        "Open it in a browser and print it to a PDF.",
        path=shown_path,
        rule="damaged",
    )


def _main_part(page: HtmlElement) -> HtmlElement:
    """Return the element with the page's own text, or the page where none stands out.

    Pages of several articles (lists of news) are kept whole.
    """
    parts = page.xpath("//main | //*[@role='main']") or page.xpath("//article")
    shown = [part for part in parts if not is_dropped(part)]
    return shown[0] if len(shown) == 1 else page


def _length(items: Sequence[Item]) -> int:
    return sum(len(item.text) for item in items if isinstance(item, Text))


def read_elements(
    root: HtmlElement, leaves_out: Callable[[HtmlElement], bool] = lambda element: False
) -> Iterator[Item]:
    """Yield the headings, paragraphs, list items, pairs and rows below an element.

    Hidden and struck elements, scripts, styles and buttons give nothing.

    Args:
        root: The element.
        leaves_out: Which elements, such as menus, are left out as well.
    """
    from lxml import etree

    parts: list[str] = []
    line = root.sourceline
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if element.tag in _BLOCKS:
            yield from _flush(parts, line)
            line = element.sourceline
        if event == "end":
            parts.append(element.tail or "" if element is not root else "")
        elif element is root:
            parts.append(element.text or "")
        elif is_dropped(element) or leaves_out(element):
            walk.skip_subtree()
        elif (whole := _whole(element)) is not None:
            walk.skip_subtree()
            yield from whole
        elif element.tag == "sup":
            walk.skip_subtree()
            parts.append(_raised(element))
        elif element.tag == "input":
            parts.append(f" {_state(element)} ")
        else:
            parts.append(" " if element.tag == "br" else element.text or "")
    yield from _flush(parts, line)


def _whole(element: HtmlElement) -> list[Item] | None:
    """Return what a heading, data table or list of pairs says; None for all else."""
    tag, line = str(element.tag), element.sourceline
    if _HEADING.fullmatch(tag):
        if element.find(".//li") is not None or element.find(".//table") is not None:
            return None  # it was never closed, so the text below stands in it
        text = _inline_text(element)
        return [Heading(int(tag[1]), text, line=line)] if text else []
    if tag == "table" and is_data(element):
        return [Text(text, line=line) for text in table_rows(element, _inline_text)]
    if tag == "dl" and is_pairs(element):
        return [Text(text, line=line) for text in pair_rows(element, _inline_text)]
    return None


def _flush(parts: list[str], line: int | None) -> Iterator[Text]:
    text = " ".join("".join(parts).replace("\u00ad", "").split())
    parts.clear()
    if text:
        yield Text(text, line=line)


def _raised(element: HtmlElement) -> str:
    """Return a raised text; digits stay raised, and links to notes are dropped."""
    if next(element.iter("a"), None) is not None:
        return ""
    return str(element.text_content()).strip().translate(RAISED)


def _state(element: HtmlElement) -> str:
    """Return what a field of a form shows: its tick, or what was filled in."""
    kind = element.get("type", "text").strip().lower()
    if kind in _STATES:
        return _STATES[kind][element.get("checked") is not None]
    return "" if kind in _NO_VALUE else element.get("value", "")


def _inline_text(element: HtmlElement) -> str:
    """Return the text of a heading or cell; the items of a list are told apart."""
    has_items = next(element.iter("li", "tr"), element) is not element
    text = ""
    for item in read_elements(element):
        is_open = has_items and text[-1:] not in (*_PAUSES, "")
        text += f"{', ' if is_open else ' ' if text else ''}{item.text}"
    return text
