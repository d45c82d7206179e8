"""Where an item of a list begins on a PDF page, and its mark."""

from __future__ import annotations

import re

from ingest.readers.pdf_lines import Line
from ingest.sentences import is_month

# A dash before a figure is a minus.
_BULLET = re.compile(r"[•◦▪‣●○■□*\ue000-\uf8ff]\s+|[–—\-]\s+(?!\d)")
_NUMBERED = re.compile(r"\(?([a-z]|\d{1,2})[.)]\s+")
_FIRST_NUMBERS = ("a", "1")
# In letter sizes.
_OUTDENT = 0.7


def begins_item(text: str) -> bool:
    """Return whether a line begins with a bullet, a number or a letter of a list."""
    return bool(_BULLET.match(text) or _NUMBERED.match(text))


def without_bullet(text: str) -> str:
    """Return a text without its bullet; a number stays: "2. May" may be a date."""
    bullet = _BULLET.match(text)
    return text[bullet.end() :] if bullet else text


def begins_next_item(line: Line, first: Line) -> bool:
    """Return whether a line with a mark begins another item, in an unended sentence.

    "(6) of the act" and "p. ex." go on in an item that begins with another mark.

    Args:
        line: The line.
        first: The first line of the item above it.
    """
    here, before = _NUMBERED.match(line.text), _NUMBERED.match(first.text)
    if here is None:
        return True
    following = line.text[here.end() :].split(maxsplit=1)
    if following and is_month(following[0]):
        return False
    is_like = before is not None and before[1].isdigit() == here[1].isdigit()
    return (
        is_like or here[1] in _FIRST_NUMBERS or first.x - line.x > _OUTDENT * line.size
    )
