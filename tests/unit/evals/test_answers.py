"""Measures of answers, against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.answers import measure_answers, source_languages
from evals.summary import SourceLanguages
from kb.types import AnswerPart, AnswerStatement
from tests.support.made_up import SOURCE
from tests.unit.evals.made_up_runs import (
    COLLECTION,
    FICTONIAN,
    HEAT,
    PARK,
    TRAM,
    answer,
    entry,
    judgements,
    question,
    run,
)

PIPE, PUMP, HOMES = f"{HEAT}#costs.1", f"{HEAT}#costs.2", f"{HEAT}#results.1"
ACORNS, GRASS = f"{TRAM}#costs.1", f"{PARK}#costs.1"
JUDGED = judgements(
    cases={"q1": {HEAT: 2, TRAM: 2, PARK: 1}},
    passages={"q1": {f"{HEAT}#costs": 2, f"{HEAT}#results": 0, f"{TRAM}#costs": 1}},
    statements={"q1": {PIPE: 2, PUMP: 1, HOMES: 0, ACORNS: 1}},
)


def measure_one(answered, judged=JUDGED, **changes):
    """Return the measures that say something about one question, by name."""
    asked = entry(question("q1", **changes), [], answered)
    values = measure_answers(run(asked), judged, COLLECTION)
    return {name: by["q1"] for name, by in values.items() if "q1" in by}


def test_measures_when_an_answer_is_partly_right():
    """Each measure is a share of the statements, passages, cases or cities."""
    found = measure_one(
        answer(PIPE, HOMES, GRASS),
        must_hold=["28 million", "5 acorns"],
        covers=["exampleton", "elsewhere"],
    )
    assert found == pytest.approx(
        {
            "statement precision": 1 / 3,  # pipe 2, homes 0, grass unjudged
            "statement recall": 1.0,  # pipe of pipe
            "first statement answers": 1.0,  # pipe
            "statements unjudged": 1 / 3,  # grass
            "must-hold recall": 1 / 2,
            "must-hold in passages": 1 / 2,
            "citation precision": 1 / 3,  # heat costs 2, heat results 0, park unjudged
            "citation recall": 1 / 2,  # heat of heat, tram
            "citation support": 1.0,
            "cities covered": 1 / 2,
        }
    )


def test_measures_when_statements_share_a_passage():
    """A passage that is cited twice counts once; each statement counts."""
    found = measure_one(answer(PIPE, PUMP, HOMES))
    assert found["citation precision"] == 1 / 2  # costs of costs, results
    assert found["statement precision"] == 2 / 3  # pipe and pump of three


@pytest.mark.parametrize(
    ("shown", "first"),
    [((PIPE, HOMES), 1), ((PUMP, PIPE), 0), ((GRASS, PIPE), 0)],
    ids=["answers", "helps", "unjudged"],
)
def test_first_statement(shown, first):
    """The first statement answers with grade 2 only, whatever comes after it."""
    assert measure_one(answer(*shown))["first statement answers"] == first


def test_statement_recall_when_some_are_missing():
    """Of the statements that answer, those shown count; helping ones do not."""
    judged = judgements(statements={"q1": {PIPE: 2, HOMES: 2, GRASS: 2, PUMP: 1}})
    # pipe of pipe, homes, grass
    assert measure_one(answer(PUMP, PIPE), judged)["statement recall"] == 1 / 3


@pytest.mark.parametrize(
    ("answered", "share"),
    [
        (answer(PIPE, GRASS), 1),
        (answer(PIPE, silent_cities=("mockville",)), 1 / 2),
        (answer(reason_code="off-topic"), 0),
    ],
    ids=["both", "one declared silent", "refused"],
)
def test_named_cities(answered, share):
    """A city that is wrongly called silent is not answered; a refusal answers none."""
    named = measure_one(answered, covers=["exampleton", "mockville"], names_city=True)
    assert named["named cities answered"] == share
    assert named["cities covered"] == share


def test_parts_answered():
    """Of the parts that an answer tells apart, those with a statement count."""
    parts = (AnswerPart("What", (1,)), AnswerPart("who", ()), AnswerPart("when", (1,)))
    assert measure_one(answer(PIPE, parts=parts))["parts answered"] == 2 / 3
    refused = answer(PIPE, reason_code="no-direct-answer", parts=parts)
    assert measure_one(refused)["parts answered"] == 0


def test_must_hold_when_only_the_passage_shows_it():
    """A phrase beside the chosen statement is in the passage, not in the answer."""
    found = measure_one(answer(PIPE), must_hold=["1 million crowns"])
    assert found["must-hold recall"] == 0
    assert found["must-hold in passages"] == 1


@pytest.mark.parametrize(
    "phrase",
    ["28\u00a0million crowns", "28  MILLION\ncrowns", "28 millión"],
    ids=["hard blank", "case and breaks", "accent"],
)
def test_must_hold_when_it_is_written_otherwise(phrase):
    """Blanks, capitals and accents do not matter."""
    assert measure_one(answer(PIPE), must_hold=[phrase])["must-hold recall"] == 1


def test_must_hold_when_it_runs_over_two_statements():
    """Each statement is read alone: two of them make no phrase."""
    across = "crowns. The pump"
    assert measure_one(answer(PIPE, PUMP), must_hold=[across])["must-hold recall"] == 0


def test_must_hold_when_it_ends_a_larger_figure():
    """8 million is not found in 28 million."""
    assert measure_one(answer(PIPE), must_hold=["8 million"])["must-hold recall"] == 0


def test_measures_when_they_do_not_apply():
    """Without phrases, cities and judgements only what can be said is measured."""
    assert measure_one(answer(PIPE), judgements()) == {"citation support": 1.0}


def test_measures_when_nothing_is_shown():
    """A refusal finds no phrase and cites no case; shares of nothing are left out."""
    refusal = answer(reason_code="off-topic")
    assert measure_one(refusal, must_hold=["28 million"], covers=["exampleton"]) == {
        "statement recall": 0,
        "must-hold recall": 0,
        "must-hold in passages": 0,
        "citation recall": 0,
        "cities covered": 0,
    }


def test_measures_when_a_refusal_shows_the_closest():
    """The closest statements of a refusal answer nothing: it cites and finds none."""
    refusal = answer(PIPE, PUMP, reason_code="no-direct-answer")
    found = measure_one(refusal, must_hold=["28 million"], covers=["exampleton"])
    assert found["statement recall"] == 0
    assert found["must-hold recall"] == 0
    assert found["must-hold in passages"] == 0
    assert found["citation recall"] == 0
    assert found["cities covered"] == 0
    assert "first statement answers" not in found


def test_citation_support_when_a_statement_was_changed():
    """A statement must stand word for word at the place that its citation names."""
    first, second = answer(PIPE, PUMP).statements
    passage = first.citation.passage.replace("28", "82")
    changed = replace(first, citation=replace(first.citation, passage=passage))
    shown = answer(statements=(changed, second))
    assert measure_one(shown)["citation support"] == 1 / 2


def test_citation_support_when_no_source_is_named():
    """A citation without a public source supports nothing."""
    assert measure_one(answer(PIPE, PUMP, sources=()))["citation support"] == 0


def test_citation_support_when_the_place_is_wrong():
    """The right words at another place of the passage are no support."""
    (pipe,) = answer(PIPE).statements
    moved = replace(pipe, citation=replace(pipe.citation, start=1))
    assert measure_one(answer(statements=(moved,)))["citation support"] == 0


@pytest.mark.parametrize(
    ("answered", "kind"),
    [(None, ""), (answer(PIPE), "near-miss")],
    ids=["a system that only retrieves", "unanswerable"],
)
def test_measures_when_a_question_is_left_out(answered, kind):
    """Only answers to answerable questions are measured."""
    assert measure_one(answered, kind=kind) == {}


def test_source_languages_compares_cited_and_judged():
    """A source counts once for each statement that it stands behind."""
    collection = replace(
        COLLECTION,
        statements={
            **COLLECTION.statements,
            PIPE: replace(COLLECTION.statements[PIPE], source_ids=("S1", "S2")),
            PUMP: replace(COLLECTION.statements[PUMP], source_ids=("S2",)),
        },
    )
    both = answer(PIPE, sources=(SOURCE, FICTONIAN))
    asked = entry(question("q1"), [], both)
    judged = judgements(statements={"q1": {PIPE: 2, PUMP: 2, HOMES: 1, ACORNS: 2}})
    # cited: en fi; judged 2: pipe en fi, pump fi, acorns en
    assert source_languages(run(asked), judged, collection) == SourceLanguages(
        cited=1 / 2, judged=2 / 4
    )


def test_source_languages_when_nothing_is_cited():
    """Without citations and judgements the shares are 0."""
    asked = entry(question("q1"), [], answer(reason_code="elsewhere"))
    found = source_languages(run(asked), judgements(), COLLECTION)
    assert found == SourceLanguages(0, 0)


def test_made_up_answers_are_sound():
    """The invented answers cite their own statements, as real ones do."""
    whole = answer(PIPE, PUMP)
    assert [s.text for s in whole.statements] == [
        c.passage[c.start : c.end] for c in whole.citations
    ]
    assert all(isinstance(s, AnswerStatement) for s in whole.statements)
