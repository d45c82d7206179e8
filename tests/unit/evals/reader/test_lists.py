"""The lists that a reader learns from, made of invented questions and texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from evals.reader.judged import ReadQuestion
from evals.reader.lists import (
    MAX_ANSWERING,
    MAX_HELPING,
    Texts,
    fold_of,
    lists_digest,
    reading_lists,
    without_accents,
)

HEAT, WALKS = "exampleton/heat", "sampleby/walks"
OPEN = [f"{HEAT}#open-questions.{n}" for n in range(3)]
OWN = [f"{HEAT}#costs.{n}" for n in range(30)]
OTHER = [f"{WALKS}#costs.{n}" for n in range(30)]
TEXTS = Texts(
    in_context={name: f"In context: {name}" for name in (*OWN, *OTHER)},
    bare={name: f"Bare: {name}" for name in (*OWN, *OTHER)},
    of_case={HEAT: OWN, WALKS: OTHER},
    open_questions={name: f"Left open: {name}" for name in OPEN},
    open_of_case={HEAT: OPEN},
)
GRADES = {OWN[0]: 2, OWN[1]: 2, OWN[2]: 1}
QUESTION = ReadQuestion(
    qid="q1",
    text="Was kostete die Röhre?",
    language="de",
    kind="fact",
    case=HEAT,
    need="q1",
    grades=GRADES,
)


def _lists(question=QUESTION, ranked=(*OTHER, *OWN), n=200):
    """Return the lists of many questions that are alike but for their ids."""
    questions = [replace(question, qid=f"q{i}") for i in range(n)]
    return reading_lists(questions, {q.qid: list(ranked) for q in questions}, TEXTS, 7)


def _id(text):
    return text.partition(": ")[2]


def _graded(made):
    return {_id(t): g for t, g in zip(made.texts, made.grades, strict=True)}


def test_list_holds_what_answers_with_its_grade():
    """What answers or helps is in every list with its grade, and others with 0."""
    for made in _lists():
        graded = _graded(made)
        assert graded.items() >= GRADES.items()
        rest = {grade for name, grade in graded.items() if name not in GRADES}
        assert rest == {0}


def test_list_holds_no_text_twice():
    """A text that was ranked and is of the case as well is there once."""
    for made in _lists(ranked=[*OWN, *OTHER]):
        assert len(made.texts) == len(set(made.texts)) >= 8


def test_list_prefers_what_ranks_best():
    """The five best-ranked statements that do not answer are in every list."""
    for made in _lists(ranked=[OWN[0], *OTHER]):
        assert set(OTHER[:5]) <= _graded(made).keys()


def test_list_of_a_question_without_an_answer():
    """Where nothing answers, every text has grade 0, and there are eight."""
    for made in _lists(replace(QUESTION, grades={})):
        assert made.grades == [0] * 8


def test_list_leaves_out_what_nobody_judged():
    """A statement that may answer, for all that is known, is never called wrong."""
    unknown = replace(QUESTION, unknown_cases=frozenset({WALKS}))
    for made in _lists(unknown):
        assert not _graded(made).keys() & set(OTHER)


def test_list_of_much_that_answers():
    """Of many statements that answer or help the best-ranked few are taken."""
    grades = dict.fromkeys(OWN[:8], 2) | dict.fromkeys(OWN[8:16], 1)
    for made in _lists(replace(QUESTION, grades=grades), ranked=OWN[::-1], n=20):
        counts = Counter(made.grades)
        assert (counts[2], counts[1]) == (MAX_ANSWERING, MAX_HELPING)
        assert counts[0] >= 3
        assert set(OWN[4:8]) | set(OWN[13:16]) <= _graded(made).keys()


@pytest.mark.parametrize(
    ("ranked", "grades"),
    [((), {}), (("gone#costs.1", *OTHER), {"gone#costs.2": 2})],
    ids=["nothing ranked", "statements that are gone"],
)
def test_list_when_texts_are_missing(ranked, grades):
    """What the corpus does not hold any more is left out; the rest stays."""
    for made in _lists(replace(QUESTION, grades=grades), ranked, n=20):
        assert made.texts
        known = {*OWN, *OTHER, *OPEN}
        assert _graded(made).keys() <= known


def test_list_with_the_open_question_that_was_asked():
    """The open question that is asked has grade 2, another of its case 0."""
    asked = replace(QUESTION, grades={}, asks_open=(OPEN[1],))
    for made in _lists(asked):
        graded = _graded(made)
        assert graded[OPEN[1]] == 2
        others = [name for name in (OPEN[0], OPEN[2]) if name in graded]
        assert [graded[name] for name in others] == [0]


def test_list_with_an_open_question_beside_an_answer():
    """Every second list of an answered question has an open question, with grade 0."""
    lists = _lists()
    beside = [made for made in lists if made.texts[-1].startswith("Left open")]
    assert 0.35 < len(beside) / len(lists) < 0.65
    assert {made.grades[-1] for made in beside} == {0}


def test_lists_are_the_same_for_a_seed():
    """The seed fixes all drawing: order, statements, spelling."""
    questions = [replace(QUESTION, qid=f"q{n}") for n in range(40)]
    ranked = {q.qid: OTHER for q in questions}
    first, same, other = (
        reading_lists(questions, ranked, TEXTS, seed) for seed in (7, 7, 8)
    )
    assert first == same != other
    assert sorted(made.qid for made in first) == sorted(q.qid for q in questions)
    assert [made.qid for made in first] != [q.qid for q in questions]


def test_lists_are_read_in_other_spellings():
    """Some questions are read in small letters or without accents, most as they are."""
    spellings = Counter(made.question for made in _lists(n=600))
    plain = "Was kostete die Rohre?"
    assert spellings.keys() == {
        QUESTION.text,
        QUESTION.text.lower(),
        plain,
        plain.lower(),
    }
    assert spellings[QUESTION.text] > 400


def test_lists_are_read_without_context_at_times():
    """A few lists have statements alone, as files with thin titles have them."""
    lists = _lists(n=600)
    bare = [made for made in lists if made.texts[0].startswith("Bare")]
    assert 10 < len(bare) < 120
    for made in bare:
        assert not any(text.startswith("In context") for text in made.texts)


def test_lists_of_no_questions():
    """Without questions there are no lists."""
    assert reading_lists([], {}, TEXTS, 7) == []


def test_digest_changes_with_all_that_is_learnt():
    """Another question, text or grade gives another digest; the id does not."""
    (made,) = _lists(n=1)
    changed = [
        replace(made, question="Other?"),
        replace(made, texts=[*made.texts[:-1], "Other."]),
        replace(made, grades=[2 - grade for grade in made.grades]),
    ]
    digests = [lists_digest([each]) for each in (made, *changed)]
    assert len(set(digests)) == 4
    assert lists_digest([replace(made, qid="other")]) == digests[0]


def test_fold_is_that_of_the_case():
    """All questions on a case are in one fold, in whatever language."""
    questions = [replace(QUESTION, qid=f"q{n}", need=f"q{n}") for n in range(9)]
    assert len({fold_of(q, 3) for q in questions}) == 1


def test_fold_of_a_question_on_no_case():
    """A question on no case and its translations are in one fold, by their need."""
    pair = [replace(QUESTION, case="", qid=qid, need="n1") for qid in ("q1", "q2")]
    assert fold_of(pair[0], 3) == fold_of(pair[1], 3)
    needs = [replace(pair[0], need=f"n{n}") for n in range(30)]
    assert {fold_of(q, 3) for q in needs} == {0, 1, 2}


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Röhre", "Rohre"), ("Πόσο;", "Ποσο;"), ("", ""), ("pipe", "pipe")],
    ids=["umlaut", "greek", "empty", "nothing to do"],
)
def test_without_accents(text, plain):
    """Letters lose their accents and stay what they are."""
    assert without_accents(text) == plain
