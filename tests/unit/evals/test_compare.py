"""Two runs side by side: differences by hand, questions won and lost."""

from __future__ import annotations

import pytest

from evals.compare import Changed, Difference, compare, read_results
from evals.runs import write_records
from kb.errors import QuestionSetError

NDCG, RIGHT = "case nDCG@10", "decided rightly"


def record(qid, ndcg=None, right=None, *, refused="", **changes):
    """Return one question's results, as `evals.summary.records` writes them."""
    measures = {NDCG: ndcg, RIGHT: right}
    return {
        "qid": qid,
        "need": qid,
        "text": f"Why {qid}?",
        "cases": ["a/x", "a/y"],
        "answer": {"abstained": bool(refused), "reason_code": refused},
        "measures": {name: v for name, v in measures.items() if v is not None},
        **changes,
    }


def test_compare_when_a_measure_differs():
    """Means, p-value and number are over the questions that both have it for."""
    a = [record("q1", 0.5), record("q2", 0.25), record("q3", 0.0), record("q4", 0.7)]
    b = [record("q1", 1.0), record("q2", 0.5), record("q3", 1.0), record("q4")]
    # (0.5 + 0.25 + 0) / 3 and (1 + 0.5 + 1) / 3; three wins of three: 2 of 8 signs
    (found,) = compare(a, b).differences
    assert (found.measure, found.n) == (NDCG, 3)
    assert (found.a, found.b) == pytest.approx((0.25, 2.5 / 3))
    assert found.p_value == pytest.approx(0.25)


def test_compare_when_questions_share_a_need():
    """Two languages of one need are one observation: no p-value below 1."""
    a = [record("q1", 0.0), record("q1-fi", 0.0, need="q1")]
    b = [record("q1", 1.0), record("q1-fi", 1.0, need="q1")]
    assert compare(a, b).differences == [Difference(NDCG, 0.0, 1.0, 1.0, 2)]


def test_compare_when_only_some_questions_are_shared():
    """Questions of one run only are left out of everything."""
    a, b = [record("q1", 0.0), record("q2", 0.5)], [record("q3", 1), record("q2", 0.5)]
    found = compare(a, b)
    assert found.differences == [Difference(NDCG, 0.5, 0.5, 1.0, 1)]
    assert (found.won, found.lost) == ([], [])


def test_compare_when_no_question_is_shared():
    """Runs over different sets cannot be compared."""
    with pytest.raises(QuestionSetError, match="share no question.*same set"):
        compare([record("q1", 1.0)], [record("q2", 1.0)])


def test_compare_when_ranks_change():
    """A question is won or lost when its headline measure moves noticeably."""
    a = [record("up", 0.5), record("down", 0.5), record("near", 0.5)]
    b = [record("up", 0.6), record("down", 0.4), record("near", 0.54)]
    found = compare(a, b)
    assert [changed.qid for changed in found.won] == ["up"]
    assert [changed.qid for changed in found.lost] == ["down"]


def test_compare_when_a_refusal_changes():
    """A right refusal is won and told; a wrong one is lost, whatever the rank."""
    a = [record("q1", right=0.0), record("q2", 0.5, 1.0)]
    b = [
        record("q1", right=1.0, refused="elsewhere"),
        record("q2", 0.75, 0.0, refused="no-direct-answer"),
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
    answering = [record("q1", 0.5, 1.0), record("q2", 1.0, 1.0)]
    retrieving = [record("q1", 0.75, answer=None), record("q2", 0.5, answer=None)]
    found = compare(answering, retrieving)
    assert [changed.qid for changed in found.won] == ["q1"]
    assert [changed.qid for changed in found.lost] == ["q2"]


def test_compare_when_nothing_was_found():
    """A ranking without cases is shown as nothing."""
    (lost,) = compare([record("q1", 1.0)], [record("q1", 0.0, cases=[])]).lost
    assert lost.b == "nothing (case nDCG@10 0.00)"


def test_read_results_when_a_folder_is_named(tmp_path):
    """A folder stands for the knowledge base's own results in it."""
    write_records([record("q1", 0.5)], tmp_path / "ours.results.jsonl")
    write_records([record("q2", 0.5)], tmp_path / "bm25.results.jsonl")
    assert read_results(tmp_path) == [record("q1", 0.5)]
    assert read_results(tmp_path / "bm25.results.jsonl") == [record("q2", 0.5)]


def test_read_results_when_a_folder_holds_none(tmp_path):
    """The file that is missing is named."""
    with pytest.raises(QuestionSetError, match="cannot be read.*--out") as caught:
        read_results(tmp_path)
    assert caught.value.path == str(tmp_path / "ours.results.jsonl")
