"""The shipped question sets and judgements, checked against the corpus's files."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from evals.judged import (
    as_question,
    case_grades,
    grades_of,
    held_out_questions,
    read_judged,
)
from evals.qrels import RELEVANT, Qrels, read_qrels
from evals.questions import (
    UNANSWERABLE,
    Question,
    Split,
    falls_to_test,
    read_questions,
    split_file,
)
from kb.words import words

CORPUS = Path(__file__).parents[3] / "corpus"
LANGUAGES = [
    *["en", "hu", "sv", "fi", "nb", "fr", "it"],
    *["de", "es", "pl", "nl", "pt", "ro", "el"],
]
SPLITS = pytest.mark.parametrize("split", list(Split))
# Written for both halves at once, in fourteen languages; the other sets are not.
OWN = (Split.DEV, Split.TEST)
OWN_SPLITS = pytest.mark.parametrize("split", OWN)
BROAD = (Split.BROAD_DEV, Split.BROAD_TEST)
COPIED_WORDS = 8
_MARK = re.compile(r"\[\^[^\]]+\]")
_LINE = re.compile(r"^[-*#>\s]*(.*?)\s*$")


@cache
def questions(split: Split) -> list[Question]:
    return read_questions(split_file(split))


@cache
def qrels(split: Split, level: str) -> Qrels:
    return read_qrels(split_file(split).with_suffix(f".{level}.qrels"))


def needs(*splits: Split, answerable: bool) -> list[Question]:
    """Return one question an information need: the one that is no translation."""
    return [
        question
        for split in splits or OWN
        for question in questions(split)
        if not question.need and question.is_answerable == answerable
    ]


@cache
def corpus() -> dict[str, list[str]]:
    """Return the lines of each case file without bullets and source marks."""
    cases = {}
    for path in sorted(CORPUS.glob("*/*.md")):
        text = _MARK.sub("", path.read_text(encoding="utf-8"))
        lines = [_LINE.sub(r"\1", line) for line in text.split("\n")]
        cases[f"{path.parent.name}/{path.stem}"] = lines
    return cases


def runs_of(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {
        tuple(found[i : i + COPIED_WORDS]) for i in range(len(found) - COPIED_WORDS + 1)
    }


def test_no_question_is_in_two_sets():
    """No id, information need or text of one set is in another."""
    parts = [
        {part for q in questions(split) for part in (q.qid, q.judged_as, q.text)}
        for split in Split
    ]
    assert not any(one & other for one, other in combinations(parts, 2))


def test_broad_questions_are_parted_by_their_ids():
    """Which half a broad question is in follows from the digest of its id alone."""
    for split in BROAD:
        is_test = split == Split.BROAD_TEST
        assert all(falls_to_test(q.qid) == is_test for q in questions(split))
    found = [q for split in BROAD for q in questions(split)]
    assert Counter(q.is_answerable for q in found) == {True: 106, False: 47}


@pytest.mark.parametrize("split", BROAD)
def test_follow_ups_say_what_was_asked_before(split):
    """A follow-up has the question before it; the cities it names are no filter."""
    assert all(bool(q.after) == (q.kind == "follow-up") for q in questions(split))
    assert not any(q.cities for q in questions(split))


def test_others_are_the_questions_on_the_held_out_cases():
    """The set and its judgements are what the judged questions say, and nothing else.

    Every statement of the case is judged: what is not listed there is judged 0.
    """
    judged = held_out_questions(read_judged())
    assert questions(Split.OTHERS) == [as_question(q) for q in judged]
    assert len(judged) == 321
    found = qrels(Split.OTHERS, "statements")
    for question in judged:
        of_case = [s for s in found[question.qid] if s.startswith(f"{question.case}#")]
        assert found[question.qid] == grades_of(question, of_case)
        assert len(of_case) > 5
    assert qrels(Split.OTHERS, "cases") == {
        qid: case_grades(grades) for qid, grades in found.items()
    }


@SPLITS
def test_kinds_say_why_there_is_no_answer(split):
    """A way of asking is never mistaken for a reason to have no answer."""
    ways = {q.kind for q in questions(split) if q.is_answerable}
    assert not ways & set(UNANSWERABLE)
    assert all(ways)


@SPLITS
def test_needs_are_in_their_split(split):
    """Every `need` names a question of the same split with judgements of its own."""
    own = {q.qid for q in questions(split) if not q.need}
    assert {
        q.qid: q.need for q in questions(split) if q.need and q.need not in own
    } == {}


@SPLITS
def test_translations_ask_the_same(split):
    """A translation is answerable exactly when its original is, in another language."""
    original = {q.qid: q for q in questions(split)}
    wrong = [
        q.qid
        for q in questions(split)
        if q.need
        and (
            q.is_answerable != original[q.need].is_answerable
            or q.lang == original[q.need].lang
        )
    ]
    assert not wrong


def test_number_of_needs():
    """There are enough information needs of either kind to measure with."""
    assert len(needs(answerable=True)) >= 240
    assert len(needs(answerable=False)) >= 80


@OWN_SPLITS
@pytest.mark.parametrize("language", LANGUAGES)
def test_number_of_questions_of_a_language(split, language):
    """Every language has at least 20 answerable questions in each split."""
    found = [q for q in questions(split) if q.is_answerable and q.lang == language]
    assert len(found) >= 20


@SPLITS
def test_questions_are_in_known_languages(split):
    """Every question says in which language it is; Czech and Danish came later."""
    found = {q.lang for q in questions(split)}
    if split in OWN:
        assert found == set(LANGUAGES)
    else:
        assert found <= {*LANGUAGES, "cs", "da"}


def test_share_that_names_no_city():
    """About 35% of the answerable needs name no city."""
    found = needs(answerable=True)
    assert 0.30 <= sum(not q.names_city for q in found) / len(found) <= 0.45


def test_share_that_compares():
    """About 20% of the answerable needs compare."""
    found = needs(answerable=True)
    assert 0.15 <= sum(q.kind == "compare" for q in found) / len(found) <= 0.25


@SPLITS
def test_answerable_needs_have_a_right_case(split):
    """Every answerable need has a case and a statement that answer it."""
    missing = [
        q.qid
        for q in needs(split, answerable=True)
        for level in ("cases", "statements")
        if RELEVANT not in qrels(split, level).get(q.qid, {}).values()
    ]
    assert not missing


@SPLITS
def test_unanswerable_needs_have_no_right_case(split):
    """No case and no statement answers an unanswerable need."""
    wrong = [
        q.qid
        for q in needs(split, answerable=False)
        for level in ("cases", "statements")
        if RELEVANT in qrels(split, level).get(q.qid, {}).values()
    ]
    assert not wrong


@SPLITS
@pytest.mark.parametrize("level", ["cases", "statements"])
def test_judgements_fit_questions_and_corpus(split, level):
    """Judgements are filed under needs, have a known grade and name existing cases."""
    own = {q.qid for q in questions(split) if not q.need}
    found = qrels(split, level)
    assert found.keys() <= own
    grades = {grade for grades in found.values() for grade in grades.values()}
    # Of broad questions only what answers or helps was listed.
    assert grades == ({1, 2} if split in BROAD else {0, 1, 2})
    judged = {
        found_id.partition("#")[0] for grades in found.values() for found_id in grades
    }
    assert judged <= corpus().keys()


@SPLITS
def test_cases_are_graded_like_their_statements(split):
    """A case is graded at least as its best statement, which is a part of it."""
    of_cases = qrels(split, "cases")
    lower = {
        (qid, statement_id)
        for qid, grades in qrels(split, "statements").items()
        for statement_id, grade in grades.items()
        if grade > of_cases.get(qid, {}).get(statement_id.partition("#")[0], 0)
    }
    assert not lower


@pytest.mark.parametrize("split", [*OWN, *BROAD])
def test_questions_are_not_copied(split):
    """No question shares a run of eight words with a sentence of the corpus.

    Those of `others` may: some ask in a statement's words for what it does not state.
    """
    written = {
        run for lines in corpus().values() for line in lines for run in runs_of(line)
    }
    assert {q.qid for q in questions(split) if runs_of(q.text) & written} == set()


def test_runs_of_words():
    """A copied run is found whatever its capitals and punctuation."""
    line = "The pipe cost 7 million crowns, as the city said."
    assert runs_of("So: THE PIPE cost 7 million crowns -- as the?") & runs_of(line)
    assert not runs_of("the pipe cost 7 million crowns then") & runs_of(line)


@SPLITS
def test_must_hold_phrases_stand_in_the_corpus(split):
    """Every phrase stands word for word in a statement of a case that matters."""
    missing = {
        (q.qid, phrase)
        for q in questions(split)
        for phrase in q.must_hold
        if not any(
            re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", line)
            for case_id, grade in qrels(split, "cases")[q.judged_as].items()
            if grade
            for line in corpus()[case_id]
        )
    }
    assert not missing


@SPLITS
def test_covered_cities_are_mentor_cities(split):
    """The cities that a good answer covers, and nearest cases, are in the corpus."""
    cities = {case_id.partition("/")[0] for case_id in corpus()}
    assert {city for q in questions(split) for city in (*q.covers, *q.cities)} <= cities
    assert {q.nearest_case for q in questions(split)} - {""} <= corpus().keys()
