"""Equations of Word files as one line of text: ``Q = (m·c·ΔT)/t``, ``10⁶``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ingest.readers.text import RAISED

if TYPE_CHECKING:
    from lxml import etree

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
EQUATION = f"{MATH}oMath"
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_ONE_OPERAND = re.compile(r"[\w.,²³√]*|\(.*\)")


def equation_as_text(equation: etree._Element) -> str:
    """Return what an equation says, in the order in which it is read aloud."""
    return " ".join(_text(equation).split())


def _text(element: etree._Element | None) -> str:
    """Return the text of an element of an equation, and of all inside it."""
    if element is None or not isinstance(element.tag, str):
        return ""
    name = element.tag.removeprefix(MATH)
    if name == "t":
        return element.text or ""
    if name in _WRITTEN:
        return _WRITTEN[name](element)
    if name == element.tag or name.endswith("Pr"):
        return ""  # of Word, such as deleted parts, or properties
    return "".join(map(_text, element))


def _part(element: etree._Element, name: str) -> str:
    return _text(element.find(f"{MATH}{name}"))


def _property(element: etree._Element, path: str, otherwise: str) -> str:
    found = element.find("/".join(f"{MATH}{name}" for name in path.split("/")))
    return otherwise if found is None else found.get(f"{MATH}val", "")


def _operand(text: str) -> str:
    text = text.strip()
    return text if _ONE_OPERAND.fullmatch(text) else f"({text})"


def _fraction(element: etree._Element) -> str:
    return f"{_operand(_part(element, 'num'))}/{_operand(_part(element, 'den'))}"


def _moved(text: str, table: dict[int, int], sign: str) -> str:
    """Return raised or lowered text, with a sign where there are no such letters."""
    text = text.strip()
    if all(ord(letter) in table for letter in text):
        return text.translate(table)
    return f"{sign}{_operand(text)}"


def _scripts(element: etree._Element) -> str:
    below = _moved(_part(element, "sub"), _LOWERED, "_")
    above = _moved(_part(element, "sup"), RAISED, "^")
    return f"{_part(element, 'e').rstrip()}{below}{above}"


def _root(element: etree._Element) -> str:
    degree = _moved(_part(element, "deg"), RAISED, "^")
    return f"{degree}√{_operand(_part(element, 'e'))}"


def _brackets(element: etree._Element) -> str:
    opening = _property(element, "dPr/begChr", "(")
    closing = _property(element, "dPr/endChr", ")")
    separator = _property(element, "dPr/sepChr", "|")
    inside = separator.join(map(_text, element.findall(f"{MATH}e")))
    return f"{opening}{inside}{closing}"


def _sum(element: etree._Element) -> str:
    sign = _property(element, "naryPr/chr", "∫")
    below = _moved(_part(element, "sub"), _LOWERED, "_")
    above = _moved(_part(element, "sup"), RAISED, "^")
    return f"{sign}{below}{above} {_part(element, 'e')}"


def _function(element: etree._Element) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}"


def _limit(element: etree._Element) -> str:
    return f"{_part(element, 'e')}_{_operand(_part(element, 'lim'))}"


def _lines(element: etree._Element) -> str:
    return "; ".join(text for line in element if (text := _text(line)))


def _row(element: etree._Element) -> str:
    return " ".join(map(_text, element))


_WRITTEN: dict[str, Callable[[etree._Element], str]] = {
    "d": _brackets,
    "eqArr": _lines,
    "f": _fraction,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "m": _lines,
    "mr": _row,
    "nary": _sum,
    "rad": _root,
    "sPre": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sSup": _scripts,
}
