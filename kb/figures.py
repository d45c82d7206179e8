"""Figures in English statements: what is an amount, and whether it has a unit.

The rules would rather miss a figure than take a house number for an amount.
"""

from __future__ import annotations

import re

_FIGURE = re.compile(
    r"(?<![\w.,/:+–-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    r"(?:\s(?:thousand|million|billion))?(?![\w/:%‰°]|[.,]\d|[-–]\w)"
)
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|\.\d|,\d{3})")
# A year or several in a row ("2019-2023"), but no decade ("1960s") and no name.
_YEARS = re.compile(
    rf"(?<!Horizon )(?<!Natura ){_YEAR.pattern}(?:\s?[-–]\s?({_YEAR.pattern}))?(?!s\b)"
)
_MONTHS = (
    r"january|february|march|april|may|june|july|august|september|october|"
    r"november|december"
)
# After one of these a figure is a name or a date ("line 2", "May 2"), not an amount.
_NAMING = re.compile(
    r"\b(?:"
    r"act|agreement|article|call|chapter|class|column|decision|directive|edition|"
    r"figure|grade|item|law|level|line|lot|magnitude|nbr|no|number|page|part|"
    r"paragraph|phase|point|regulation|round|route|schedule|scope|section|stage|"
    r"step|table|tier|top|tram|type|version|zone"
    rf"|{_MONTHS})[\s(]*$",
    re.IGNORECASE,
)
# A capital letter inside a sentence: a street, a standard, a building ("Pier 12").
_PROPER_NAME = re.compile(r"\S\s+[^\W\d_a-z][\w'’-]*\s+$")
_MONTH_NEXT = re.compile(rf"\s*(?:{_MONTHS})\b", re.IGNORECASE)
# A figure before punctuation or one of these words has no unit after it.
_NO_UNIT_NEXT = re.compile(
    r"\s*(?:$|[.,;:)]|(?:"
    r"a|according|after|again|ago|against|also|although|an|and|as|at|because|been|"
    r"before|being|but|by|compared|during|earlier|fewer|for|from|had|has|have|"
    r"higher|if|in|instead|into|is|it|its|later|less|lower|more|of|on|or|out|over|"
    r"per|rather|since|so|still|than|that|the|their|then|this|through|to|under|"
    r"until|up|was|were|when|where|whereas|which|while|who|with|within|without"
    r")\b)",
    re.IGNORECASE,
)
# Characters before a figure in which its name is looked for.
_LONGEST_NAME = 40
_CURRENCY = (
    r"(?:EUR|SEK|NOK|DKK|HUF|ISK|CHF|GBP|PLN|CZK|RON|BGN|USD|MSEK|MNOK|MEUR|[€£$])"
)
_CURRENCY_NAMES = r"crowns|dollars|euros?|forints?|francs|kroner|kronor|pounds|zloty"
_CURRENCY_NAME = re.compile(rf"\b(?:{_CURRENCY_NAMES})\b", re.IGNORECASE)
_CURRENCY_BEFORE = re.compile(_CURRENCY + r"[\s(]*$")
_MONEY = re.compile(
    rf"(?<!\w){_CURRENCY}\s?\d|\d\s?(?:(?:thousand|million|billion)\s)?"
    rf"(?:{_CURRENCY}(?!\w)|(?:{_CURRENCY_NAMES})\b)"
)
# What `_FIGURE` leaves out: such a sign can only be a unit, and a range often is one of
# years or of numbered things.
_SIGN_AFTER = re.compile(r"\d\s?[%‰°]")
_RANGE = re.compile(r"(?<![\w.,/:+–-])(?!(?:19|20)\d\d\b)\d[\d.,]*[-–]\d[\d.,]*(?=\s)")


def amounts(text: str) -> list[re.Match[str]]:
    """Return the figures of a text, in order, that may need a unit.

    Years, dates, and figures that are part of a name ("line 2") are left out, as are
    those with a sign behind them ("40%").
    """
    return [
        found
        for found in _FIGURE.finditer(text)
        if not is_name_or_date(text, found.start(), found.end())
    ]


def has_unit(text: str, amount: re.Match[str]) -> bool:
    """Return whether a unit, a currency or a counted thing stands beside an amount."""
    if _CURRENCY_BEFORE.search(_before(text, amount.start())):
        return True
    return _NO_UNIT_NEXT.match(text, amount.end()) is None


def names_currency(text: str) -> bool:
    """Return whether a text writes out the name of a currency ("crowns")."""
    return _CURRENCY_NAME.search(text) is not None


def states_money(text: str) -> bool:
    """Return whether a text states an amount of money with its currency."""
    return _MONEY.search(text) is not None


def names_year(text: str) -> bool:
    """Return whether a year of the 20th or 21st century stands in a text."""
    return _YEAR.search(text) is not None


def years_named(text: str) -> list[tuple[int, int]]:
    """Return the years that a text names, as spans of a first and a last year.

    They ascend, and none lies in another; a year by itself is its own last one. Decades
    ("the 1960s") and years that belong to a name ("Horizon 2020") are left out.
    """
    found = {
        (int(years.group()[:4]), int(years[1] or years.group()[:4]))
        for years in _YEARS.finditer(text)
    }
    return sorted(
        (first, last)
        for first, last in found
        if not any(
            start <= first and last <= end and (start, end) != (first, last)
            for start, end in found
        )
    )


def states_figure_with_unit(text: str) -> bool:
    """Return whether a text states an amount together with what it is an amount of."""
    return (
        states_money(text)
        or _SIGN_AFTER.search(text) is not None
        or any(
            has_unit(text, figure)
            for figure in (*amounts(text), *_RANGE.finditer(text))
        )
    )


def is_name_or_date(text: str, start: int, end: int) -> bool:
    """Return whether a number is a year, part of a date or of a name ("line 2").

    Args:
        text: In English.
        start: Where the number begins.
        end: Where it ends.
    """
    before = _before(text, start)
    if _YEAR.fullmatch(text[start:end]) or _MONTH_NEXT.match(text, end):
        return True
    if _CURRENCY_BEFORE.search(before):
        return False
    return bool(_NAMING.search(before) or _PROPER_NAME.search(before))


def _before(text: str, start: int) -> str:
    """Return the few characters before a figure: a whole text would be slow."""
    return text[max(0, start - _LONGEST_NAME) : start]
