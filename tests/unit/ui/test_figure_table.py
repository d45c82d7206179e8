"""Kinds, states and sums as pages say them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.conversion import in_euros
from kb.key_figures import KINDS, STATES
from kb.types import KeyFigure
from ui.parts.figure_markup import amount, conversion_text, table
from ui.vocabulary import figure_kind_name, figure_state_name

SUM = KeyFigure(
    statement_id="malmo/bonds#costs.00000000",
    quote="SEK 25-30 million",
    kind="investment",
    what="A made-up bond",
    value=23_500_000,
    unit="SEK",
    year=2021,
)


def test_every_kind_and_state_has_a_name_of_its_own():
    """A reader can tell all kinds apart, and all states."""
    assert len({figure_kind_name(kind) for kind in KINDS}) == len(KINDS)
    assert len({figure_state_name(state) for state in STATES}) == len(STATES)


def test_conversion_says_rate_and_year():
    """A converted sum never stands without the rate and the year that made it."""
    found = in_euros(SUM)
    assert found is not None
    assert conversion_text(found) == (
        "about 2.3 million EUR at the ECB's average of 2021, 1 EUR = 10.1465 SEK"
    )


def test_amount_in_the_readers_notation():
    """Values keep their own currency and unit."""
    assert amount(SUM) == "23,500,000\u00a0SEK"


@pytest.mark.parametrize(
    ("code", "value", "to", "unit", "per", "told"),
    [
        ("en", 1, None, "years", "", "1 year"),
        ("en", 2, 3.5, "years", "", "2–3.5 years"),
        ("fr", 1, None, "years", "", "1 an"),
        ("it", 2, None, "months", "", "2 mesi"),
        ("pl", 5, None, "years", "", "5 lat"),
        ("fr", 40, None, "MWh", "year", "40 MWh par an"),
        ("hu", 40, None, "EUR", "month", "40 EUR/hónap"),
        ("en", 12, None, "kWh", "m2", "12 kWh per m²"),
        ("en", 3, None, "m3", "m2 and year", "3 m³ per m² and year"),
        ("en", 5, None, "mg/Nm3", "", "5 mg/Nm³"),
        ("en", 2, None, "tCO2", "", "2 tCO2"),
    ],
)
def test_amount_with_its_unit(monkeypatch, code, value, to, unit, per, told):
    """Durations are said in the reader's language, in the singular where it is one."""
    monkeypatch.setattr("ui.formats.spoken_language", lambda: code)
    figure = replace(SUM, value=value, value_to=to, unit=unit, per=per)
    assert amount(figure).replace("\u00a0", " ") == told


def test_table_of_figures():
    """A sum stands in its own currency, the conversion small below it; text is text."""
    told = table("Figures", [(replace(SUM, what="<b>bond</b>"), "#here", "")])
    assert "23,500,000\u00a0SEK<br><small>about 2.3 million EUR" in told
    assert "<b>" not in told
