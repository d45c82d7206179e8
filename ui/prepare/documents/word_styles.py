"""How a Word file looks: its page, its styles, and what it says of itself."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from ui.prepare.documents.document import Document
from ui.prepare.documents.word_xml import begin_field, end_field

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.styles.styles import Styles

# Ids of styles, not their names: for a name python-docx goes through all styles each
# time, which takes half a second in a long kit.
HEADINGS = {1: "Heading1", 2: "Heading2"}
BULLET = "ListBullet"
QUOTE = "Quote"
SOURCE = "List"
REMARK = "Remark"
PLACE = "Place"
CELL = "Cell"
LINE = "Line"
LINK = "Hyperlink"
CONTENTS_TITLE = "TOCHeading"
CONTENTS = "TOC1"
TEXT_WIDTH_CM = 16.2
# Dark on white: more than 7 to 1, where the template's own colours have less than 4.
_DARK_BLUE = (0x0B, 0x3D, 0x6B)
_GREY = (0x4A, 0x4A, 0x4A)
_LONGEST_PROPERTY = 255
"""Characters; python-docx refuses a longer title in the file's properties."""


def set_properties(word: WordDocument, document: Document) -> None:
    """Say title, language and date of the file."""
    from docx.oxml.ns import qn

    properties = word.core_properties
    properties.title = document.title[:_LONGEST_PROPERTY]
    properties.language = document.language
    properties.author = properties.comments = ""
    made_at = datetime.combine(document.made_on, time(), UTC)
    properties.created = properties.modified = made_at
    for element in word.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), document.language)


def set_page_and_styles(word: WordDocument) -> None:
    """Set the page, its number at the foot, and every style that is used."""
    from docx.shared import Cm, Pt, RGBColor

    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - TEXT_WIDTH_CM) / 2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    foot = section.footer.paragraphs[0]
    for field, behind in (("PAGE", " / "), ("NUMPAGES", "")):
        begin_field(foot, field)
        foot.add_run("1")
        end_field(foot)
        foot.add_run(behind)
    foot.alignment = 2  # right
    styles = word.styles
    styles["Normal"].font.name = "Calibri"
    styles["Normal"].paragraph_format.space_after = Pt(5)
    styles["Normal"].paragraph_format.line_spacing = 1.0
    for name in ("Title", "Heading 1", "Heading 2", "TOC Heading"):
        styles[name].font.color.rgb = RGBColor(*_DARK_BLUE)
    _set_quote(styles)
    _add_small_styles(styles)
    _add_contents_style(styles)


def _set_quote(styles: Styles) -> None:
    from docx.shared import Cm, Pt, RGBColor

    quote = styles["Quote"]
    quote.font.italic = False
    quote.font.color.rgb = RGBColor(0, 0, 0)
    quote.paragraph_format.left_indent = Cm(0.8)
    quote.paragraph_format.space_after = Pt(2)


def _add_small_styles(styles: Styles) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    for name in (REMARK, PLACE, CELL):
        small = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)  # type: ignore[no-untyped-call]
        small.base_style = styles["Normal"]
        small.font.size = Pt(9.5)
    for name in (REMARK, PLACE):
        styles[name].font.color.rgb = RGBColor(*_GREY)
    styles[REMARK].paragraph_format.keep_with_next = True
    styles[PLACE].paragraph_format.left_indent = Cm(0.8)
    styles[CELL].paragraph_format.space_after = Pt(2)
    line = styles.add_style(LINE, WD_STYLE_TYPE.PARAGRAPH)  # type: ignore[no-untyped-call]
    line.base_style = styles["Normal"]
    line.paragraph_format.space_after = Pt(4)
    link = styles.add_style(LINK, WD_STYLE_TYPE.CHARACTER)  # type: ignore[no-untyped-call]
    link.font.color.rgb = RGBColor(*_DARK_BLUE)
    link.font.underline = True


def _add_contents_style(styles: Styles) -> None:
    """Add the style that Word's own table of contents has by this name."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Cm, Pt

    listed = styles.add_style("TOC 1", WD_STYLE_TYPE.PARAGRAPH)  # type: ignore[no-untyped-call]
    listed.element.name_val = "toc 1"  # as Word writes it; python-docx would not
    listed.base_style = styles["Normal"]
    listed.paragraph_format.space_after = Pt(2)
    listed.paragraph_format.tab_stops.add_tab_stop(
        Cm(TEXT_WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )
