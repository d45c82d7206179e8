"""What a review and the comparison of statements with their sources say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.review import MEANING, as_compared, mark_of, review_told, status_of
from kb.types import Review
from tests.support.made_up import STATEMENT, cited

CHECKED = replace(STATEMENT, checked_on="2026-11-30")
DRAFT, REVIEWED = Review(), Review("reviewed", "An Invented Expert", "2024-05-01")


def test_mark_is_the_id_without_the_case():
    """A mark names a statement inside its case."""
    assert mark_of("exampleton/heat#costs.1a2b3c4d-2") == "costs.1a2b3c4d-2"


@pytest.mark.parametrize(
    ("statement", "review", "status"),
    [
        (STATEMENT, DRAFT, "draft"),
        (CHECKED, DRAFT, "checked"),
        (CHECKED, REVIEWED, "reviewed"),
        (STATEMENT, REVIEWED, "reviewed"),
        (STATEMENT, Review("checked"), "draft"),
    ],
)
def test_status_of_a_statement(statement, review, status):
    """A review is of the whole case; a comparison only of the statement it marks."""
    assert status_of(statement, review) == status


@pytest.mark.parametrize(
    ("review", "statements", "found"),
    [
        (
            Review("checked"),
            [CHECKED, replace(CHECKED, checked_on="2026-12-02")],
            Review("checked", on="2026-12-02"),
        ),
        (Review("checked"), [CHECKED, STATEMENT], DRAFT),
        (Review("checked"), [], DRAFT),
        (DRAFT, [CHECKED], DRAFT),
        (REVIEWED, [STATEMENT], REVIEWED),
    ],
    ids=["every statement", "not every one", "none", "not said", "reviewed"],
)
def test_case_is_checked_only_as_far_as_its_statements_are(review, statements, found):
    """What a case says of itself never goes beyond what its marks say."""
    assert as_compared(review, statements) == found


def test_review_told():
    """A comparison is told with its day, and that nobody has approved anything."""
    citation = cited(1, "x", review_status="checked", checked_on="2026-11-30")
    assert review_told(citation) == (
        "compared with its source on 2026-11-30, not approved"
    )
    assert review_told(cited(1, "x")) == "draft"
    assert "no expert or city has approved" in MEANING
