"""Calibration of the confidence, against values worked out by hand."""

from __future__ import annotations

import pytest

from evals.calibration import confidences, error_p_value, measure_reliability
from tests.unit.evals.made_up_runs import HEAT, answer, entry, question, run


def asked(*pairs):
    """Return confidence, and whether there is an answer, by question id."""
    qids = [f"q{n:02}" for n in range(len(pairs))]
    return (
        dict(zip(qids, (c for c, _ in pairs), strict=True)),
        dict(zip(qids, (bool(t) for _, t in pairs), strict=True)),
    )


# Twenty questions are two bins: ten at .2, of which three have an answer, and ten at
# .9, of which eight have one.
TWO_BINS = [(0.2, n < 3) for n in range(10)] + [(0.9, n < 8) for n in range(10)]


def test_measure_reliability_weighs_the_distance_of_each_bin():
    """The error is the mean distance: (10 * .1 + 10 * .1) / 20 = .1."""
    found = measure_reliability(*asked(*TWO_BINS))
    assert found
    assert found.error == pytest.approx(0.1)
    assert [b.n for b in found.bins] == [10, 10]
    assert [b.confidence for b in found.bins] == pytest.approx([0.2, 0.9])
    assert [b.answerable for b in found.bins] == pytest.approx([0.3, 0.8])


def test_measure_reliability_when_it_is_perfect():
    """A confidence that is the share of answers has no error."""
    pairs = [(0.5, n % 2) for n in range(20)]
    found = measure_reliability(*asked(*pairs))
    assert found
    assert found.error == pytest.approx(0)


def test_measure_reliability_when_confidences_are_equal():
    """Equal confidences share a bin, whatever the order of the questions."""
    forwards = measure_reliability(*asked(*[(0.5, n < 10) for n in range(20)]))
    assert forwards
    assert [b.n for b in forwards.bins] == [20]
    assert forwards.error == pytest.approx(0)


def test_measure_reliability_has_ten_bins_at_most():
    """A thousand questions fall into ten bins of a hundred."""
    found = measure_reliability(*asked(*[(n / 1000, n % 2) for n in range(1000)]))
    assert found
    assert [b.n for b in found.bins] == [100] * 10


def test_measure_reliability_when_there_are_few_questions():
    """Fewer than twenty questions are one bin: mean .5, two of three answered."""
    found = measure_reliability(*asked((0.2, False), (0.4, True), (0.9, True)))
    assert found
    (only,) = found.bins
    assert (only.confidence, only.answerable) == pytest.approx((0.5, 2 / 3))
    assert found.error == pytest.approx(1 / 6)


def test_measure_reliability_when_there_is_no_question():
    """Nothing asked is not calibrated."""
    assert measure_reliability({}, {}) is None


def test_error_p_value_when_nothing_changed():
    """The same confidences differ by nothing."""
    confidence, truth = asked(*TWO_BINS)
    assert error_p_value(confidence, confidence, truth) == 1


def test_error_p_value_when_one_question_moves():
    """One small change of twenty may be chance, twenty large ones are not."""
    confidence, truth = asked(*TWO_BINS)
    moved = confidence | {"q00": 0.3}
    assert error_p_value(moved, confidence, truth) > 0.05
    turned = {qid: 1 - c for qid, c in confidence.items()}
    assert error_p_value(turned, confidence, truth) < 0.05


def test_confidences_of_a_run():
    """Refusals have a confidence, too; a system that only retrieves has none."""
    found = confidences(
        run(
            entry(question("q1"), [], answer(f"{HEAT}#costs.1", confidence=0.75)),
            entry(question("q2"), [], answer(reason_code="off-topic", confidence=0.25)),
            entry(question("q3"), [HEAT]),
        )
    )
    assert found == {"q1": 0.75, "q2": 0.25}
