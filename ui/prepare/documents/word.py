"""A document as a Word file with real headings, lists, links and languages."""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, cast

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
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.text.run import CT_R
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run

# Ids of styles, not their names: for a name python-docx goes through all styles each
# time, which takes half a second in a long kit.
_HEADINGS = {1: "Heading1", 2: "Heading2"}
_BULLET = "ListBullet"
_QUOTE = "Quote"
_SOURCE = "List"
_REMARK = "Remark"
_PLACE = "Place"
_LINK = "Hyperlink"
# Dark on white: more than 7 to 1, where the template's own colours have less than 4.
_DARK_BLUE = (0x0B, 0x3D, 0x6B)
_GREY = (0x4A, 0x4A, 0x4A)
_LONGEST_PROPERTY = 255
"""Characters; python-docx refuses a longer title in the file's properties."""


def to_word(document: Document) -> bytes:
    """Return the document as a Word file (.docx)."""
    from docx import Document as new_document

    word = new_document()
    _set_properties(word, document)
    _set_page_and_styles(word)
    word.add_paragraph(document.title, "Title")
    for block in document.blocks:
        _add(word, block)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _add(word: WordDocument, block: Block) -> None:
    match block:
        case Heading(level, words):
            _fill(_paragraph(word, _HEADINGS[level]), words)
        case Paragraph(words, is_remark):
            _fill(_paragraph(word, _REMARK if is_remark else ""), words)
        case Quotation():
            _add_quotation(word, block)
        case Bullets(items):
            for item in items:
                _fill(_paragraph(word, _BULLET), item)
        case Terms():
            _add_terms(word, block)
        case SourceList(sources):
            for source in sources:
                _add_source(_paragraph(word, _SOURCE), source)


def _paragraph(word: WordDocument, style: str) -> WordParagraph:
    paragraph = word.add_paragraph()
    paragraph._element.style = style or None
    return paragraph


def _add_quotation(word: WordDocument, block: Quotation) -> None:
    paragraph = _paragraph(word, _QUOTE)
    _fill(paragraph, block.words)
    if block.place:
        paragraph.paragraph_format.keep_with_next = True
        _fill(_paragraph(word, _PLACE), block.place)


def _add_terms(word: WordDocument, block: Terms) -> None:
    for term, meaning in block.entries:
        paragraph = _paragraph(word, _BULLET)
        _fill(paragraph, term, bold=True)
        paragraph.add_run(": ")
        _fill(paragraph, meaning)


def _fill(paragraph: WordParagraph, words: Words, *, bold: bool = False) -> None:
    """Add words and the numbers of their sources, which lead to the list at the end."""
    run = paragraph.add_run(words.text)
    run.bold = bold or None
    _set_language(run, words.language)
    if words.numbers:
        paragraph.add_run(" ")
    for number in words.numbers:
        run = paragraph.add_run(f"[{number}]")
        _enclose(run, _element("w:hyperlink", **{"w:anchor": _bookmark(number)}))


def _add_source(paragraph: WordParagraph, source: NumberedSource) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE

    # The number is text, not automatic: it must survive being copied into a memo.
    number = paragraph.add_run(f"[{source.number}]")
    _mark(number, source.number)
    paragraph.add_run(f" {source.title}. {source.details}. ")
    address = paragraph.add_run(source.address)
    if source.link:
        address._element.style = _LINK
        kind = RELATIONSHIP_TYPE.HYPERLINK
        relation = paragraph.part.relate_to(source.link, kind, is_external=True)
        _enclose(address, _element("w:hyperlink", **{"r:id": relation}))


def _enclose(run: Run, element: CT_R) -> None:
    """Put a run into a new element at the same place."""
    run._element.addprevious(element)
    element.append(run._element)


def _mark(run: Run, number: int) -> None:
    """Make a run the place that links to a source's number lead to."""
    name = _bookmark(number)
    start = _element("w:bookmarkStart", **{"w:id": str(number), "w:name": name})
    run._element.addprevious(start)
    run._element.addnext(_element("w:bookmarkEnd", **{"w:id": str(number)}))


def _bookmark(number: int) -> str:
    return f"source{number}"


def _set_language(run: Run, language: str) -> None:
    if language:
        element = _element("w:lang", **{"w:val": language})
        behind = ("w:eastAsianLayout", "w:specVanish", "w:oMath")
        run._element.get_or_add_rPr().insert_element_before(element, *behind)


def _element(name: str, **attributes: str) -> CT_R:
    """Return a new element of the file's XML; python-docx has no words for these.

    The type is a white lie: it takes only runs as neighbours of a run.
    """
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return cast("CT_R", element)


def _set_properties(word: WordDocument, document: Document) -> None:
    from docx.oxml.ns import qn

    properties = word.core_properties
    properties.title = document.title[:_LONGEST_PROPERTY]
    properties.language = document.language
    properties.author = properties.comments = ""
    made_at = datetime.combine(document.made_on, time(), UTC)
    properties.created = properties.modified = made_at
    for element in word.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), document.language)


def _set_page_and_styles(word: WordDocument) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    styles = word.styles
    styles["Normal"].font.name = "Calibri"
    for name in ("Title", "Heading 1", "Heading 2"):
        styles[name].font.color.rgb = RGBColor(*_DARK_BLUE)
    quote = styles["Quote"]
    quote.font.italic = False
    quote.font.color.rgb = RGBColor(0, 0, 0)
    quote.paragraph_format.left_indent = Cm(0.8)
    quote.paragraph_format.space_after = Pt(2)
    for name in (_REMARK, _PLACE):
        small = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        small.base_style = styles["Normal"]
        small.font.size = Pt(9.5)
        small.font.color.rgb = RGBColor(*_GREY)
    styles[_REMARK].paragraph_format.keep_with_next = True
    styles[_PLACE].paragraph_format.left_indent = Cm(0.8)
    link = styles.add_style(_LINK, WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb = RGBColor(*_DARK_BLUE)
    link.font.underline = True
