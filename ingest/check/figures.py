"""Figures that do not say what they count, and money that does not say of which year.

Both rules would rather miss a figure than report a right one: they are hints, and a
list of hints that are wrong is read once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ingest.check.statements import PlacedStatement
from kb.errors import shown
from kb.types import Problem, Source

_FIGURE = re.compile(
    r"(?<![\w.,/:+–-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    r"(?:\s(?:thousand|million|billion))?(?![\w/:%‰°]|[.,]\d|[-–]\w)"
)
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|\.\d|,\d{3})")
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
# Uncountable things: an amount of them means nothing without a unit. Things that can be
# counted (homes, trips) are their own unit.
_MEASURED = re.compile(
    r"\b(area|budget|capacity|consumption|costs?|debt|demand|distance|electricity|"
    r"emissions?|energy|footprint|heat|heating|height|income|intensity|investment|"
    r"length|noise|output|power|price|production|revenues?|savings?|saved|spending|"
    r"spent|temperature|turnover|use|volume|waste|water|weight|worth)\b",
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


def figures_without_unit(statements: Sequence[PlacedStatement]) -> Iterator[Problem]:
    """Yield each statement on an amount none of whose figures has a unit.

    One figure with a unit is taken to lend it to the others ("from 500 to 320 kg"), and
    so is a currency anywhere in the statement.
    """
    for statement in statements:
        text = statement.text
        if not _MEASURED.search(text) or _CURRENCY_NAME.search(text):
            continue
        figures = [
            found
            for found in _FIGURE.finditer(text)
            if not _is_name_or_date(text, found)
        ]
        if figures and all(_is_bare(text, found) for found in figures):
            yield statement.problem(
                "figure-without-unit",
                "hint",
                f"the figure {figures[0].group()} in {shown(text)} has no unit.",
                "Add the unit or currency that the source gives.",
            )


def figures_without_year(
    statements: Sequence[PlacedStatement], sources: Mapping[str, Source]
) -> Iterator[Problem]:
    """Yield each amount of money for which no year is known at all.

    A year counts in the statement, anywhere in its section, or of one of its sources.
    """
    sections: defaultdict[str, list[str]] = defaultdict(list)
    for statement in statements:
        sections[statement.heading].append(statement.text)
    dated = {
        heading
        for heading, texts in sections.items()
        if any(map(_YEAR.search, (heading, *texts)))
    }
    for statement in statements:
        amount = _MONEY.search(statement.text)
        if amount is None or statement.heading in dated:
            continue
        cited = (sources.get(source_id) for source_id in statement.source_ids)
        if not any(source and source.year for source in cited):
            yield statement.problem(
                "figure-without-year",
                "hint",
                f"the amount of money in {shown(statement.text)} has no year.",
                "Say in which year it was paid or planned, or add the source's year.",
            )


def _is_name_or_date(text: str, found: re.Match[str]) -> bool:
    before = _before(text, found)
    if _YEAR.fullmatch(found.group()) or _MONTH_NEXT.match(text, found.end()):
        return True
    if _CURRENCY_BEFORE.search(before):
        return False
    return bool(_NAMING.search(before) or _PROPER_NAME.search(before))


def _is_bare(text: str, found: re.Match[str]) -> bool:
    """Return whether neither a unit nor a counted thing stands beside a figure."""
    if _CURRENCY_BEFORE.search(_before(text, found)):
        return False
    return _NO_UNIT_NEXT.match(text, found.end()) is not None


def _before(text: str, found: re.Match[str]) -> str:
    """Return the few characters before a figure: a whole text would be slow."""
    return text[max(0, found.start() - _LONGEST_NAME) : found.start()]
