"""The judged questions on single cases, and the set of those that are held out."""

from __future__ import annotations

import json

import pytest

from evals.errors import QuestionSetError
from evals.judged import (
    FOLDER,
    HELD_OUT,
    JudgedQuestion,
    as_question,
    case_grades,
    grades_of,
    held_out_cases,
    held_out_questions,
    part_held_out,
    read_judged,
)

GOOD = {
    "qid": "q1",
    "lang": "en",
    "kind": "fact",
    "case": "mockville/tram",
    "text": "What did the tram cost?",
    "answers": {"mockville/tram#costs.1": 2},
    "must": ["5 acorns"],
}


def judged(**changes) -> JudgedQuestion:
    return JudgedQuestion.model_validate({**GOOD, **changes})


def test_read_judged_reads_every_file_in_order(tmp_path):
    """Files come by name, questions in the order of their file."""
    for name, qids in (("b", ["q3"]), ("a", ["q2", "q1"])):
        lines = [json.dumps({**GOOD, "qid": qid}) for qid in qids]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert [q.qid for q in read_judged(tmp_path)] == ["q2", "q1", "q3"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"answers": {"mockville/tram#costs.1": 3}}, "answers.mockville/tram#costs.1"),
        ({"answers": None}, "answers = None"),
        ({"grade": 2}, "grade = 2"),
    ],
    ids=["grade", "no answers", "unknown key"],
)
def test_read_judged_when_a_line_is_bad(tmp_path, changes, reason):
    """A bad line is named with its file and number."""
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(GOOD), json.dumps({**GOOD, "qid": "q2", **changes})]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(QuestionSetError) as caught:
        read_judged(tmp_path)
    assert caught.value.reason.startswith(reason)
    assert (caught.value.path, caught.value.line) == (str(path), 2)


def test_shipped_judged_questions():
    """All are there, and those of the twelve held-out cases can be told apart."""
    questions = read_judged()
    known, held_out = part_held_out(questions)
    assert (len(questions), len(known), len(held_out)) == (3384, 3062, 322)
    assert len({q.qid for q in questions}) == len(questions)
    assert len(list(FOLDER.glob("*.jsonl"))) == 10


def test_shipped_held_out_cases():
    """The digest chooses these twelve, in all nine cities."""
    cases = {q.case for q in part_held_out(read_judged())[1]}
    assert cases == {
        "espoo/wastewater-heat-pumps-suomenoja",
        "florence/le-piagge-social-housing-solar-heat",
        "grenoble-alpes-metropole/european-green-capital-2022",
        "helsingborg/climate-fee-on-business-travel",
        "helsingborg/smart-nudges-school-mobility",
        "helsingborg/sustainability-linked-bond",
        "helsinki/carbon-scored-plot-competitions-and-tenders",
        "lund/climate-contract-and-coaction",
        "malmo/climate-contracts-and-climate-budget",
        "malmo/municipal-energy-company-and-solar-programme",
        "oslo/material-emission-target-municipal-buildings",
        "pecs/wood-chip-chp-conversion",
    }


def test_held_out_cases_take_every_city():
    """The first of each city is held out, then others until there are twelve."""
    many = [f"city{n % 9}/case{n}" for n in range(40)]
    found = held_out_cases(many)
    assert len(found) == HELD_OUT
    assert {case_id.partition("/")[0] for case_id in found} == {
        f"city{n}" for n in range(9)
    }
    assert held_out_cases(reversed(many)) == found
    assert held_out_cases(many[:3]) == frozenset(many[:3])


def test_held_out_questions_leave_out_what_others_answer():
    """A question that another city may answer cannot test a refusal."""
    elsewhere = judged(qid="q2", answers={}, answered_elsewhere=True)
    assert held_out_questions([judged(), elsewhere]) == [judged()]


@pytest.mark.parametrize(
    ("kind", "answers", "becomes"),
    [
        ("fact", GOOD["answers"], "fact"),
        ("vague", GOOD["answers"], "vague"),
        ("vague", {}, "absent"),
        ("swapped", {}, "swapped"),
    ],
)
def test_as_question_says_whether_there_is_an_answer(kind, answers, becomes):
    """The kind of a question without an answer says why it has none."""
    asked = as_question(judged(kind=kind, answers=answers))
    assert (asked.kind, asked.is_answerable) == (becomes, bool(answers))
    assert (asked.must_hold, asked.nearest_case) == (["5 acorns"], "mockville/tram")


def test_every_shipped_question_keeps_its_sense():
    """Each is answerable as a question of a set exactly when statements answer it."""
    for question in read_judged():
        assert as_question(question).is_answerable == question.is_answerable


def test_grades_of_a_question():
    """What the case says beside the answer is judged 0; other cases only if listed."""
    asked = judged(answers={"mockville/tram#costs.1": 2, "mockville/park#costs.1": 1})
    grades = grades_of(asked, ["mockville/tram#costs.1", "mockville/tram#results.1"])
    assert grades == {
        "mockville/tram#costs.1": 2,
        "mockville/tram#results.1": 0,
        "mockville/park#costs.1": 1,
    }
    assert case_grades(grades) == {"mockville/tram": 2, "mockville/park": 1}
