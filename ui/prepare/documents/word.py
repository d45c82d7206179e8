"""A document as a Word file with real headings, lists, links and languages."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING

from ui.prepare.documents.document import (
    Block,
    Bullets,
    Contents,
    Document,
    EmptyLines,
    Heading,
    NumberedSource,
    Paragraph,
    Quotation,
    SourceList,
    Table,
    Terms,
    Words,
)
from ui.prepare.documents.word_styles import (
    BULLET,
    CELL,
    CONTENTS,
    CONTENTS_TITLE,
    HEADINGS,
    LINE,
    LINK,
    PLACE,
    QUOTE,
    REMARK,
    SOURCE,
    TEXT_WIDTH_CM,
    set_page_and_styles,
    set_properties,
)
from ui.prepare.documents.word_xml import (
    begin_field,
    element,
    enclose,
    end_field,
    link_inside,
    mark,
    set_language,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import _Row
    from docx.text.paragraph import Paragraph as WordParagraph

_BEHIND_RULES = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
"""What stands behind the rules of a paragraph's edges in the order of the format."""
_FIRST_HEADING = 100_000
"""Above the numbers of sources, so that no two marks share one."""


def to_word(document: Document) -> bytes:
    """Return the document as a Word file (.docx)."""
    from docx import Document as new_document

    word = new_document()
    set_properties(word, document)
    set_page_and_styles(word)
    word.add_paragraph(document.title, "Title")
    numbers = count(_FIRST_HEADING)
    for block in document.blocks:
        if isinstance(block, Heading):
            _add_heading(word, block, next(numbers))
        elif isinstance(block, Contents):
            _add_contents(word, block, document.blocks)
        else:
            _add(word, block)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _add(word: WordDocument, block: Block) -> None:
    match block:
        case Paragraph(words, is_remark):
            _fill(_paragraph(word, REMARK if is_remark else ""), words)
        case Quotation():
            _add_quotation(word, block)
        case Bullets(items):
            _add_bullets(word, items)
        case Terms():
            _add_terms(word, block)
        case Table():
            _add_table(word, block)
        case EmptyLines():
            _add_lines(word, block)
        case SourceList(sources):
            _add_sources(word, sources)


def _add_heading(word: WordDocument, block: Heading, number: int) -> None:
    paragraph = _paragraph(word, HEADINGS[block.level])
    paragraph.paragraph_format.page_break_before = block.starts_page or None
    _fill(paragraph, block.words)
    mark(paragraph.runs[0], number, _heading_mark(number))


def _add_contents(
    word: WordDocument, contents: Contents, blocks: Iterable[Block]
) -> None:
    """Add Word's own table of contents of the chapters, with links to begin with.

    Word replaces it by one with pages; a program that does not shows the links.
    """
    _fill(_paragraph(word, CONTENTS_TITLE), contents.title)
    headings = [block for block in blocks if isinstance(block, Heading)]
    listed = [(n, h) for n, h in enumerate(headings) if h.level == 1]
    entry = None
    for n, heading in listed:
        entry = _paragraph(word, CONTENTS)
        if n == listed[0][0]:
            begin_field(entry, r'TOC \o "1-1" \h \z \u')
        run = entry.add_run(heading.words.text)
        set_language(run, heading.words.language)
        link_inside(run, _heading_mark(_FIRST_HEADING + n))
    if entry is not None:
        end_field(entry)


def _heading_mark(number: int) -> str:
    return f"_Toc{number}"


def _add_table(word: WordDocument, block: Table) -> None:
    from docx.shared import Cm

    table = word.add_table(0, len(block.head), "Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Cm(TEXT_WIDTH_CM * width / sum(block.widths))
    for n, cells in enumerate((block.head, *block.rows)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(element("w:cantSplit"))
        if n == 0:
            properties.append(element("w:tblHeader"))
        _fill_row(row, cells, block.widths, is_head=n == 0)
    _paragraph(word, CELL)  # else two tables in a row become one


def _fill_row(
    row: _Row, cells: tuple[Words, ...], widths: tuple[int, ...], *, is_head: bool
) -> None:
    from docx.shared import Cm

    for n, (cell, words, width) in enumerate(
        zip(row.cells, cells, widths, strict=True)
    ):
        cell.width = Cm(TEXT_WIDTH_CM * width / sum(widths))
        paragraph = cell.paragraphs[0]
        paragraph._element.style = CELL
        _fill(paragraph, words, bold=is_head or n == 0)


def _add_lines(word: WordDocument, block: EmptyLines) -> None:
    for _line in range(block.number):
        _rule(_paragraph(word, LINE))


def _rule(paragraph: WordParagraph) -> None:
    """Rule a paragraph, so that somebody can write on it."""
    border = element("w:pBdr")
    rule = {"w:val": "single", "w:sz": "4", "w:space": "1", "w:color": "808080"}
    border.append(element("w:bottom", **rule))
    paragraph._element.get_or_add_pPr().insert_element_before(border, *_BEHIND_RULES)


def _paragraph(word: WordDocument, style: str) -> WordParagraph:
    paragraph = word.add_paragraph()
    paragraph._element.style = style or None
    return paragraph


def _add_quotation(word: WordDocument, block: Quotation) -> None:
    paragraph = _paragraph(word, QUOTE)
    _fill(paragraph, block.words)
    if block.place:
        paragraph.paragraph_format.keep_with_next = True
        _fill(_paragraph(word, PLACE), block.place)


def _add_bullets(word: WordDocument, items: Iterable[Words]) -> None:
    for item in items:
        _fill(_paragraph(word, BULLET), item)


def _add_terms(word: WordDocument, block: Terms) -> None:
    for term, meaning in block.entries:
        paragraph = _paragraph(word, BULLET)
        _fill(paragraph, term, bold=True)
        paragraph.add_run(": ")
        _fill(paragraph, meaning)


def _fill(paragraph: WordParagraph, words: Words, *, bold: bool = False) -> None:
    """Add words and the numbers of their sources, which lead to the list at the end."""
    run = paragraph.add_run(words.text)
    run.bold = bold or None
    set_language(run, words.language)
    if words.numbers:
        paragraph.add_run(" ")
    for number in words.numbers:
        run = paragraph.add_run(f"[{number}]")
        link_inside(run, _source_mark(number))


def _add_sources(word: WordDocument, sources: Iterable[NumberedSource]) -> None:
    for source in sources:
        _add_source(_paragraph(word, SOURCE), source)


def _add_source(paragraph: WordParagraph, source: NumberedSource) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE

    # The number is text, not automatic: it must survive being copied into a memo.
    number = paragraph.add_run(f"[{source.number}]")
    mark(number, source.number, _source_mark(source.number))
    paragraph.add_run(f" {source.title}. {source.details}. ")
    address = paragraph.add_run(source.address)
    if source.link:
        address._element.style = LINK
        kind = RELATIONSHIP_TYPE.HYPERLINK
        relation = paragraph.part.relate_to(source.link, kind, is_external=True)
        enclose(address, element("w:hyperlink", **{"r:id": relation}))


def _source_mark(number: int) -> str:
    return f"source{number}"
