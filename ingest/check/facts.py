"""Whether what a case lists of its statements still stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import get_args

from ingest.check.quoted import numbers_in, says
from ingest.documents import Document, Units
from kb.errors import shown
from kb.review import mark_of
from kb.types import Condition, KeyFigure, MoneyKind, Problem, Step

_MASS = r"(?:mg|g|kg|t|kt|Mt)(?:CO2e?)?"
_MEASURE = re.compile(
    rf"(?:{_MASS}|[mck]?m|[mk]?m2|N?m3|ha|m?l|[kMGT]?W|[kMGT]?Wh|[kM]Wp|[kMGTP]J|"
    r"k?V|A|k?Pa|bar|dB|°C|h|s|%)"
)
_COUNTED = re.compile(r"[^\W\d_]{3,}(?:[ -][^\W\d_]{2,})*")
"""What can be counted is its own unit: homes, working days."""


def facts_hold(
    document: Document, split: Units | None, today: date
) -> Iterator[Problem]:
    """Yield each figure, condition or step that its statements do not say.

    Args:
        document: The case as it was read.
        split: Its statements; None for a file that was rejected, of which nothing is
            said.
        today: The day of the check.
    """
    if not split:
        return
    texts = {s.statement_id: s.text for s in split.statements}
    facts = document.facts
    for n, figure in enumerate(facts.figures):
        text = texts.get(figure.statement_id)
        if text is None:
            yield _dead(document, ("figures", str(n), "statement"), figure.statement_id)
        else:
            for key, reason, remedy in _faults(figure, text, today):
                yield _problem(document, ("figures", str(n), key), reason, remedy)
    listed: dict[str, Sequence[Condition | Step]] = {
        "conditions": facts.conditions,
        "steps": facts.steps,
    }
    for name, items in listed.items():
        for n, item in enumerate(items):
            for statement_id in item.statement_ids:
                if statement_id not in texts:
                    yield _dead(document, (name, str(n), "statements"), statement_id)


_RULES: Mapping[str, str] = {
    "quote": "figure-quote",
    "value": "figure-value",
    "value_to": "figure-value",
    "unit": "figure-unit",
    "year": "figure-dated",
}
"""Rule by the key that it is about."""


def _faults(
    figure: KeyFigure, text: str, today: date
) -> Iterator[tuple[str, str, str]]:
    """Yield the key that is wrong of a figure, why, and what to do."""
    quote = shown(figure.quote)
    if figure.quote not in text:
        yield (
            "quote",
            f"the quote {quote} does not stand in its statement.",
            "Copy the statement's words that give the figure, or remove the figure.",
        )
    for key, value in (("value", figure.value), ("value_to", figure.value_to)):
        if value is not None and not says(figure.quote, value):
            numbers = "other numbers" if numbers_in(figure.quote) else "no number"
            yield (
                key,
                f"{key} {value:,.12g} is not what {quote} says: it gives {numbers}.",
                "Write the number of the quote in single units (81 million is "
                "81000000, a third 33.3), or quote the words that give it.",
            )
    if fault := _unit_fault(figure):
        yield "unit", *fault
    if figure.year is not None and str(figure.year) not in text:
        yield (
            "year",
            f"the year {figure.year} does not stand in the statement.",
            "Give the year that the statement tells, or remove the key.",
        )
    elif figure.state == "realised" and (figure.year or 0) > today.year:
        yield (
            "year",
            f"a figure of {figure.year} is called realised.",
            "Write `state: planned` or `expected`, or correct the year.",
        )


def _unit_fault(figure: KeyFigure) -> tuple[str, str] | None:
    """Return what is wrong with a figure's unit and what to do; None if nothing is."""
    unit, is_money = figure.unit, figure.kind in get_args(MoneyKind)
    is_currency = unit in _currencies()
    if is_currency and not is_money:
        return (
            f"the kind {figure.kind!r} is none of money, and its unit {unit} is.",
            "Write a kind of money, such as investment or price, or another unit.",
        )
    if is_money and not (is_currency or unit in ("%", "times")):
        return (
            f"{shown(unit)} is no unit of money, which {figure.kind!r} needs.",
            "Write the currency's code (EUR, SEK), %, or a kind that is none of money.",
        )
    is_measure = all(_MEASURE.fullmatch(part) for part in unit.split("/"))
    is_counted = _COUNTED.fullmatch(unit) and unit == unit.lower()
    if not (is_currency or is_measure or is_counted):
        return (
            f"the unit {shown(unit)} is not known.",
            "Write a unit as MWh, t, tCO2e, m2, km, % or EUR, or what is counted in "
            "words: homes.",
        )
    return None


@cache
def _currencies() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


def _dead(document: Document, key: tuple[str, ...], statement_id: str) -> Problem:
    mark = shown(mark_of(statement_id))
    return _problem(
        document,
        key,
        f"the mark {mark} names no statement: it was changed after the item was "
        "written, or is gone.",
        "Write the mark that `mentorkb preview` shows of the statement that says it "
        "now, or remove the item.",
    )


def _problem(
    document: Document, key: tuple[str, ...], reason: str, remedy: str
) -> Problem:
    lines = document.lines
    rule = _RULES.get(key[-1], "fact-without-statement")
    line = lines.get(key, lines.get(key[:2]))
    path = document.front_matter_path or document.path
    return Problem(path, line, rule, "error", reason, remedy)
