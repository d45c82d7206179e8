"""What a web page's own styles raise or strike, said as its elements say it.

Text programs that save a page write ``<span class="c5">`` where others write ``<sup>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_RAISED = re.compile(r"vertical-align\s*:\s*(super|text-top)", re.I)
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.I)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
# Others, such as those for cells of tables, place text instead of raising it.
_INLINE = ("a", "b", "em", "font", "i", "small", "span", "strong", "u")
# A class alone, or one of an inline element.
_CLASS = re.compile(rf"\s*(?:{'|'.join(_INLINE)}|\*)?\.([\w-]+)\s*", re.I)


def write_out_styles(page: HtmlElement) -> None:
    """Make ``sup`` and ``s`` of what a page's styles raise or strike inside a line.

    Styles stand at the element, or in the page's style sheet for a class; what other
    selectors say is not seen.
    """
    raised, struck = set(_classes(page, _RAISED)), set(_classes(page, _STRUCK))
    for element in page.iter(*_INLINE):
        style, names = element.get("style", ""), set(element.get("class", "").split())
        if _STRUCK.search(style) or names & struck:
            element.tag = "s"
        elif _RAISED.search(style) or names & raised:
            element.tag = "sup"


def _classes(page: HtmlElement, wanted: re.Pattern[str]) -> Iterator[str]:
    for sheet in page.iter("style"):
        for selectors, properties in _RULE.findall(sheet.text or ""):
            if wanted.search(properties):
                found = map(_CLASS.fullmatch, selectors.split(","))
                yield from (match.group(1) for match in found if match)
