"""Runs: how systems are asked, and the files that runs leave."""

from __future__ import annotations

from importlib import import_module

import ir_measures
import pytest

from evals.qrels import write_qrels
from evals.ranking import measure_ranking
from evals.runs import DEPTH, run_system, write_trec
from evals.systems import Response
from kb.types import Query
from tests.unit.evals.made_up_runs import answer, entry, judgements, question, run


class ParrotSystem:
    """Finds what it is asked for, and remembers the queries."""

    name = "parrot"

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.asked: list[tuple[Query, int]] = []

    def retrieve(self, query: Query, depth: int) -> Response:
        """See `evals.systems.System.retrieve`."""
        self.asked.append((query, depth))
        return Response(passages=[], cases=[f"found/{query.query_id}"])


def test_run_system_asks_in_order():
    """Each question gives one entry with what the system found for it."""
    entries = list(run_system(ParrotSystem(), [question("q2"), question("q1")]))
    assert [e.question.qid for e in entries] == ["q2", "q1"]
    assert [e.response.cases for e in entries] == [["found/q2"], ["found/q1"]]
    assert all(e.ms >= 0 for e in entries)


def test_run_system_warms_up():
    """The first question is asked once more before the clock starts."""
    system = ParrotSystem()
    list(run_system(system, [question("q1"), question("q2")]))
    assert [query.query_id for query, _ in system.asked] == ["q1", "q1", "q2"]


def test_run_system_passes_filters_and_depth():
    """A question's filters reach the system, with the depth of a run."""
    system = ParrotSystem()
    asked = question("q1", text="Why?", cities=["mockville"], themes=["financing"])
    list(run_system(system, [asked]))
    expected = Query("Why?", ("mockville",), ("financing",), "q1")
    assert set(system.asked) == {(expected, DEPTH)}


def test_run_system_when_there_is_no_question():
    """Nothing is asked and nothing comes back."""
    system = ParrotSystem()
    assert list(run_system(system, [])) == []
    assert system.asked == []


def test_run_knows_what_it_holds():
    """A run has a level, or answers, if any of its entries does."""
    only_cases = run(entry(question("q1")), entry(question("q2"), ["a/x"]))
    assert (only_cases.ranks("case"), only_cases.ranks("passage")) == (True, False)
    assert not only_cases.has_answers
    assert run(entry(question("q1")), entry(question("q2"), [], answer())).has_answers


def test_write_trec_writes_what_the_field_reads(tmp_path):
    """A line holds question, Q0, document, rank from 1, 1 / rank and the system."""
    path = tmp_path / "a.run"
    found = run(entry(question("q1"), ["a/x", "a/y", "b/z"], passages=["a/x#1"]))
    write_trec(found, "case", path)
    assert path.read_text() == (
        "q1 Q0 a/x 1 1.000000 ours\n"
        "q1 Q0 a/y 2 0.500000 ours\n"
        "q1 Q0 b/z 3 0.333333 ours\n"
    )
    write_trec(found, "passage", path)
    assert path.read_text() == "q1 Q0 a/x#1 1 1.000000 ours\n"


def test_write_trec_keeps_ranks_apart_to_the_depth(tmp_path):
    """No two written scores are equal as deep as a run goes."""
    path = tmp_path / "a.run"
    ids = [f"a/{n}" for n in range(DEPTH)]
    write_trec(run(entry(question("q1"), ids)), "case", path)
    scores = [found.score for found in ir_measures.read_trec_run(str(path))]
    assert scores == sorted(set(scores), reverse=True)
    assert len(scores) == DEPTH


def test_write_trec_when_a_model_path_holds_a_blank(tmp_path):
    """A system named after a folder with a blank still fills one column."""
    path = tmp_path / "a.run"
    found = run(entry(question("q1"), ["a/x"]), system="dense:/my models/e5")
    write_trec(found, "case", path)
    (line,) = path.read_text().splitlines()
    assert len(line.split()) == 6


CASES = {
    "q1": {"a/x": 2, "a/y": 1, "b/z": 0},
    "q2": {"a/x": 2, "b/z": 2},
    "q3": {"a/y": 2},
}
# Good first; one of two, at rank 2; unjudged ones only; ties in no place.
FOUND = run(
    entry(question("q1"), ["a/x", "b/z", "a/y"]),
    entry(question("q2"), ["a/y", "b/z", "b/w", "b/v", "b/u", "a/x"]),
    entry(question("q3"), ["b/w", "b/v"]),
)


def test_written_files_when_read_by_ir_measures(tmp_path):
    """Its readers load both files, and its measures of them are ours."""
    write_trec(FOUND, "case", tmp_path / "case.run")
    write_qrels(CASES, tmp_path / "case.qrels")
    ours = measure_ranking(FOUND, judgements(CASES))
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "case.qrels")))
    scored = list(ir_measures.read_trec_run(str(tmp_path / "case.run")))
    assert {(q.query_id, q.doc_id, q.relevance) for q in qrels} == {
        (qid, case_id, grade)
        for qid, grades in CASES.items()
        for case_id, grade in grades.items()
    }
    measures = {name: name.removeprefix("case ") for name in ours}
    for name, spelling in measures.items():
        measure = ir_measures.parse_measure(spelling)
        theirs = {
            m.query_id: m.value for m in ir_measures.iter_calc([measure], qrels, scored)
        }
        assert ours[name] == pytest.approx(theirs), name


@pytest.mark.parametrize(
    ("ours", "theirs", "relevant_from"),
    [
        ("case nDCG@10", "ndcg_cut_10", 1),
        ("case P@5", "P_5", 1),
        ("case R(rel=2)@5", "recall_5", 2),
        ("case R(rel=2)@10", "recall_10", 2),
        ("case RR(rel=2)@10", "recip_rank", 2),  # no ranking here goes beyond 10
        ("case Success(rel=2)@5", "success_5", 2),
    ],
)
def test_written_files_when_read_by_trec_eval(tmp_path, ours, theirs, relevant_from):
    """trec_eval loads both files and gives the same value for each question."""
    pytrec_eval = import_module("pytrec_eval")
    write_trec(FOUND, "case", tmp_path / "case.run")
    write_qrels(CASES, tmp_path / "case.qrels")
    with (tmp_path / "case.qrels").open() as file:
        qrels = pytrec_eval.parse_qrel(file)
    with (tmp_path / "case.run").open() as file:
        scored = pytrec_eval.parse_run(file)
    evaluator = pytrec_eval.RelevanceEvaluator(
        qrels, pytrec_eval.supported_measures, relevance_level=relevant_from
    )
    found = {qid: m[theirs] for qid, m in evaluator.evaluate(scored).items()}
    assert measure_ranking(FOUND, judgements(CASES))[ours] == pytest.approx(found)
