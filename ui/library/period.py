"""The years behind a case's period, which is written in free text.

Cases say "2019-ongoing", "about 2009-2019", "2010s" or "2008-2013 (in operation since
November 2013)". What stands in brackets explains the period and is no part of it.
"""

from __future__ import annotations

import re

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|2100)(s?)(?![\dA-Za-z])")
_SHORT_END = re.compile(r"(?<!\d)((?:1[5-9]|20)(\d\d))[-–—/](\d\d)(?![\d-])")
_STILL = re.compile(
    r"\b(ongoing|on-going|present|today|now|current(ly)?|continuing|since|still)\b",
    re.I,
)
_FROM = re.compile(r"\b(from|after)\b", re.I)
_OPEN_END = re.compile(r"\d{4}s?\s*[-–—]\s*(?:$|[;,.])")


def years(period: str, today_year: int) -> tuple[int, int] | None:
    """Return the first and the last year that a period names, both included.

    Args:
        period: As a case gives it, for example ``2019-ongoing``.
        today_year: The last year of a period that goes on and names no later one.

    Returns:
        Years from 1500 to 2100, the earlier one first; None when none is named.
        A decade spans its ten years. Of "before 2021" and "until 2021" only 2021 is
        known, which stands for both ends.
    """
    outside = _BRACKETS.sub(" ", period)
    spans = _named(outside)
    if not spans:
        outside = period
        spans = _named(outside)
    if not spans:
        return None
    first = min(start for start, _ in spans)
    last = max(end for _, end in spans)
    starts_only = len(spans) == 1 and _FROM.search(outside) is not None
    if starts_only or _STILL.search(outside) or _OPEN_END.search(outside):
        last = max(last, today_year)
    return first, last


def _named(text: str) -> list[tuple[int, int]]:
    """Return every year and decade of a text as a span; "2007/08" ends in 2008."""
    text = _SHORT_END.sub(_with_long_end, text)
    return [
        (int(year), int(year) + (9 if decade else 0))
        for year, decade in _YEAR.findall(text)
    ]


def _with_long_end(found: re.Match[str]) -> str:
    start, start_short, end_short = found.groups()
    if int(end_short) <= int(start_short):
        return found.group()  # a month ("2019-06"), not a year
    return f"{start}-{start[:2]}{end_short}"
