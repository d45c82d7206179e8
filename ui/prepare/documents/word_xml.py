"""What a Word file needs and python-docx has no words for: links, marks, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from docx.oxml.text.run import CT_R
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run


def element(name: str, **attributes: str) -> CT_R:
    """Return a new element of the file's XML.

    The type is a white lie: python-docx takes only runs as neighbours of a run.
    """
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return cast("CT_R", made)


def link_inside(run: Run, mark: str) -> None:
    """Let a run lead to a mark of the same file."""
    enclose(run, element("w:hyperlink", **{"w:anchor": mark}))


def enclose(run: Run, around: CT_R) -> None:
    """Put a run into a new element at the same place."""
    run._element.addprevious(around)
    around.append(run._element)


def mark(run: Run, number: int, name: str) -> None:
    """Make a run a place that links can lead to.

    Args:
        run: The place.
        number: That no other mark of the file has.
        name: Of the mark.
    """
    start = element("w:bookmarkStart", **{"w:id": str(number), "w:name": name})
    run._element.addprevious(start)
    run._element.addnext(element("w:bookmarkEnd", **{"w:id": str(number)}))


def set_language(run: Run, language: str) -> None:
    """Say in which language a run is; nothing where it is the file's own."""
    if language:
        made = element("w:lang", **{"w:val": language})
        behind = ("w:eastAsianLayout", "w:specVanish", "w:oMath")
        run._element.get_or_add_rPr().insert_element_before(made, *behind)


def begin_field(paragraph: WordParagraph, instruction: str) -> None:
    """Begin a field whose result follows; Word computes it when the file is opened."""
    begin = element("w:fldChar", **{"w:fldCharType": "begin", "w:dirty": "true"})
    text = element("w:instrText", **{"xml:space": "preserve"})
    text.text = f" {instruction} "
    between = element("w:fldChar", **{"w:fldCharType": "separate"})
    for part in (begin, text, between):
        paragraph.add_run()._element.append(part)


def end_field(paragraph: WordParagraph) -> None:
    """End the field that was begun last."""
    end = element("w:fldChar", **{"w:fldCharType": "end"})
    paragraph.add_run()._element.append(end)
