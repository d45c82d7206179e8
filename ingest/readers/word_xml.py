"""The XML of Word files, made such that mammoth reads what Word shows.

mammoth passes over simple fields, equations and the text boxes of newer files, reads
struck and hidden text, takes a drop cap for a paragraph, and does not see that text is
raised or lowered by a style or by so many points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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
_YES, _NO = "yes", "no"
_RAISED = ("superscript", "subscript")
# In half points: whole ones in files of Word, which others may write otherwise.
_HEIGHT = re.compile(r"-?\d+(\.\d+)?")
_LEAST_HEIGHT = 4
# Elements around runs that mammoth drops with all that they hold.
_WRAPPERS = (f"{W}fldSimple", f"{W}bdo", f"{W}dir")
_RUNS_STAND_IN = (f"{W}p", f"{W}hyperlink", f"{W}ins", f"{W}smartTag", f"{W}moveTo")


@dataclass(frozen=True)
class Styles:
    """What a Word file's styles say of text that matters for reading it."""

    gone: frozenset[str] = frozenset()
    """Ids of the styles whose text is hidden or struck."""
    raised: Mapping[str, str] = field(default_factory=dict)
    """Those whose text is raised or lowered, with Word's word for which."""


def read_styles(styles: etree._Element) -> Styles:
    """Read the part of a Word file that holds its styles.

    A style that says nothing itself is as the one that it is based on.
    """
    found = {style.get(f"{W}styleId", ""): style for style in styles.iter(f"{W}style")}

    def said(style_id: str, read: Callable[[etree._Element], str]) -> str:
        seen: set[str] = set()
        while style_id in found and style_id not in seen:
            seen.add(style_id)
            properties = found[style_id].find(f"{W}rPr")
            if properties is not None and (value := read(properties)):
                return value
            based_on = found[style_id].find(f"{W}basedOn")
            style_id = "" if based_on is None else based_on.get(f"{W}val", "")
        return ""

    raised = {style_id: said(style_id, _raised) for style_id in found}
    return Styles(
        frozenset(style_id for style_id in found if said(style_id, _gone) == _YES),
        {style_id: value for style_id, value in raised.items() if value in _RAISED},
    )


def simplify(tree: etree._Element, styles: Styles) -> None:
    """Change a part of a Word file so that mammoth reads what Word shows.

    Args:
        tree: The part.
        styles: Of the file.
    """
    _drop_gone(tree, styles.gone)
    _say_what_is_raised(tree, styles.raised)
    _write_out_equations(tree)
    _join_drop_caps(tree)
    _free_text_boxes(tree)
    for wrapper in list(tree.iter(*_WRAPPERS)):
        _replace(wrapper, list(wrapper))


def _drop_gone(tree: etree._Element, gone: frozenset[str]) -> None:
    for run in list(tree.iter(f"{W}r")):
        if _of_run(run, _gone, {style_id: _YES for style_id in gone}) == _YES:
            _replace(run, [])
    # "Click here to enter text."
    for hint in list(tree.iter(f"{W}showingPlcHdr")):
        control = next(hint.iterancestors(f"{W}sdt"), None)
        if control is not None:
            _replace(control, [])


def _say_what_is_raised(tree: etree._Element, raised: Mapping[str, str]) -> None:
    for paragraph in tree.iter(f"{W}p"):
        runs = [run for run in paragraph.iter(f"{W}r") if run.find(f"{W}t") is not None]
        values = [_of_run(run, _raised, raised) for run in runs]
        # Beside what lies on the line only: a whole title may be moved a little.
        if all(value in _RAISED for value in values):
            continue
        for run, value in zip(runs, values, strict=True):
            if value in _RAISED:
                _align(run, value)


def _align(run: etree._Element, value: str) -> None:
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = run.makeelement(f"{W}rPr")
        run.insert(0, properties)
    for old in properties.findall(f"{W}vertAlign"):
        properties.remove(old)
    properties.append(properties.makeelement(f"{W}vertAlign", {f"{W}val": value}))


def _of_run(
    run: etree._Element,
    read: Callable[[etree._Element], str],
    by_style: Mapping[str, str],
) -> str:
    """Return what a run's properties say, its style, or that of its paragraph."""
    properties = run.find(f"{W}rPr")
    if properties is not None:
        if value := read(properties):
            return value
        style = properties.find(f"{W}rStyle")
        if style is not None:
            return by_style.get(style.get(f"{W}val", ""), "")
    paragraph = next(run.iterancestors(f"{W}p"), None)
    style = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else by_style.get(style.get(f"{W}val", ""), "")


def _gone(properties: etree._Element) -> str:
    """Return whether properties hide or strike text, or '' if they do not say."""
    values = [
        found.get(f"{W}val", "true") not in _OFF
        for name in _GONE
        if (found := properties.find(f"{W}{name}")) is not None
    ]
    return (_YES if any(values) else _NO) if values else ""


def _raised(properties: etree._Element) -> str:
    """Return whether properties raise or lower text, or '' if they do not say."""
    align = properties.find(f"{W}vertAlign")
    if align is not None:
        return align.get(f"{W}val", "")
    position = properties.find(f"{W}position")
    height = "" if position is None else position.get(f"{W}val", "").strip()
    if not _HEIGHT.fullmatch(height):
        return ""
    is_visible = abs(float(height)) >= _LEAST_HEIGHT
    return _RAISED[height.startswith("-")] if is_visible else "baseline"


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
