"""The rule for how much evidence stands behind a statement."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from kb.types import Source
from tests.support.made_up import SOURCE
from ui.strength.rule import MAX_AGE_YEARS, strength

TODAY = 2026
# Addresses of listed publishers, one a kind; the titles and years are invented.
ADDRESSES = {
    "city": "https://www.hel.fi/invented",
    "public": "https://www.eib.org/invented",
    "company": "https://www.fortum.com/invented",
    "press": "https://yle.fi/invented",
    "research": "https://www.sintef.no/invented",
    "association": "https://www.c40.org/invented",
    "unknown": "https://nowhere.example/invented",
}


def bounded(kind: str, not_before: int) -> Source:
    """Return an invented source that states no year and is from a year or later."""
    return replace(source(kind, None), not_before=not_before)


def source(kind: str, year: int | None = 2024, publisher: str = "") -> Source:
    """Return an invented source of a publisher of a kind."""
    name = publisher or f"Invented {kind}"
    return replace(SOURCE, url=ADDRESSES[kind], publisher=name, year=year)


@pytest.mark.parametrize(
    ("sources", "level", "reasons"),
    [
        (
            [source("city"), source("press", None)],
            "wider",
            ("several-publishers", "outsider", "recent"),
        ),
        (
            [source("city"), source("company")],
            "narrow",
            ("several-publishers", "no-outsider", "recent"),
        ),
        ([source("press")], "narrow", ("one-publisher", "outsider", "recent")),
        ([source("company")], "narrow", ("one-publisher", "no-outsider", "recent")),
        (
            [source("press", None), source("public", None)],
            "narrow",
            ("several-publishers", "outsider", "year-unknown"),
        ),
        (
            [source("company", 2000)],
            "thin",
            ("one-publisher", "no-outsider", "old"),
        ),
        (
            [source("association", None)],
            "thin",
            ("one-publisher", "no-outsider", "year-unknown"),
        ),
        (
            [source("unknown", None)],
            "thin",
            ("one-publisher", "publishers-unknown", "year-unknown"),
        ),
        ([], "thin", ("no-source", "no-outsider", "year-unknown")),
        (
            [bounded("press", 2020), source("city", 2001)],
            "wider",
            ("several-publishers", "outsider", "recent"),
        ),
        (
            [bounded("company", 2010), source("company", 2008)],
            "thin",
            ("one-publisher", "no-outsider", "maybe-old"),
        ),
    ],
    ids=[
        "city and press",
        "city and company",
        "press alone",
        "company alone",
        "no year",
        "old company",
        "association without a year",
        "unlisted publisher",
        "no source",
        "recent at the earliest",
        "old at the earliest",
    ],
)
def test_strength_level(sources, level, reasons):
    """Three times yes is wider, three times no is thin, anything else is narrow."""
    found = strength(sources, TODAY)
    assert (found.level, found.reasons) == (level, reasons)


@pytest.mark.parametrize(
    ("age", "reason"),
    [(MAX_AGE_YEARS, "recent"), (MAX_AGE_YEARS + 1, "old"), (-1, "recent")],
    ids=["ten years", "eleven years", "dated ahead"],
)
def test_strength_when_a_source_ages(age, reason):
    """A source of ten years ago is recent, an older one is not."""
    assert strength([source("press", TODAY - age)], TODAY).reasons[2] == reason


def test_strength_counts_and_years():
    """Sources, publishers with their kinds, and the years are told as they are."""
    found = strength(
        [source("public", 2019), source("press", None), source("public", 2021)], TODAY
    )
    assert (found.n_sources, found.n_publishers) == (3, 2)
    assert found.kinds == ("public", "press")
    assert (found.oldest, found.newest) == (2019, 2021)


@pytest.mark.parametrize(
    ("sources", "newest", "may_be_later"),
    [
        ([bounded("press", 2021), source("city", 2019)], 2021, True),
        ([bounded("press", 2019), source("city", 2021)], 2021, False),
        ([bounded("press", 2021), source("city", 2021)], 2021, False),
        ([source("press", None)], None, False),
    ],
    ids=["the newest", "an older one", "as old as a dated one", "no year at all"],
)
def test_strength_when_only_the_earliest_year_is_known(sources, newest, may_be_later):
    """A source counts as of the earliest year that it can be from, and no later."""
    found = strength(sources, TODAY)
    assert (found.newest, found.newest_may_be_later) == (newest, may_be_later)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            source("unknown", publisher="Exampleton Heat (via a wire)"),
            source("company", publisher="Exampleton Heat"),
        ),
        (source("press", publisher="Paper"), source("press", publisher="Paper Sunday")),
    ],
    ids=["same name", "same own domain"],
)
def test_strength_when_one_publisher_has_two_names(first, second):
    """Two sources of one publisher count as one, of the kind that is known."""
    found = strength([first, second], TODAY)
    assert (found.n_sources, found.n_publishers) == (2, 1)
    assert found.reasons[0] == "one-publisher"
    assert "unknown" not in found.kinds


def test_strength_when_a_third_source_joins_two():
    """Two names that a third source ties together are one publisher, in any order."""
    by_name = replace(source("unknown"), publisher="Morning Paper")
    by_both = replace(source("press"), publisher="Morning Paper")
    by_domain = replace(source("press"), publisher="Evening Paper")
    for order in permutations([by_name, by_both, by_domain]):
        assert strength(order, TODAY).kinds == ("press",)


def test_strength_when_pages_share_a_host_for_all():
    """Two unknown authors on one hosting site stay two publishers."""
    pages = [source("unknown", publisher=name) for name in ("One", "Two")]
    assert strength(pages, TODAY).n_publishers == 2
