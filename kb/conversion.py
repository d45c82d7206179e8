"""Key figures in euros, at the European Central Bank's average rate of their year.

A conversion is a help to compare and no statement of a source: it is shown beside a
figure with its rate and year, and stands in no case.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kb.types import KeyFigure


@dataclass(frozen=True, slots=True)
class YearlyRate:
    """The mean of the daily reference rates of a year."""

    currency: str
    """ISO 4217 code."""
    year: int
    rate: float
    """Units of the currency for one euro."""
    days: int
    """How many daily rates it is the mean of."""


@dataclass(frozen=True, slots=True)
class InEuros:
    """A sum in euros, with the rate that it was converted at."""

    value: float
    value_to: float | None
    """The end of a range that begins with ``value``."""
    rate: YearlyRate


def in_euros(figure: KeyFigure) -> InEuros | None:
    """Return a sum of money in another currency in euros.

    None for euros and for what is no money, for a figure without a value or a year, and
    for a year or currency without a rate: years to come, the current one, years before
    1999.
    """
    if figure.value is None or figure.year is None:
        return None
    rate = yearly_rates().get((figure.unit, figure.year))
    if rate is None:
        return None
    to = figure.value_to
    return InEuros(
        figure.value / rate.rate, None if to is None else to / rate.rate, rate
    )


@cache
def yearly_rates() -> Mapping[tuple[str, int], YearlyRate]:
    """Return the shipped rates by currency and year.

    Source: euro foreign exchange reference rates of the European Central Bank; the head
    of ``rates.tsv`` says as of which day.
    """
    text = files("kb").joinpath("rates.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {
        (row["currency"], int(row["year"])): YearlyRate(
            row["currency"], int(row["year"]), float(row["average"]), int(row["days"])
        )
        for row in csv.DictReader(lines, delimiter="\t")
    }
