"""The judged questions of all sets, and what must never be learnt from."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.judged import JudgedQuestion, held_out_cases, part_held_out, read_judged
from evals.questions import REPORTED, read_questions, split_file
from evals.reader.judged import ReadQuestion, of_cases, read_training_questions
from kb.words import words

CORPUS = Path(__file__).parents[4] / "corpus"
CASE_IDS = {
    f"{path.parent.name}/{path.name.partition('.')[0]}"
    for path in CORPUS.glob("*/*")
    if path.is_file()
}


@pytest.fixture(scope="module")
def learnt():
    """The shipped questions that a reader learns from."""
    return read_training_questions(CASE_IDS)


@pytest.fixture(scope="module")
def kept_apart():
    """The cases whose judged questions nothing is learnt from."""
    return held_out_cases({q.case for q in read_judged() if "/" in q.case})


def _as_words(text):
    return tuple(words(text))


@pytest.mark.parametrize("split", REPORTED, ids=str)
def test_no_question_for_reports_is_learnt(learnt, split):
    """No question of a set for reports is learnt from, whatever its spelling."""
    known = {_as_words(question.text) for question in learnt}
    reported = read_questions(split_file(split))
    assert [q.qid for q in reported if _as_words(q.text) in known] == []


@pytest.mark.parametrize("split", REPORTED, ids=str)
def test_no_translation_of_a_reported_question_is_learnt(learnt, split):
    """No need that is reported on is learnt from in another language either."""
    needs = {question.need for question in learnt}
    assert {q.judged_as for q in read_questions(split_file(split))} & needs == set()


def test_no_judged_question_on_a_held_out_case_is_learnt(learnt, kept_apart):
    """The judged questions on the held-out cases are left out, one and all."""
    _, held_out = part_held_out(read_judged())
    qids = {question.qid for question in learnt}
    assert len(kept_apart) == 12
    assert {q.qid for q in held_out} & qids == set()
    on_open = [q.qid for q in learnt if q.asks_open is not None]
    assert on_open
    assert not [q.qid for q in learnt if q.qid in on_open and q.case in kept_apart]


def test_all_other_judged_questions_are_learnt(learnt):
    """Every judged question on the other cases is learnt from, once."""
    qids = [question.qid for question in learnt]
    others, _ = part_held_out(read_judged())
    assert {q.qid for q in others} <= set(qids)
    assert len(qids) == len(set(qids))


def test_what_is_learnt_names_known_cases(learnt):
    """Grades and cases of the shipped questions are those of shipped cases."""
    named = {s.partition("#")[0] for q in learnt for s in q.grades}
    assert named <= CASE_IDS
    assert {q.case for q in learnt if "/" in q.case} <= CASE_IDS


def _question(**changes) -> ReadQuestion:
    made = {
        "qid": "q1",
        "text": "What did the pipe cost?",
        "language": "en",
        "kind": "fact",
        "case": "exampleton/heat",
        "need": "q1",
        "grades": {"exampleton/heat#costs.1": 2, "exampleton/heat#costs.2": 1},
    }
    return ReadQuestion(**{**made, **changes})


@pytest.mark.parametrize(
    ("statement_id", "changes", "grade"),
    [
        ("exampleton/heat#costs.1", {}, 2),
        ("exampleton/heat#costs.2", {}, 1),
        ("exampleton/heat#costs.3", {}, 0),
        ("testow/walks#costs.1", {}, 0),
        (
            "exampleton/heat#costs.1",
            {"unknown_cases": frozenset({"exampleton/heat"})},
            2,
        ),
        (
            "exampleton/heat#costs.3",
            {"unknown_cases": frozenset({"exampleton/heat"})},
            None,
        ),
        ("exampleton/heat#costs.3", {"judged": {"exampleton/heat#costs.3"}}, 0),
        ("exampleton/heat#costs.4", {"judged": {"exampleton/heat#costs.3"}}, None),
        ("exampleton/heat#costs.3", {"only_city": "exampleton"}, 0),
        ("testow/walks#costs.1", {"only_city": "exampleton"}, None),
    ],
    ids=[
        "answers",
        "helps",
        "does neither",
        "another case",
        "answers in a case not read whole",
        "in a case not read whole",
        "read",
        "not among those read",
        "own city",
        "another city may answer",
    ],
)
def test_grade(statement_id, changes, grade):
    """A statement that nobody read has no grade; any other that is not listed has 0."""
    assert _question(**changes).grade(statement_id) == grade


def _judged(**changes) -> JudgedQuestion:
    made = {
        "qid": "made-up-1",
        "lang": "en",
        "kind": "fact",
        "case": "exampleton",
        "text": "What did Exampleton pay?",
        "answers": {"exampleton/heat#costs.1": 2},
    }
    return JudgedQuestion.model_validate({**made, **changes})


def test_question_on_a_whole_city():
    """What answers a question on a city was not looked for in each of its cases."""
    (question,) = of_cases([_judged()], {"exampleton/heat", "exampletonia/walks"})
    assert question.unknown_cases == {"exampleton/heat"}
    assert question.grade("exampleton/heat#costs.2") is None
    assert question.grade("exampletonia/walks#costs.1") == 0


def test_question_on_a_city_without_an_answer():
    """Where a city has no answer, all of its statements are known not to answer."""
    (question,) = of_cases([_judged(answers={}, kind="absent")], {"exampleton/heat"})
    assert not question.is_answerable
    assert question.grade("exampleton/heat#costs.2") == 0


def test_question_that_another_city_may_answer():
    """Nothing is known about other cities when one of them may answer."""
    changes = {"answers": {}, "kind": "swapped", "answered_elsewhere": True}
    (question,) = of_cases([_judged(case="exampleton/heat", **changes)], set())
    assert question.grade("exampleton/heat#costs.1") == 0
    assert question.grade("testow/walks#costs.1") is None
