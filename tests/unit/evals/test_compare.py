"""Two runs side by side: differences by hand, questions won and lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.compare import Changed, Difference, compare
from evals.errors import QuestionSetError
from evals.results import AnswerResult, QuestionResult

NDCG, RIGHT = "case nDCG@10", "decided rightly"


def result(qid, ndcg=None, right=None, *, refused="", **changes):
    """Return one question's result; it was answered unless it was refused."""
    measures = {NDCG: ndcg, RIGHT: right}
    whole = QuestionResult(
        qid=qid,
        need=qid,
        lang="en",
        kind="",
        text=f"Why {qid}?",
        cases=["a/x", "a/y"],
        passages=[],
        answer=AnswerResult(bool(refused), refused, 0.5, []),
        measures={name: v for name, v in measures.items() if v is not None},
        ms=1.0,
        timings_ms={},
    )
    return replace(whole, **changes)


def test_compare_when_a_measure_differs():
    """Means, p-value and number are over the questions that both have it for."""
    a = [result("q1", 0.5), result("q2", 0.25), result("q3", 0.0), result("q4", 0.7)]
    b = [result("q1", 1.0), result("q2", 0.5), result("q3", 1.0), result("q4")]
    # (0.5 + 0.25 + 0) / 3 and (1 + 0.5 + 1) / 3; three wins of three: 2 of 8 signs
    (found,) = compare(a, b).differences
    assert (found.measure, found.n) == (NDCG, 3)
    assert (found.a, found.b) == pytest.approx((0.25, 2.5 / 3))
    assert found.p_value == pytest.approx(0.25)


def test_compare_when_questions_share_a_need():
    """Two languages of one need are one observation: no p-value below 1."""
    a = [result("q1", 0.0), result("q1-fi", 0.0, need="q1")]
    b = [result("q1", 1.0), result("q1-fi", 1.0, need="q1")]
    assert compare(a, b).differences == [Difference(NDCG, 0.0, 1.0, 1.0, 2)]


def test_compare_when_only_some_questions_are_shared():
    """Questions of one run only are left out of everything."""
    a, b = [result("q1", 0.0), result("q2", 0.5)], [result("q3", 1), result("q2", 0.5)]
    found = compare(a, b)
    assert found.differences == [Difference(NDCG, 0.5, 0.5, 1.0, 1)]
    assert (found.won, found.lost) == ([], [])


def test_compare_when_no_question_is_shared():
    """Runs over different sets cannot be compared."""
    with pytest.raises(QuestionSetError, match="share no question.*same set"):
        compare([result("q1", 1.0)], [result("q2", 1.0)])


def test_compare_when_ranks_change():
    """A question is won or lost when its headline measure moves noticeably."""
    a = [result("up", 0.5), result("down", 0.5), result("near", 0.5)]
    b = [result("up", 0.6), result("down", 0.4), result("near", 0.54)]
    found = compare(a, b)
    assert [changed.qid for changed in found.won] == ["up"]
    assert [changed.qid for changed in found.lost] == ["down"]


def test_compare_when_a_refusal_changes():
    """A right refusal is won and told; a wrong one is lost, whatever the rank."""
    a = [result("q1", right=0.0), result("q2", 0.5, 1.0)]
    b = [
        result("q1", right=1.0, refused="elsewhere"),
        result("q2", 0.75, 0.0, refused="no-direct-answer"),
    ]
    found = compare(a, b)
    assert found.won == [Changed("q1", "Why q1?", "a/x", "refused (elsewhere)")]
    assert found.lost == [
        Changed(
            "q2", "Why q2?", "a/x (case nDCG@10 0.50)", "refused (no-direct-answer)"
        )
    ]


def test_compare_when_only_one_system_answers():
    """What one system does not do at all is neither won nor lost."""
    answering = [result("q1", 0.5, 1.0), result("q2", 1.0, 1.0)]
    retrieving = [result("q1", 0.75, answer=None), result("q2", 0.5, answer=None)]
    found = compare(answering, retrieving)
    assert [changed.qid for changed in found.won] == ["q1"]
    assert [changed.qid for changed in found.lost] == ["q2"]


def test_compare_when_nothing_was_found():
    """A ranking without cases is shown as nothing."""
    (lost,) = compare([result("q1", 1.0)], [result("q1", 0.0, cases=[])]).lost
    assert lost.b == "nothing (case nDCG@10 0.00)"
