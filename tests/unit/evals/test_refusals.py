"""Refusals, both errors, counted by hand."""

from __future__ import annotations

import pytest

from evals.refusals import (
    count_refusals,
    decided_rightly,
    is_miss,
    refusal_curve,
    refusals_by,
)
from evals.summary import Refusals
from tests.unit.evals.made_up_runs import HEAT, answer, entry, question, run

PIPE = f"{HEAT}#costs.1"


def asked(qid, kind="", *, refused=False, confidence=0.8, cases=()):
    """Return what was done with a question of a kind."""
    answered = (
        answer(reason_code="off-topic", confidence=confidence)
        if refused
        else answer(PIPE, confidence=confidence)
    )
    return entry(question(qid, kind=kind), cases, answered)


def test_count_refusals_counts_both_errors():
    """False refusals are of answerable questions, wrong answers of each other kind."""
    found = count_refusals(
        run(
            asked("q1", refused=True),
            asked("q2"),
            asked("q3", "vague"),
            asked("q4", "near-miss"),
            asked("q5", "near-miss", refused=True),
            asked("q6", "near-miss"),
            asked("q7", "off-topic", refused=True),
        )
    )
    assert found == Refusals(
        false_refusals=1,
        answerable=3,
        wrongly_answered={"off-topic": 0, "near-miss": 2},
        unanswerable={"off-topic": 1, "near-miss": 3},
    )


def test_count_refusals_when_the_closest_are_shown():
    """Showing the closest statements without an answer is a refusal."""
    closest = answer(PIPE, reason_code="no-direct-answer")
    found = count_refusals(run(entry(question("q1"), [], closest)))
    assert found.false_refusals == 1


def test_count_refusals_when_there_is_no_question():
    """Nothing asked is nothing refused."""
    assert count_refusals(run()) == Refusals(0, 0, {}, {})


def test_refusals_by_group():
    """Each group has its own counts, in the order of names; the empty one has none."""
    found = refusals_by(
        run(
            asked("q1", "vague", refused=True),
            asked("q2", "near-miss"),
            asked("q3", "near-miss", refused=True),
            asked("q4"),
        ),
        lambda question: question.kind,
    )
    assert found == {
        "near-miss": Refusals(0, 0, {"near-miss": 1}, {"near-miss": 2}),
        "vague": Refusals(1, 1, {}, {}),
    }
    assert list(found) == ["near-miss", "vague"]


def test_decided_rightly_when_both_kinds_are_asked():
    """Answering the answerable and refusing the others is right."""
    found = decided_rightly(
        run(
            asked("q1"),
            asked("q2", refused=True),
            asked("q3", "near-miss"),
            asked("q4", "near-miss", refused=True),
        )
    )
    assert found == {"q1": 1, "q2": 0, "q3": 0, "q4": 1}


def test_decided_rightly_when_a_system_only_retrieves():
    """A system that does not answer decides nothing."""
    assert decided_rightly(run(entry(question("q1"), ["a/x"]))) == {}


def test_refusal_curve_when_confidences_are_known():
    """A threshold refuses what is below it and answers what is at or above it."""
    points = refusal_curve(
        run(
            asked("q1", confidence=0.25),
            asked("q2", confidence=0.75),
            asked("q3", "near-miss", confidence=0.5),
            asked("q4", "near-miss", confidence=0.1, refused=True),
            asked("q5", "off-topic", confidence=0.0, refused=True),
        )
    )
    curve = {
        round(p.threshold, 2): (
            p.false_refusal_rate,
            p.wrong_answer_rates["near-miss"],
            p.wrong_answer_rates["off-topic"],
        )
        for p in points
    }
    assert len(curve) == 101
    expected = {
        0.0: (0, 1, 1),  # nothing is below 0
        0.25: (0, 1 / 2, 0),  # q1 is at the threshold
        0.26: (1 / 2, 1 / 2, 0),  # q1 refused
        0.5: (1 / 2, 1 / 2, 0),  # q3 is at the threshold
        0.51: (1 / 2, 0, 0),
        1.0: (1, 0, 0),
    }
    assert {threshold: curve[threshold] for threshold in expected} == expected


def test_refusal_curve_falls_and_rises():
    """With the threshold false refusals only rise and wrong answers only fall."""
    points = refusal_curve(
        run(
            *[asked(f"a{n}", confidence=n / 7) for n in range(8)],
            *[asked(f"u{n}", "other-city", confidence=n / 9) for n in range(10)],
        )
    )
    refused = [p.false_refusal_rate for p in points]
    answered = [p.wrong_answer_rates["other-city"] for p in points]
    assert refused == sorted(refused)
    assert answered == sorted(answered, reverse=True)


@pytest.mark.parametrize(
    ("kind", "refused", "cases", "miss"),
    [
        ("", False, ["a/x"], False),
        ("", True, ["a/x"], True),
        ("", False, ["b/1", "b/2", "b/3", "b/4", "a/x"], False),
        ("", False, ["b/1", "b/2", "b/3", "b/4", "b/5", "a/x"], True),
        ("", False, [], True),
        ("near-miss", True, ["b/1"], False),
        ("near-miss", False, ["a/x"], True),
    ],
    ids=["hit", "false refusal", "fifth", "sixth", "nothing", "refused", "answered"],
)
def test_is_miss_when_a_question_is_judged(kind, refused, cases, miss):
    """A miss is a wrong refusal, a wrong answer, or no right case among five."""
    done = asked("q1", kind, refused=refused, cases=cases)
    assert is_miss(done, {"a/x", "a/y"}) is miss


def test_is_miss_when_no_case_is_known_to_be_right():
    """Without judgements a ranking cannot be wrong."""
    assert not is_miss(asked("q1", cases=["b/1"]), set())


def test_is_miss_when_a_system_only_retrieves():
    """Without answers only the cases found count."""
    assert is_miss(entry(question("q1"), ["b/1"]), {"a/x"})
    assert not is_miss(entry(question("q1", kind="near-miss"), ["b/1"]), set())
