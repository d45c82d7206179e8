"""The XML of Word files, made such that mammoth reads what Word shows.

mammoth passes over simple fields, equations and the text boxes of newer files, reads
struck and hidden text, and takes a drop cap for a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.readers.equations import EQUATION, MATH, equation_as_text

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# Properties that say that a run is no text any more, or not to be seen.
_GONE = ("vanish", "strike", "dstrike")
_OFF = ("0", "false", "off")
# Elements around runs that mammoth drops with all that they hold.
_WRAPPERS = (f"{W}fldSimple", f"{W}bdo", f"{W}dir")
_RUNS_STAND_IN = (f"{W}p", f"{W}hyperlink", f"{W}ins", f"{W}smartTag", f"{W}moveTo")


def gone_styles(styles: etree._Element) -> frozenset[str]:
    """Return the ids of the styles whose text is hidden or struck."""
    return frozenset(
        style.get(f"{W}styleId", "")
        for style in styles.iter(f"{W}style")
        if _is_gone(style.find(f"{W}rPr"), frozenset())
    )


def simplify(tree: etree._Element, gone: frozenset[str]) -> None:
    """Change a part of a Word file so that mammoth reads what Word shows.

    Args:
        tree: The part.
        gone: The styles whose text is hidden or struck.
    """
    _drop_gone(tree, gone)
    _write_out_equations(tree)
    _join_drop_caps(tree)
    _free_text_boxes(tree)
    for wrapper in list(tree.iter(*_WRAPPERS)):
        _replace(wrapper, list(wrapper))


def _drop_gone(tree: etree._Element, gone: frozenset[str]) -> None:
    for run in list(tree.iter(f"{W}r")):
        paragraph = next(run.iterancestors(f"{W}p"), None)
        style = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
        in_gone = style is not None and style.get(f"{W}val") in gone
        if _is_gone(run.find(f"{W}rPr"), gone, otherwise=in_gone):
            _replace(run, [])
    # "Click here to enter text."
    for hint in list(tree.iter(f"{W}showingPlcHdr")):
        control = next(hint.iterancestors(f"{W}sdt"), None)
        if control is not None:
            _replace(control, [])


def _is_gone(
    properties: etree._Element | None, gone: frozenset[str], *, otherwise: bool = False
) -> bool:
    """Return whether run properties hide or strike, or what holds ``otherwise``."""
    if properties is None:
        return otherwise
    values = [
        found.get(f"{W}val", "true") not in _OFF
        for name in _GONE
        if (found := properties.find(f"{W}{name}")) is not None
    ]
    if values:
        return any(values)
    style = properties.find(f"{W}rStyle")
    return otherwise if style is None else style.get(f"{W}val") in gone


def _write_out_equations(tree: etree._Element) -> None:
    for equation in list(tree.iter(EQUATION)):
        run = equation.makeelement(f"{W}r")
        text = equation.makeelement(f"{W}t", {_SPACE: "preserve"})
        text.text = equation_as_text(equation)
        run.append(text)
        _replace(equation, [run])
    for display in list(tree.iter(f"{MATH}oMathPara")):
        runs = list(display.iter(f"{W}r"))
        parent = display.getparent()
        if parent is not None and parent.tag not in _RUNS_STAND_IN:
            paragraph = display.makeelement(f"{W}p")
            paragraph.extend(runs)
            runs = [paragraph]
        _replace(display, runs)


def _join_drop_caps(tree: etree._Element) -> None:
    """Put each drop cap, which Word keeps in its own paragraph, before its word."""
    for frame in list(tree.iter(f"{W}framePr")):
        cap = next(frame.iterancestors(f"{W}p"), None)
        rest = None if cap is None else cap.getnext()
        if (
            cap is None
            or frame.get(f"{W}dropCap", "none") == "none"
            or rest is None
            or rest.tag != f"{W}p"
        ):
            continue
        place = 0 if rest.find(f"{W}pPr") is None else 1
        for part in reversed([part for part in cap if part.tag != f"{W}pPr"]):
            rest.insert(place, part)
        _replace(cap, [])


def _free_text_boxes(tree: etree._Element) -> None:
    """Put the boxes of drawings where mammoth finds those of older files."""
    for holder in list(tree.iter(f"{_MC}AlternateContent", f"{W}drawing")):
        boxes = list(_boxes(holder))
        if boxes:
            picture = holder.makeelement(f"{W}pict")
            picture.extend(boxes)
            _replace(holder, [picture])


def _boxes(holder: etree._Element) -> Iterator[etree._Element]:
    """Yield the outermost text boxes of a drawing, without those of its fallback."""
    for child in holder:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag != f"{_MC}Fallback":
            yield from _boxes(child)


def _replace(element: etree._Element, others: list[etree._Element]) -> None:
    parent = element.getparent()
    if parent is not None:
        place = parent.index(element)
        parent[place : place + 1] = others
