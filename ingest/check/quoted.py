"""The numbers that a quotation can mean, however it writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGITS = re.compile(
    r"\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[¼½¾⅓⅔]"
)
_GROUPS = re.compile(r"[ .,'’\u00a0\u202f](?=\d{3}(?!\d))")
_SIGNS = {"¼": 25, "½": 50, "¾": 75, "⅓": 100 / 3, "⅔": 200 / 3}
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = (
    *("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
)
_WORDS = {
    **{word: float(n) for n, word in enumerate(_ONES)},
    **{word: 10.0 * n for n, word in enumerate(_TENS, start=2)},
    **{"a": 1, "an": 1, "single": 1, "first": 1, "dozen": 12, "both": 2, "pair": 2},
    **{"once": 1, "twice": 2, "triple": 3, "tripled": 3, "tripling": 3},
    **dict.fromkeys(("double", "doubled", "doubling"), 2),
    **{"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8},
    **{"ninth": 9, "tenth": 10, "second": 2},
}
_ALONE = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
"""Words that are a number without one before them: half a million."""
_FRACTIONS = {
    **dict.fromkeys(("half", "halves", "halved", "halve", "halving"), 2),
    **{"third": 3, "quarter": 4},
    **{"fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10},
}
_TIMES = (
    (re.compile(r"thousand|tusen|tuhatta|ezer|tausend|mille?|k", re.I), 1e3),
    (
        re.compile(
            r"millions?|mln|mio|mill?|milj(?:oner|oonaa?)?|milioni|millió|"
            r"millionen|mn|m[€$£]?|(?:m(?:eur|sek|nok|kr|€))",
            re.I,
        ),
        1e6,
    ),
    (
        re.compile(
            r"billions?|bn|mrd|mld|mdr?|milliards?|milliarden?|miljard(?:er|ia)?|"
            r"milliárd|miliardi",
            re.I,
        ),
        1e9,
    ),
    (re.compile(r"hundreds?", re.I), 100.0),
    (re.compile(r"dozens?", re.I), 12.0),
    (re.compile(r"cents?", re.I), 0.01),
)
_WORD = re.compile(r"[^\W\d_]+[€$£]?")
_NEAR = 0.006
"""Of a value: a third is written as 33, 33.3 or 33.33 percent."""


def says(quote: str, value: float) -> bool:
    """Return whether a quotation can mean a value, whatever its sign.

    Numbers may be written with groups of digits or as English words, times a thousand,
    million or billion that stands behind them, and fractions as percentages.
    """
    return any(
        abs(number - abs(value)) <= _NEAR * abs(value) for number in numbers_in(quote)
    )


def numbers_in(quote: str) -> set[float]:
    """Return every number that a quotation can mean; empty where it holds none."""
    numbers, times = {*_numbers(quote)}, {*_times_in(quote)}
    return numbers | {number * factor for number in numbers for factor in times}


def _numbers(quote: str) -> Iterator[float]:
    for digits in _DIGITS.findall(quote):
        yield from _readings(digits)
    names = [word.lower() for word in _WORD.findall(quote)]
    for n, name in enumerate(names):
        before = _WORDS.get(names[n - 1]) if n else None
        if name in _WORDS:
            yield _WORDS[name]
            if before and before >= 20 > 10 > _WORDS[name]:
                yield before + _WORDS[name]
        parts = _FRACTIONS.get(name) or _FRACTIONS.get(name.removesuffix("s"))
        if parts:
            yield (before or 1) / parts
            yield 100 * (before or 1) / parts
        if names[n - 2 : n + 1] == ["and", "a", "half"]:
            yield _WORDS.get(names[n - 3], 0.0) + 0.5
        if name in _ALONE:
            yield _ALONE[name]


def _readings(digits: str) -> Iterator[float]:
    """Yield what digits can mean: 1,500 is a thousand and a half, or one and a half."""
    if digits in _SIGNS:
        yield _SIGNS[digits]
        return
    yield float(_GROUPS.sub("", digits).replace(",", "."))
    if re.fullmatch(r"\d+[.,]\d+", digits):
        yield float(digits.replace(",", "."))


def _times_in(quote: str) -> Iterator[float]:
    """Yield what words of a quotation can multiply its numbers by.

    In "EUR 15 to 18 million" and "SEK 2 million, 1 of it from the state" one is said of
    several, so that it counts for all.
    """
    product = 1.0
    for word in _WORD.findall(quote):
        for pattern, factor in _TIMES:
            if pattern.fullmatch(word):
                product *= factor
                yield factor
                yield product
