"""Measures of rankings, against values worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from evals.ranking import measure_ranking, qrels_at
from tests.unit.evals.made_up_runs import entry, judgements, question, run


def measure_one(grades, found, **changes):
    """Return the case measures of one question by name."""
    asked = entry(question("q1", **changes), found)
    other = entry(question("q2"), ["z/z"])  # keeps the level in the run
    values = measure_ranking(run(asked, other), judgements({"q1": grades}))
    return {name.removeprefix("case "): by.get("q1") for name, by in values.items()}


def test_measures_when_two_grades_are_found():
    """NDCG weighs both grades; the others have one threshold."""
    values = measure_one({"a": 2, "b": 1, "c": 2}, ["b", "x", "a", "y", "z", "c"])
    # gains 1 0 2 0 0 2 at ranks 1 to 6; at best 2 2 1
    dcg = 1 / log2(2) + 2 / log2(4) + 2 / log2(7)
    ideal = 2 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert values == pytest.approx(
        {
            "nDCG@10": dcg / ideal,  # 2.7124 / 3.7619 = 0.7210
            "R(rel=2)@5": 1 / 2,  # a of a, c
            "R(rel=2)@10": 1.0,  # both
            "RR(rel=2)@10": 1 / 3,  # b at rank 1 only helps
            "P@5": 2 / 5,  # b and a
            "Success(rel=2)@5": 1.0,
            "Judged@10": 3 / 6,  # b, a, c of six found
        }
    )


def test_measures_when_what_answers_comes_after_the_cut():
    """A rank behind a measure's cut counts as not found."""
    values = measure_one({"a": 2}, [f"x{n}" for n in range(10)] + ["a"])
    assert set(values.values()) == {0.0}


def test_measures_when_nothing_is_found():
    """A judged question without hits counts as 0 and stays in every mean."""
    assert set(measure_one({"a": 2}, []).values()) == {0.0}


@pytest.mark.parametrize(
    ("grades", "changes"),
    [({"a": 1, "b": 0}, {}), ({"a": 2}, {"kind": "near-miss"})],
    ids=["nothing answers", "unanswerable"],
)
def test_measures_when_a_question_has_no_right_case(grades, changes):
    """Such a question has no place in the measures: not 0, not 1."""
    assert set(measure_one(grades, ["a"], **changes).values()) == {None}


def test_measures_when_a_question_is_not_judged():
    """An unjudged question is left out; the judged one keeps its value."""
    found = run(entry(question("q1"), ["a"]), entry(question("q2"), ["a"]))
    values = measure_ranking(found, judgements({"q1": {"a": 2}}))
    assert values["case RR(rel=2)@10"] == {"q1": 1.0}
    assert values["case Judged@10"] == {"q1": 1.0}


def test_measures_when_judgements_use_a_higher_grade():
    """Foreign qrels grade up to 3 and more: what is above 2 answers, too."""
    assert measure_one({"a": 3}, ["x", "a"])["RR(rel=2)@10"] == 1 / 2


def test_measures_keep_the_order_of_the_ranking():
    """The place in the ranking decides, whatever the ids would sort to."""
    assert measure_one({"a": 2}, ["b", "a"])["RR(rel=2)@10"] == 1 / 2
    assert measure_one({"b": 2}, ["b", "a"])["RR(rel=2)@10"] == 1.0


def test_measures_when_a_system_ranks_both_levels():
    """Passages are judged by their own grades, cases by theirs."""
    found = run(entry(question("q1"), ["a", "b"], passages=["b#1", "a#1"]))
    values = measure_ranking(
        found, judgements(cases={"q1": {"a": 2}}, passages={"q1": {"a#1": 2}})
    )
    assert values["case RR(rel=2)@10"] == {"q1": 1.0}
    assert values["passage RR(rel=2)@10"] == {"q1": 1 / 2}


def test_measures_when_a_system_ranks_no_passages():
    """A level that a system does not rank has no measures, not zeros."""
    values = measure_ranking(
        run(entry(question("q1"), ["a"])),
        judgements(cases={"q1": {"a": 2}}, passages={"q1": {"a#1": 2}}),
    )
    assert values
    assert all(name.startswith("case ") for name in values)


def test_qrels_at_gives_questions_with_an_answer():
    """Both levels keep only what has something relevant, with all its grades."""
    judged = judgements(
        cases={"q1": {"a": 2, "b": 0}, "q2": {"a": 1}}, passages={"q2": {"a#1": 2}}
    )
    assert qrels_at(judged, "case") == {"q1": {"a": 2, "b": 0}}
    assert qrels_at(judged, "passage") == {"q2": {"a#1": 2}}
