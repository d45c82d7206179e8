"""Intervals and p-values, small enough to count every case by hand."""

from __future__ import annotations

import pytest

from evals.statistics import estimate, paired_p_value
from evals.summary import Estimate


def test_estimate_when_there_is_no_question():
    """Without questions there is no mean, not 0."""
    assert estimate({}, {}) is None


def test_estimate_when_all_values_are_equal():
    """Equal values leave no uncertainty to show."""
    assert estimate({"q1": 0.5, "q2": 0.5}, {}) == Estimate(0.5, 0.5, 0.5, 2)


def test_estimate_when_all_questions_share_a_need():
    """One need says nothing about others: the interval is the mean itself."""
    shared = {"q1": "q1", "q1-fi": "q1"}
    assert estimate({"q1": 1.0, "q1-fi": 0.0}, shared) == Estimate(0.5, 0.5, 0.5, 2)


def test_estimate_weighs_questions():
    """The mean is over questions: three of one need count three times."""
    values = {"a": 1.0, "a-fi": 1.0, "a-hu": 1.0, "b": 0.0}
    found = estimate(values, {"a-fi": "a", "a-hu": "a"})
    assert found is not None
    assert found.mean == 3 / 4
    assert found.n == 4


def test_estimate_resamples_needs():
    """Whole needs are drawn again, with all their questions.

    Two needs, a (1, 1, 1) and b (0), give aa, ab, ba or bb: mean 1, 3/4, 3/4 or 0, each
    a quarter of the time, so that 95% reach from 0 to 1. Drawing the four questions one
    by one, the mean would be 0 only once in 256 times and the interval would not reach
    down to it.
    """
    values = {"a": 1.0, "a-fi": 1.0, "a-hu": 1.0, "b": 0.0}
    found = estimate(values, {"a-fi": "a", "a-hu": "a"})
    assert found is not None
    assert (found.low, found.high) == (0.0, 1.0)


def test_estimate_narrows_with_more_needs():
    """Many needs are more certain: 1.96 * sqrt(0.25 / 400) = 0.049 on either side."""
    found = estimate({f"q{n}": float(n % 2) for n in range(400)}, {})
    assert found is not None
    assert found.low == pytest.approx(0.5 - 0.049, abs=0.008)
    assert found.high == pytest.approx(0.5 + 0.049, abs=0.008)


def test_estimate_gives_the_same_every_time():
    """The draws are seeded and do not depend on the order of the questions."""
    values = {f"q{n}": n / 8 for n in range(8)}  # eighths add up without rounding
    backwards = dict(reversed(values.items()))
    assert estimate(values, {}) == estimate(backwards, {})


@pytest.mark.parametrize(
    ("differences", "p_value"),
    [
        # All 2^n signs of the differences; the share with a sum as large, twice.
        ([1, 1, 1, 1, 1], 2 * 1 / 32),
        ([3, 2, 1], 2 * 1 / 8),
        ([-3, -2, -1], 2 * 1 / 8),
        ([3, 2, -1], 2 * 2 / 8),  # sums of 4 or more: 6 and 4
        ([1, -1], 1.0),  # sums of 0 or more: 3 of 4; twice that is cut at 1
        ([0, 0, 0], 1.0),
        ([1], 1.0),
        ([], 1.0),
    ],
    ids=["5 won", "3 won", "3 lost", "1 lost", "even", "equal", "one", "none"],
)
def test_paired_p_value_when_signs_can_be_counted(differences, p_value):
    """Small samples are exact: every assignment of signs is counted."""
    ours = {f"q{n}": 10.0 + d for n, d in enumerate(differences)}
    theirs = {qid: 10.0 for qid in ours}
    assert paired_p_value(ours, theirs, {}) == pytest.approx(p_value)


def test_paired_p_value_groups_by_need():
    """Three needs in two languages are three observations, 2 / 8, not six, 2 / 64."""
    ours = {f"q{n}{lang}": 1.0 for n in range(3) for lang in ("", "-fi")}
    theirs = dict.fromkeys(ours, 0.0)
    need_of = {qid: qid.removesuffix("-fi") for qid in ours}
    assert paired_p_value(ours, theirs, need_of) == pytest.approx(2 / 8)
    assert paired_p_value(ours, theirs, {}) == pytest.approx(2 / 64)


def test_paired_p_value_means_over_a_need():
    """Languages that cancel each other out leave a need without a difference."""
    ours = {"a": 1.0, "a-fi": 0.0, "b": 1.0, "b-fi": 0.0}
    theirs = {"a": 0.0, "a-fi": 1.0, "b": 0.0, "b-fi": 1.0}
    assert paired_p_value(ours, theirs, {"a-fi": "a", "b-fi": "b"}) == 1.0


def test_paired_p_value_looks_at_common_questions():
    """A question that only one side has is no pair."""
    ours = {"q1": 3.0, "q2": 2.0, "q3": 1.0, "only-ours": 9.0}
    theirs = {"q1": 0.0, "q2": 0.0, "q3": 0.0, "only-theirs": 9.0}
    assert paired_p_value(ours, theirs, {}) == pytest.approx(2 / 8)
    assert paired_p_value({"q1": 1.0}, {"q2": 1.0}, {}) == 1.0


def test_paired_p_value_is_two_sided():
    """Which of two systems is named first does not matter."""
    ours = {f"q{n}": float(n % 3) for n in range(12)}
    theirs = {f"q{n}": float(n % 2) for n in range(12)}
    assert paired_p_value(ours, theirs, {}) == paired_p_value(theirs, ours, {})


def test_paired_p_value_when_signs_are_too_many_to_count():
    """Forty clear wins are significant, by seeded draws."""
    ours, theirs = {f"q{n}": 1.0 for n in range(40)}, {f"q{n}": 0.0 for n in range(40)}
    found = paired_p_value(ours, theirs, {})
    assert 0 < found < 0.001
    assert found == paired_p_value(ours, theirs, {})
