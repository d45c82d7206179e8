"""Whether a PDF page was read well: two readings of its figures, and its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.readers.pdf_text import superscript
from ingest.readers.pdf_words import Word
from kb.question.language import certainty

_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
_DIGITS = re.compile(r"\D+")
# Figures that are raised by their shape alone are others to the second reading.
_UNRAISED = {ord(superscript(digit)): f" {digit}" for digit in "0123456789"}
# How a figure begins that was cut at its decimal point or between thousands.
_CUT = re.compile(r"0\d")
_GLYPH_NAMES = re.compile(r"(?:/(?:g|cid|glyph|uni|c)\d+){2}|\(cid:\d+\)", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_LONG = 2
_FEW = 3
_FEWEST_LETTERS = 100
_REPEATED = 0.4
_SURE = 0.45
_MOST_SHOWN = 3


def doubt_of(words: Sequence[Word], second: str | None) -> str:
    """Return why the figures of a page are uncertain, for experts; empty where not.

    Args:
        words: The page as it is read.
        second: The text that another library reads; None where it reads nothing.
    """
    text = " ".join(word.text for word in words)
    if second is None:
        return "only one of two readings succeeded" if _FIGURE.search(text) else ""
    return _ill_read(words, text) or _difference(text, second)


def _ill_read(words: Sequence[Word], text: str) -> str:
    unmapped = sum(not word.is_mapped and len(word.text) >= _LONG for word in words)
    if unmapped >= _FEW or len(_CONTROL.findall(text)) >= _FEW:
        return "a font does not say which letters it shows"
    if _GLYPH_NAMES.search(text):
        return "names of glyphs stand for letters"
    letters = Counter(char for char in text.casefold() if char.isalpha())
    n_letters = letters.total()
    if n_letters < _FEWEST_LETTERS:
        return ""
    if letters.most_common(1)[0][1] > _REPEATED * n_letters:
        return "one letter stands for many"
    return "" if certainty(text) >= _SURE else "its words are of no known language"


def _difference(text: str, second: str) -> str:
    """Return which figures only one of two readings has; how often is no matter.

    What is printed twice to look bold may be there twice. Nor is it, where a figure
    ends: cells of a table may be glued in one, and a thin space seen in the other.
    """
    figures, others = (
        _FIGURE.findall(part.translate(_UNRAISED)) for part in (text, second)
    )
    mine, theirs = _only_in(figures, others), _only_in(others, figures)
    return "; ".join(
        f"{name} {', '.join(only[:_MOST_SHOWN])}{' …' * (len(only) > _MOST_SHOWN)}"
        for name, only in (
            ("read here:", _unmade(mine, others) or list(filter(_CUT.match, mine))),
            ("read otherwise:", _unmade(theirs, figures)),
        )
        if only
    )


def _only_in(figures: Sequence[str], others: Sequence[str]) -> list[str]:
    there = set(others)
    return [figure for figure in dict.fromkeys(figures) if figure not in there]


def _unmade(figures: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the figures that are not made by glueing or cutting others."""
    glued = _DIGITS.sub("", "".join(others))
    return [figure for figure in figures if _DIGITS.sub("", figure) not in glued]
