"""Word files: their text in reading order, without what Word hides or has deleted."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from ingest.limits import Limits
from ingest.readers.content import Content, Heading, Item
from ingest.readers.webpage import parse_html, read_elements
from ingest.readers.word_xml import Styles, read_styles, simplify
from kb.errors import UnreadableDocumentError

if TYPE_CHECKING:
    from lxml import etree
    from lxml.html import HtmlElement

_TITLE_CLASS = "document-title"
_STYLES = f"""
p[style-name='Title'] => p.{_TITLE_CLASS}:fresh
p[style-name^='toc '] => !
p[style-name='TOC Heading'] => !
comment-reference => !
"""


def read_word(raw: bytes, shown_path: str, limits: Limits) -> Content:
    """Read a Word file (.docx); its front matter lies in the sidecar.

    Text boxes stand where they are anchored and footnotes after their paragraph.
    Deleted, struck and hidden text, comments, headers, footers and tables of contents
    are dropped.

    Args:
        raw: The file's bytes.
        shown_path: The file's path below the corpus folder, for messages.
        limits: How large it may be when unpacked.

    Raises:
        UnreadableDocumentError: It is damaged or too large when unpacked.
    """
    import mammoth

    try:
        package = _text_parts(raw, shown_path, limits)
        result = mammoth.convert_to_html(
            package,
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=lambda image: [],
        )
    except UnreadableDocumentError:
        raise
    except Exception as exc:  # damaged files raise nearly everything
        raise UnreadableDocumentError(
            f"the Word file cannot be read ({type(exc).__name__}: {exc}).",
            "Open it in Word or LibreOffice and save it again as .docx.",
            path=shown_path,
            rule="damaged",
        ) from exc
    if not result.value:
        return Content([])
    body = parse_html(result.value, shown_path)
    _place_notes(body)
    return Content.of(_items(body))


def _text_parts(raw: bytes, shown_path: str, limits: Limits) -> io.BytesIO:
    """Return the package with its text parts only, unpacked and made harmless."""
    harmless = io.BytesIO()
    left = limits.expanded_bytes
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as package,
        zipfile.ZipFile(harmless, "w") as target,
    ):
        declared = sum(info.file_size for info in package.infolist())
        if declared > limits.expanded_bytes:
            raise _too_large(shown_path, limits)
        styles = Styles()
        # Styles first: they say which text is hidden, struck or raised.
        names = sorted(package.namelist(), key=lambda name: name != "word/styles.xml")
        for name in dict.fromkeys(names):
            if not name.endswith((".xml", ".rels")):
                continue
            # The sizes that a package declares may be wrong.
            with package.open(name) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise _too_large(shown_path, limits)
            tree = _parse(content)
            if name == "word/styles.xml":
                styles = read_styles(tree)
            simplify(tree, styles)
            target.writestr(name, _serialise(tree))
    harmless.seek(0)
    return harmless


def _too_large(shown_path: str, limits: Limits) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        f"the Word file is larger than {limits.expanded_bytes // 1_000_000} MB "
        "when unpacked.",
        "Save it without pictures and attachments, or raise KB_FILE_EXPANDED_MB.",
        path=shown_path,
        rule="too-large",
    )


def _parse(content: bytes) -> etree._Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def _serialise(tree: etree._Element) -> bytes:
    from lxml import etree

    # Without the document type, where entities would be declared.
    return etree.tostring(tree, encoding="utf-8", xml_declaration=True)


def _place_notes(body: HtmlElement) -> None:
    """Move each footnote and endnote behind the paragraph that refers to it."""
    for link in body.xpath("//sup/a[starts-with(@href, '#')]"):
        note = body.get_element_by_id(link.get("href")[1:], None)
        place = next(link.iterancestors("p", "li", "td", "th", "h1", "h2", "h3"), None)
        if note is None or place is None or place is note:
            continue
        for back in note.xpath(".//a[starts-with(@href, '#')]"):
            back.drop_tree()
        note.tag = "div"
        if place.tag in ("td", "th", "li"):
            place.append(note)
        else:
            place.addnext(note)


def _items(body: HtmlElement) -> list[Item]:
    title = body.find_class(_TITLE_CLASS)
    for element in title:
        element.tag = "h1"
    items = list(read_elements(body))
    if not title:
        return items
    texts = {" ".join(element.text_content().split()) for element in title}
    # A title stands above headings of level 1.
    return [
        Heading(0, item.text)
        if isinstance(item, Heading) and item.level == 1 and item.text in texts
        else Heading(item.level, item.text)
        if isinstance(item, Heading)
        else item
        for item in items
    ]
