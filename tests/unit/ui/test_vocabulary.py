"""What the things of the corpus are called, as plain text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.made_up import SOURCE
from ui.vocabulary import place, source_details, speaks_of


@pytest.mark.parametrize(
    ("section", "page", "expected"),
    [
        ("Costs", None, "Costs"),
        ("Costs", 3, "Costs, page 3"),
        ("", 3, "page 3"),
        ("", None, "text"),
    ],
)
def test_place(section, page, expected):
    """A passage of a report is named by section and page, whichever it has."""
    assert place(section, page) == expected


def test_source_details():
    """Publisher, year and language stand behind a source, also without a year."""
    year = replace(SOURCE, publisher="Crumbly Press", language="sv", year=2020)
    assert source_details(year) == "Crumbly Press, 2020, in Swedish"
    without = replace(year, year=None)
    assert source_details(without) == "Crumbly Press, year unknown, in Swedish"
    bounded = replace(without, not_before=2022)
    assert source_details(bounded) == "Crumbly Press, 2022 or later, in Swedish"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The pipe was laid in 2023.", "speaks of 2023"),
        ("From 2019 to 2023 it was cold.", "speaks of 2019 and 2023"),
        ("The plan of 2019-2023 was renewed.", "speaks of 2019-2023"),
        ("Laid in 2011, 2013, 2017 and 2019.", "speaks of 2011-2019"),
        ("The pipe is long.", ""),
    ],
)
def test_speaks_of(text, told):
    """Where no source tells a year, those of the statement are told as its own."""
    undated = replace(SOURCE, year=None)
    assert speaks_of(text, [undated, undated]) == told
    assert speaks_of(text, [undated, SOURCE]) == ""
    assert speaks_of(text, [replace(undated, not_before=2022)]) == ""
