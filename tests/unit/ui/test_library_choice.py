"""Which cases of the library fit a choice of filters, and in which order they come."""

from __future__ import annotations

import pytest

from kb.library import LibraryCase
from kb.types import Review
from tests.support.made_up import case
from ui.library.choice import (
    CaseFilter,
    find_cases,
    newest_first,
    what_each_filter_hides,
)

TODAY = 2026
HEAT = LibraryCase(
    case("exampleton/heat", themes=("district-heating",), period="2018-2021"),
    {"What was done": 3, "Obstacles": 1},
)
BONDS = LibraryCase(
    case(
        "exampleton/bonds",
        themes=("financing", "citizen-engagement"),
        period="2010-ongoing",
        review=Review("reviewed", "An Invented Expert", "2024-05-01"),
    ),
    {"Costs": 2},
)
BRICKS = LibraryCase(
    case(
        "sampleby/bricks",
        themes=("circular-construction",),
        period="one summer",
        review=Review("checked", on="2026-11-30"),
    ),
    {"Obstacles": 2, "": 4},
)
LIBRARY = [BONDS, HEAT, BRICKS]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CaseFilter(), [BONDS, HEAT, BRICKS]),
        (CaseFilter(cities=("exampleton",)), [BONDS, HEAT]),
        (CaseFilter(cities=("exampleton", "sampleby")), [BONDS, HEAT, BRICKS]),
        (CaseFilter(themes=("financing", "district-heating")), [BONDS, HEAT]),
        (CaseFilter(themes=("citizen-engagement",)), [BONDS]),
        (CaseFilter(section="Obstacles"), [HEAT, BRICKS]),
        (CaseFilter(review="reviewed"), [BONDS]),
        (CaseFilter(review="draft"), [HEAT]),
        (CaseFilter(review="checked"), [BRICKS]),
        (CaseFilter(cities=("exampleton",), section="Obstacles"), [HEAT]),
        (CaseFilter(cities=("sampleby",), themes=("financing",)), []),
        (CaseFilter(cities=("atlantis",)), []),
    ],
    ids=str,
)
def test_find_cases_when_filtered(wanted: CaseFilter, found: list[LibraryCase]):
    """A case passes with any value of a filter, and must pass every filter."""
    assert find_cases(LIBRARY, wanted, TODAY) == found


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (None, None, [BONDS, HEAT, BRICKS]),
        (2021, 2021, [BONDS, HEAT]),  # the last year of one is included
        (2022, None, [BONDS]),
        (TODAY, TODAY, [BONDS]),  # it goes on
        (TODAY + 1, None, []),
        (None, 2018, [BONDS, HEAT]),  # the first year of one is included
        (None, 2010, [BONDS]),
        (None, 2009, []),
        (2021, 2019, [BONDS, HEAT]),  # the wrong way round: what spans both
    ],
)
def test_find_cases_when_years_are_asked_for(
    first: int | None, last: int | None, found: list[LibraryCase]
):
    """A case passes when its period shares a year; one without years then does not."""
    wanted = CaseFilter(first_year=first, last_year=last)
    assert find_cases(LIBRARY, wanted, TODAY) == found


def test_newest_first():
    """The latest start comes first, then the later end, then the id; unknown last."""
    longer = LibraryCase(case("sampleby/a", period="2018-2030"), {})
    equal = LibraryCase(case("exampleton/a", period="2018-2021"), {})
    found = newest_first([BRICKS, BONDS, HEAT, equal, longer], TODAY)
    assert found == [longer, equal, HEAT, BONDS, BRICKS]


def test_what_each_filter_hides():
    """For every filter that is set: how many cases would fit without it."""
    wanted = CaseFilter(
        cities=("sampleby",), themes=("district-heating",), first_year=2000
    )
    assert find_cases(LIBRARY, wanted, TODAY) == []
    # Without the city the heat case fits; without the theme or the years nothing
    # does: the bricks are of another theme and name no year.
    assert what_each_filter_hides(LIBRARY, wanted, TODAY) == {
        "cities": 1,
        "themes": 0,
        "period": 0,
    }
    assert what_each_filter_hides(LIBRARY, CaseFilter(), TODAY) == {}


def test_without_removes_one_filter():
    """Every filter can be removed alone, both years together."""
    wanted = CaseFilter(("a",), ("b",), "Costs", 2000, 2010, "draft")
    assert wanted.is_set() == ["cities", "themes", "section", "period", "review"]
    for name in wanted.is_set():
        left = wanted.without(name).is_set()
        assert left == [other for other in wanted.is_set() if other != name]
