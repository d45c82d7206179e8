"""Web pages: the main text of a saved page, without menus, banners and scripts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.limits import Limits
from ingest.readers.content import Content, Heading, Item, Text
from ingest.readers.rows import rows_as_text
from ingest.readers.text import decode, decode_as
from kb.errors import UnreadableDocumentError, shown

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w:.-]+)", re.I)
_HEAD_BYTES = 8192
# Browsers read the first names as the second (WHATWG Encoding Standard, section 4.2).
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
# More columns or rows than this come from a wrong "colspan", not from a table.
_MAX_SPAN = 50
_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")

_NO_TEXT = frozenset(
    [
        "audio",
        "button",
        "canvas",
        "datalist",
        "dialog",
        "embed",
        "head",
        "iframe",
        "input",
        "math",
        "menu",
        "nav",
        "noscript",
        "object",
        "option",
        "picture",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    ]
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
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# Names that page builders give to what surrounds the text.
_SURROUNDINGS = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?|consent|gdpr|menu|nav|navbar|navigation|"
    r"newsletter|pagination|related|share|sharing|sidebar|skip|skiplinks?|"
    r"social|toolbar|(?:site|global)-?(?:header|footer))(?:$|[\s_-])",
    re.I,
)
_ROLES = frozenset(
    [
        "alertdialog",
        "banner",
        "complementary",
        "contentinfo",
        "dialog",
        "navigation",
        "search",
    ]
)
# Where less of a page's text than this would be left, its names mislead.
_LEAST_SHARE = 0.3
# A list of links is a menu if its links hold nearly all of its text, in few words.
_MENU_SHARE = 0.9
_MENU_WORDS = 4


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
    page = parse_html(_decode(raw, shown_path), shown_path)
    everything = list(read_elements(page))
    least = _LEAST_SHARE * _length(everything)
    for items in (
        list(read_elements(_main_part(page), without_surroundings=True)),
        list(read_elements(page, without_surroundings=True)),
    ):
        if _length(items) >= least:
            return Content.of(items)
    return Content.of(everything)


def _decode(raw: bytes, shown_path: str) -> str:
    """Return the page as text: by byte order mark, else as declared, else as UTF-8."""
    declared = _DECLARED.search(raw[:_HEAD_BYTES])
    if declared is None or raw.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        return decode(raw, shown_path)
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
    return decode_as(_READ_AS.get(encoding, encoding), raw, shown_path)


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
    shown = [part for part in parts if not _is_dropped(part)]
    return shown[0] if len(shown) == 1 else page


def _length(items: Sequence[Item]) -> int:
    return sum(len(item.text) for item in items if isinstance(item, Text))


def read_elements(
    root: HtmlElement, *, without_surroundings: bool = False
) -> Iterator[Item]:
    """Yield the headings, paragraphs, list items and table rows below an element.

    Hidden elements, scripts, styles and form controls give nothing.

    Args:
        root: The element.
        without_surroundings: Whether menus, banners and footers are left out as well.
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
        elif _is_dropped(element) or (without_surroundings and _surrounds(element)):
            walk.skip_subtree()
        elif (whole := _whole(element)) is not None:
            walk.skip_subtree()
            yield from whole
        elif element.tag == "sup":
            walk.skip_subtree()
            parts.append(_raised(element))
        else:
            parts.append(" " if element.tag == "br" else element.text or "")
    yield from _flush(parts, line)


def _whole(element: HtmlElement) -> list[Item] | None:
    """Return what a heading or data table says; None for any other element."""
    tag, line = str(element.tag), element.sourceline
    if _HEADING.fullmatch(tag):
        if element.find(".//li") is not None or element.find(".//table") is not None:
            return None  # it was never closed, so the text below stands in it
        text = _inline_text(element)
        return [Heading(int(tag[1]), text, line=line)] if text else []
    if tag == "table" and _is_data(element):
        return [Text(text, line=line) for text in _rows(element)]
    return None


def _flush(parts: list[str], line: int | None) -> Iterator[Text]:
    text = " ".join("".join(parts).replace("\u00ad", "").split())
    parts.clear()
    if text:
        yield Text(text, line=line)


def _is_dropped(element: HtmlElement) -> bool:
    return (
        not isinstance(element.tag, str)
        or element.tag in _NO_TEXT
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style", "")))
    )


def _surrounds(element: HtmlElement) -> bool:
    """Return whether an element stands around the text: a menu, banner or footer."""
    tag = str(element.tag)
    if tag in ("html", "body", "main", "article") or _HEADING.fullmatch(tag):
        return False
    if element.get("role") in _ROLES or tag == "nav":
        return True
    if tag in ("aside", "footer", "header"):
        # Inside an article these hold its own heading and notes.
        return next(element.iterancestors("article", "main"), None) is None
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_SURROUNDINGS.search(names)) or _is_menu(element)


def _is_menu(element: HtmlElement) -> bool:
    """Return whether a list or table holds nothing but links of a few words."""
    if element.tag not in ("ul", "ol", "table"):
        return False
    links = [" ".join(link.text_content().split()) for link in element.iter("a")]
    words = sum(len(link.split()) for link in links)
    length = len(" ".join(element.text_content().split()))
    return (
        len(links) > 1
        and words <= _MENU_WORDS * len(links)
        and sum(map(len, links)) + len(links) >= _MENU_SHARE * length
    )


def _raised(element: HtmlElement) -> str:
    """Return a raised text; digits stay raised, and links to notes are dropped."""
    if next(element.iter("a"), None) is not None:
        return ""
    return str(element.text_content()).strip().translate(_RAISED)


def _inline_text(element: HtmlElement) -> str:
    """Return the text of a heading or cell, whatever blocks it holds."""
    return " ".join(item.text for item in read_elements(element))


def _is_data(table: HtmlElement) -> bool:
    """Return whether a table holds data, not the layout of a page."""
    if table.get("role") == "presentation":
        return False
    layout = ("table", "h1", "h2", "h3", "ul", "ol")
    return all(inner is table for inner in table.iter(*layout))


def _rows(table: HtmlElement) -> Iterator[str]:
    """Yield the rows of a data table as text, its caption first."""
    for caption in table.iterchildren("caption"):
        yield from [text] if (text := _inline_text(caption)) else []
    grid = _grid(table)
    n_header = 0
    for _, is_header in grid:
        if not is_header:
            break
        n_header += 1
    header = _joined([cells for cells, _ in grid[:n_header]]) if n_header else None
    yield from rows_as_text(header, [cells for cells, _ in grid[n_header:]])


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of columns whose header has several rows."""
    width = max(map(len, rows))
    columns = ([row[n] for row in rows if n < len(row)] for n in range(width))
    return [" ".join(dict.fromkeys(filter(None, column))) for column in columns]


def _grid(table: HtmlElement) -> list[tuple[list[str], bool]]:
    """Return each row's cells, merged cells repeated, and whether it is a header."""
    grid: list[tuple[list[str], bool]] = []
    reaching: dict[int, tuple[str, int]] = {}  # cells that reach into the rows below
    for row in table.iter("tr"):
        cells: list[str] = []
        own = [cell for cell in row.iterchildren("td", "th") if not _is_dropped(cell)]
        for cell in own:
            _take_reaching(cells, reaching)
            text, below = _inline_text(cell), _span(cell, "rowspan") - 1
            for _ in range(_span(cell, "colspan")):
                if below:
                    reaching[len(cells)] = (text, below)
                cells.append(text)
        _take_reaching(cells, reaching)
        in_head = next(row.iterancestors("thead"), None) is not None
        is_header = in_head or (bool(own) and all(cell.tag == "th" for cell in own))
        grid.append((cells, is_header))
    return grid


def _take_reaching(cells: list[str], reaching: dict[int, tuple[str, int]]) -> None:
    while len(cells) in reaching:
        text, left = reaching.pop(len(cells))
        if left > 1:
            reaching[len(cells)] = (text, left - 1)
        cells.append(text)


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(int(value), _MAX_SPAN)) if value.isdecimal() else 1
