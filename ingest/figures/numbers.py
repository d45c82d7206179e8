"""Numbers in a text: digits as its language writes them, numerals, ranges, scales."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from ingest.figures.vocabulary import Vocabulary, vocabulary

_DIGITS = (
    r"\d{1,3}(?:(?P<gap>[.,'’ \u00a0\u202f])\d{3})(?:(?P=gap)\d{3})*(?:[.,]\d+)?(?!\d)"
    r"|\d+(?:[.,]\d+)?(?!\d)"
)
_NOT_INSIDE = r"(?<![\w/§°])(?<!\d[.,:+–−-])(?<![^\W\d_][.–-])"
# A number that goes on is a date, a time, a ratio or the paragraph of a law.
_NOT_ALL = r"(?![:/]\d|[.,]\d)"
_DASH = re.compile(r"\s?[-–—]\s?(?=\d)")
_SPACE = re.compile(r"[ \u00a0\u202f]?")
_GROUP_SIGNS = "'’ \u00a0\u202f"
_AND_A_HALF = re.compile(r" and a half\b")
_GROUP = 3
_NEAR = 20
"""Characters beside a number in which the words of a range stand."""
_TENS = 20
_TENS_JOINT = re.compile(r"-(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Number:
    """A number or a range, with the word for its scale."""

    start: int
    end: int
    value: float
    value_to: float | None = None
    is_word: bool = False
    factor: int = 1
    """Of the words for its scale."""
    is_doubtful: bool = False
    """Whether its sign could be the other one: ``2.500`` in English."""


def find_numbers(text: str, words: Vocabulary) -> Iterator[Number]:
    """Yield the numbers of a text, in order; those of a range are one."""
    position = 0
    for match in _begins(words.language).finditer(text):
        if match.start() >= position and (first := _single(text, match, words)):
            found = _range(text, first, words)
            yield found
            position = found.end


def plain_value(written: str, point: str) -> tuple[float, bool]:
    """Return the value of digits, and whether they can be read in another way, too.

    Args:
        written: Digits with signs between them, such as ``1.250,5``.
        point: The decimal sign of the language.
    """
    signs = [char for char in written if not char.isdigit()]
    if not signs:
        return float(written), False
    last = signs[-1]
    whole, _, fraction = written.rpartition(last)
    is_group = len(fraction) == _GROUP and (
        last in _GROUP_SIGNS
        or len(set(signs)) == 1
        and (last != point or len(signs) > 1)
    )
    if is_group:
        return float(_digits(written)), False
    is_doubtful = len(signs) == 1 and len(fraction) == _GROUP and whole != "0"
    return float(Decimal(f"{_digits(whole)}.{fraction}")), is_doubtful


def _digits(written: str) -> str:
    return "".join(filter(str.isdigit, written))


@cache
def _begins(language: str, *, inside: bool = False) -> re.Pattern[str]:
    """Return what a number of a language begins with: digits, or a numeral.

    Args:
        language: ISO 639-1 code.
        inside: Whether it may go on what stands before it, as the end of a range does.
    """
    numerals = sorted(vocabulary(language).numerals, key=len, reverse=True)
    word = rf"(?i:{'|'.join(numerals)})(?!\w)" if numerals else r"(?!)"
    before = "" if inside else _NOT_INSIDE
    return re.compile(rf"{before}(?:(?P<digits>{_DIGITS}){_NOT_ALL}|(?P<word>{word}))")


def _single(text: str, match: re.Match[str], words: Vocabulary) -> Number | None:
    """Return the number that a match begins, with its scales."""
    end, is_doubtful, is_word = match.end(), False, match["digits"] is None
    if is_word:
        value, end = _numeral(text, match, words)
    else:
        value, is_doubtful = plain_value(match["digits"], words.point)
    factor, end = _scaled(text, end, words)
    return Number(
        match.start(),
        end,
        _rounded(value * factor),
        is_word=is_word,
        factor=factor,
        is_doubtful=is_doubtful and factor == 1,
    )


def _numeral(text: str, match: re.Match[str], words: Vocabulary) -> tuple[float, int]:
    value, end = float(words.numerals[match["word"].lower()]), match.end()
    joint = _TENS_JOINT.match(text, end)
    if value >= _TENS and joint:  # "twenty-five"
        more = _begins(words.language, inside=True).match(text, joint.end())
        if more and more["word"] and words.numerals[more["word"].lower()] < value:
            value += words.numerals[more["word"].lower()]
            end = more.end()
    half = _AND_A_HALF.match(text, end)
    return (value + 0.5, half.end()) if half else (value, end)


def _scaled(text: str, end: int, words: Vocabulary) -> tuple[int, int]:
    """Return what the words behind a number multiply it with, and where they end."""
    factor = 1
    while True:
        space = _SPACE.match(text, end)
        start = space.end() if space else end
        found = words.scales.at(text, start)
        # "5 m" is a length: a scale of one letter stands close to its number.
        if not found or (start > end and found[0] - start == 1):
            return factor, end
        end, scale = found
        factor *= scale


def _range(text: str, first: Number, words: Vocabulary) -> Number:
    """Return a number with the end of its range, where one follows."""
    before = text[max(0, first.start - _NEAR) : first.start]
    after = text[first.end : first.end + _NEAR]
    between = re.search(rf"(?i:\b(?:{words.between}))\s+\W?[A-Z€£$]*\s?$", before)
    source = re.search(rf"(?i:\b(?:{words.source}))\s+\W?[A-Z€£$]*\s?$", before)
    joint = _DASH.match(after)
    if not joint and not source:
        word = words.joined if between else words.to
        joint = re.match(rf"\s(?:{word})\s[A-Z€£$]{{0,3}}\s?\+?", after)
    if not joint:
        return first
    start = first.end + joint.end()
    match = _begins(words.language, inside=True).match(text, start)
    second = _single(text, match, words) if match else None
    if not second:
        return first
    value = first.value
    if first.factor == 1 and value * second.factor < second.value:
        value = _rounded(value * second.factor)  # "60 to 70 million"
    if second.value <= value:
        return first
    return replace(
        first,
        end=second.end,
        value=value,
        value_to=second.value,
        factor=second.factor,
        is_doubtful=first.is_doubtful or second.is_doubtful,
    )


def _rounded(value: float) -> float:
    """Return a product without what floating point adds: 1.1 x 10^6 is 1,100,000."""
    return round(value, 6)
