"""A sum of a known year is converted at that year's rate, and at no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.conversion import in_euros, yearly_rates
from kb.types import KeyFigure

SUM = KeyFigure(
    statement_id="malmo/bonds#costs.00000000",
    quote="SEK 25-30 million",
    kind="investment",
    what="A made-up bond",
    value=25e6,
    value_to=30e6,
    unit="SEK",
    year=2021,
)


def test_in_euros():
    """Both ends of a range are divided by the average that the ECB published."""
    found = in_euros(SUM)
    assert found is not None
    assert found.rate.rate == 10.1465
    assert found.value == pytest.approx(25e6 / 10.1465)
    assert found.value_to == pytest.approx(30e6 / 10.1465)


@pytest.mark.parametrize(
    "change",
    [
        {"year": None},
        {"year": 1998},
        {"year": 2100},
        {"unit": "EUR"},
        {"unit": "MWh"},
        {"value": None, "value_to": None},
    ],
)
def test_not_converted(change):
    """Without a year, a rate of that year, or a sum, there is no conversion."""
    assert in_euros(replace(SUM, **change)) is None


def test_rates_are_of_full_years():
    """Every currency has a rate for each year, from all its working days."""
    rates = yearly_rates()
    currencies = {currency for currency, _ in rates}
    years = {year for _, year in rates}
    assert currencies == {"DKK", "GBP", "HUF", "NOK", "SEK", "USD"}
    assert years == set(range(1999, max(years) + 1))
    assert set(rates) == {(c, y) for c in currencies for y in years}
    assert min(rate.days for rate in rates.values()) > 250
