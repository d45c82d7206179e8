"""Judging in a terminal: what is proposed, asked and saved."""

from __future__ import annotations

from itertools import islice

import pytest

from evals.annotate import HELP, Recorder, UnjudgedPassage, annotate, unjudged_passages
from evals.errors import QuestionSetError
from evals.qrels import read_qrels, write_qrels
from tests.unit.evals.made_up_runs import COLLECTION, HEAT, TRAM, entry, question

COSTS, RESULTS, ACORNS = f"{HEAT}#costs", f"{HEAT}#results", f"{TRAM}#costs"
PIPE, PUMP = f"{COSTS}.1", f"{COSTS}.2"


def propose(*entries, judged=None, depth=10):
    """Return question id, rank, passage and the statements to judge of each."""
    found = unjudged_passages(entries, judged or {}, COLLECTION, depth)
    return [
        (p.question.qid, p.rank, p.passage_id, [s.statement_id for s in p.statements])
        for p in found
    ]


def unjudged(*statement_ids, asked=None):
    """Return some statements of one passage as one to judge."""
    statements = [COLLECTION.statements[s] for s in statement_ids]
    return UnjudgedPassage(
        asked or question("q1"), 1, statements[0].passage_id, statements
    )


@pytest.fixture
def recorder(tmp_path):
    for name in ("statements", "cases"):
        (tmp_path / f"{name}.qrels").touch()
    return Recorder(tmp_path / "statements.qrels", tmp_path / "cases.qrels")


def judge(recorder, *found, typed):
    """Judge passages with typed lines; return the number judged and what was shown."""
    lines = iter(typed)
    shown: list[str] = []
    n = annotate(found, recorder, COLLECTION, lambda _: next(lines), shown.append)
    assert list(lines) == [], "everything typed was asked for"
    return n, shown


def test_proposals_when_nothing_is_judged():
    """Every passage found is proposed with its rank and all of its statements."""
    found = propose(entry(question("q1"), passages=[COSTS, ACORNS]))
    assert found == [
        ("q1", 1, COSTS, [PIPE, PUMP]),
        ("q1", 2, ACORNS, [f"{ACORNS}.1"]),
    ]


def test_proposals_when_a_passage_is_judged():
    """Judged statements are not asked for again, not even those of grade 0."""
    judged = {"q1": {PIPE: 2, PUMP: 0}}
    found = propose(entry(question("q1"), passages=[COSTS, RESULTS]), judged=judged)
    assert found == [("q1", 2, RESULTS, [f"{RESULTS}.1"])]


def test_proposals_when_a_passage_is_judged_in_part():
    """Only its other statements are asked for."""
    found = propose(entry(question("q1"), passages=[COSTS]), judged={"q1": {PIPE: 1}})
    assert found == [("q1", 1, COSTS, [PUMP])]


def test_proposals_when_questions_share_a_need():
    """A passage is proposed once a need, for the question that found it first."""
    found = propose(
        entry(question("q1"), passages=[COSTS]),
        entry(question("q1-fi", need="q1"), passages=[RESULTS, COSTS]),
        entry(question("q2"), passages=[COSTS]),
    )
    assert [item[:3] for item in found] == [
        ("q1", 1, COSTS),
        ("q1-fi", 1, RESULTS),
        ("q2", 1, COSTS),
    ]


def test_proposals_when_a_translation_finds_what_its_original_judged():
    """Judgements are looked up under the need."""
    asked = entry(question("q1-fi", need="q1"), passages=[ACORNS])
    assert propose(asked, judged={"q1": {f"{ACORNS}.1": 0}}) == []


def test_proposals_when_a_question_has_no_answer():
    """Unanswerable questions have nothing to judge."""
    assert propose(entry(question("q1", kind="near-miss"), passages=[COSTS])) == []


def test_proposals_end_at_the_depth():
    """Only the first passages of a question are looked at."""
    asked = entry(question("q1"), passages=[COSTS, RESULTS, ACORNS])
    assert [item[2] for item in propose(asked, depth=2)] == [COSTS, RESULTS]


def test_proposals_see_judgements_grow():
    """What was judged since the last proposal is not proposed any more."""
    judged: dict[str, dict[str, int]] = {}
    asked = entry(question("q1"), passages=[COSTS, RESULTS])
    found = unjudged_passages([asked], judged, COLLECTION, depth=10)
    list(islice(found, 1))
    judged["q1"] = {f"{RESULTS}.1": 0}
    assert list(found) == []


def test_annotate_saves_each_passage(recorder, tmp_path):
    """Typed grades go to disk; Enter is 0; the case gets the best of its grades."""
    n, _ = judge(recorder, unjudged(PIPE, PUMP), typed=["1", ""])
    assert n == 1
    assert read_qrels(tmp_path / "statements.qrels") == {"q1": {PIPE: 1, PUMP: 0}}
    assert read_qrels(tmp_path / "cases.qrels") == {"q1": {HEAT: 1}}


def test_annotate_files_under_the_need(recorder):
    """What a translation found is judged for its original."""
    asked = question("q1-fi", need="q1")
    judge(recorder, unjudged(PIPE, asked=asked), typed=["2"])
    assert recorder.statements == {"q1": {PIPE: 2}}


@pytest.mark.parametrize(
    ("typed", "grade"), [("0", 1), ("1", 1), ("2", 2)], ids=["less", "equal", "better"]
)
def test_annotate_when_a_case_has_a_grade(tmp_path, typed, grade):
    """A case's grade is raised by a better statement and never lowered."""
    paths = tmp_path / "statements.qrels", tmp_path / "cases.qrels"
    write_qrels({"q0": {PIPE: 2}}, paths[0])
    write_qrels({"q1": {HEAT: 1, TRAM: 2}}, paths[1])
    judge(Recorder(*paths), unjudged(PIPE), typed=[typed])
    assert read_qrels(paths[1]) == {"q1": {HEAT: grade, TRAM: 2}}
    assert read_qrels(paths[0]) == {"q0": {PIPE: 2}, "q1": {PIPE: int(typed)}}


def test_annotate_when_something_else_is_typed(recorder):
    """What is no grade is shown and asked for again."""
    _, shown = judge(recorder, unjudged(PIPE), typed=["3", "yes", " 2 "])
    assert [line.strip() for line in shown[-2:]] == [
        "'3' is none of 0, 1, 2, s, q.",
        "'yes' is none of 0, 1, 2, s, q.",
    ]
    assert recorder.statements == {"q1": {PIPE: 2}}


def test_annotate_when_a_passage_is_skipped(recorder):
    """A skipped passage leaves no grade, not even of what was typed before."""
    found = [unjudged(PIPE, PUMP), unjudged(f"{ACORNS}.1")]
    n, _ = judge(recorder, *found, typed=["2", "s", "1"])
    assert n == 1
    assert recorder.statements == {"q1": {f"{ACORNS}.1": 1}}


def test_annotate_when_it_is_stopped(recorder):
    """Stopping keeps complete passages and asks nothing more."""
    found = [unjudged(f"{ACORNS}.1"), unjudged(PIPE, PUMP), unjudged(f"{RESULTS}.1")]
    n, _ = judge(recorder, *found, typed=["1", "2", "q"])
    assert n == 1
    assert recorder.statements == {"q1": {f"{ACORNS}.1": 1}}


def test_annotate_shows_what_is_judged(recorder):
    """The help comes first, then question, case, section, rank and statement."""
    _, shown = judge(recorder, unjudged(PIPE), typed=["0"])
    assert shown == [
        HELP,
        "\nq1 [en] Why q1?",
        f"  Waste heat from the biscuit factory ({HEAT}), Costs, rank 1",
        "    The pipe cost 28 million crowns.",
    ]


def test_annotate_when_there_is_nothing_to_judge(recorder, tmp_path):
    """Without proposals nothing is asked and nothing is written."""
    assert judge(recorder, typed=[]) == (0, [HELP])
    assert (tmp_path / "statements.qrels").read_text() == ""


def test_recorder_when_a_file_is_missing(tmp_path):
    """Judgements are added to files that exist; a missing one is named."""
    with pytest.raises(QuestionSetError, match="cannot be read.*TREC qrels"):
        Recorder(tmp_path / "none.qrels", tmp_path / "none.cases.qrels")
