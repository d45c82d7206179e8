"""Measures over outcomes, against values worked out by hand."""

from __future__ import annotations

import pytest

from evals import Outcome, Question, is_miss, summarise


def outcome(qid, judged, found, *, abstained=False, ms=10.0) -> Outcome:
    question = Question(qid=qid, lang="en", text="Why?", cases=judged)
    return Outcome(question=question, cases=found, abstained=abstained, ask_ms=ms)


def test_summarise_when_ranks_are_known():
    """Each measure is the mean over the answerable questions."""
    summary = summarise(
        [
            outcome("q1", {"a/x": 2}, ["a/x", "a/y"]),  # RR 1
            outcome("q2", {"a/x": 2}, ["a/y", "a/x"]),  # RR 1/2
            outcome("q3", {"a/x": 2}, []),  # RR 0: it counts
        ]
    )
    assert summary.measures["RR(rel=2)@10"] == pytest.approx((1 + 0.5 + 0) / 3)
    assert summary.measures["Success(rel=2)@5"] == pytest.approx(2 / 3)
    assert summary.measures["R@5"] == pytest.approx(2 / 3)


def test_summarise_when_grades_differ():
    """NDCG knows both grades: gains are the grades, 2/log2(2) + 1/log2(3) at best."""
    summary = summarise([outcome("q1", {"a/x": 2, "a/y": 1}, ["a/y", "a/x"])])
    # (1/1 + 2/1.585) / (2/1 + 1/1.585) = 2.262 / 2.631
    assert summary.measures["nDCG@10"] == pytest.approx(0.8597, abs=1e-4)


def test_summarise_when_questions_are_refused():
    """Refusals are counted apart for questions with and without an answer."""
    summary = summarise(
        [
            outcome("q1", {"a/x": 2}, ["a/x"], abstained=True),
            outcome("q2", {"a/x": 2}, ["a/x"]),
            outcome("q3", {}, ["a/x"], abstained=True),
            outcome("q4", {}, ["a/x"]),
        ]
    )
    assert (summary.n_answerable, summary.false_refusals) == (2, 1)
    assert (summary.n_unanswerable, summary.refusals) == (2, 1)


def test_summarise_when_times_are_known():
    """The median and the 95th percentile are over all questions, in milliseconds."""
    times = [outcome(f"q{ms}", {}, [], ms=float(ms)) for ms in range(1, 102)]
    summary = summarise(times)
    assert summary.ask_ms_p50 == 51
    assert summary.ask_ms_p95 == 96


def test_summarise_when_nothing_is_answerable():
    """Without answerable questions there are no measures, not zeros."""
    assert summarise([outcome("q1", {}, [])]).measures == {}


@pytest.mark.parametrize(
    ("judged", "found", "abstained", "miss"),
    [
        ({"a/x": 2}, ["a/x"], False, False),
        ({"a/x": 2}, ["a/x"], True, True),
        ({"a/x": 2}, ["1", "2", "3", "4", "5", "a/x"], False, True),
        ({"a/x": 1}, ["a/x"], False, True),
        ({}, ["a/x"], True, False),
        ({}, ["a/x"], False, True),
    ],
    ids=["hit", "false refusal", "sixth", "only helps", "refused", "answered"],
)
def test_is_miss(judged, found, abstained, miss):
    """A miss is a wrong refusal, a wrong answer, or no answering case in five."""
    assert is_miss(outcome("q1", judged, found, abstained=abstained)) is miss
