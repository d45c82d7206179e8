"""What years a period written in free text stands for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ui.library.period import years

ROOT = Path(__file__).parents[3]
TODAY = 2026


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2019-ongoing", (2019, TODAY)),
        ("2015-2023", (2015, 2023)),
        ("2018–2035", (2018, 2035)),
        ("2022", (2022, 2022)),
        ("around 2004", (2004, 2004)),
        ("about 2009-2019", (2009, 2019)),
        ("from 2014", (2014, TODAY)),
        ("from 2014 to 2016", (2014, 2016)),
        ("since the 1990s", (1990, TODAY)),
        ("2010s", (2010, 2019)),
        ("early 1990s to 2004", (1990, 2004)),
        ("before 2021-ongoing", (2021, TODAY)),
        ("until 2019", (2019, 2019)),
        ("2013-", (2013, TODAY)),
        ("2013 – present", (2013, TODAY)),
        ("2007/08", (2007, 2008)),
        ("2011-14", (2011, 2014)),
        ("2019-06 to 2021-03", (2019, 2021)),
        ("1 June 2019 - 31 March 2021", (2019, 2021)),
        ("2021-2019", (2019, 2021)),
        ("2031-ongoing", (2031, 2031)),
    ],
)
def test_years_when_period_names_some(period: str, expected: tuple[int, int]):
    """Spans, single years, decades and what goes on give a first and a last year."""
    assert years(period, TODAY) == expected


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2008-2013 (in operation since November 2013)", (2008, 2013)),
        ("1962-ongoing (grant projects in the 2010s)", (1962, TODAY)),
        ("2020-2022 (pavilion); EU project of four years", (2020, 2022)),
        ("several years (2016-2018)", (2016, 2018)),
    ],
)
def test_years_when_period_is_explained(period: str, expected: tuple[int, int]):
    """What stands in brackets counts only where nothing else names a year."""
    assert years(period, TODAY) == expected


@pytest.mark.parametrize(
    "period", ["", "not stated", "ongoing", "four years", "12019", "area 2050m2"]
)
def test_years_when_period_names_none(period: str):
    """A period without a year has no years, and nothing is guessed."""
    assert years(period, TODAY) is None


def test_years_when_text_is_long():
    """A period of 40,000 characters is read as any other."""
    assert years("2019-" * 8_000 + "ongoing", TODAY) == (2019, TODAY)


def _shipped_periods() -> list[str]:
    lines = [
        line.removeprefix("period:").strip(" '\"")
        for path in (ROOT / "corpus").glob("*/*.md")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("period:")
    ]
    return sorted(lines)


def test_years_of_the_shipped_cases():
    """Every shipped period names its years; the first is the first that it writes."""
    periods = _shipped_periods()
    assert len(periods) == 148
    for period in periods:
        found = years(period, TODAY)
        first = re.search(r"\d{4}", period)
        assert first is not None
        assert found is not None, period
        assert found[0] == int(first.group())
        if "ongoing" in period:
            assert found[1] == TODAY, period
