"""What the things of the corpus are called, as plain text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.made_up import SOURCE
from ui.vocabulary import place, source_details


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
