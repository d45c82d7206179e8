"""The verdict: when to say nothing, why, and how sure one can be."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import pytest

from kb.answer.abstain import (
    Decision,
    decision_values,
    judge,
    judge_by_cases,
    judge_topic,
    judge_without_reader,
    values_of,
)
from kb.answer.composing import read_first
from kb.answer.topic import topic_limit
from kb.question.names import Vocabulary
from kb.types import OpenQuestion
from kb.words import words
from tests.support.made_up import ranking, scored
from tests.support.made_up_readings import Finding

VOCABULARY = Vocabulary({"exampleton", "biscuit", "heat", "copenhagen"})
NEEDED = topic_limit().least
"""With no everyday topic near, how similar a statement must be at least."""
HEAT, WALKS = "exampleton/heat", "sampleby/walks"


def _asked(beyond: float = 0.1, **found):
    """Return what a question found whose topic is so much nearer than needed."""
    item = scored(
        "exampleton/heat",
        1.0,
        "It heats.",
        similarity=0.5,
        bare_similarity=NEEDED + beyond,
    )
    return ranking([item], **found)


def _judge_topic(beyond: float = 0.1, *, evidence: str = "", **found):
    return judge_topic(_asked(beyond, **found), lambda: words(evidence), VOCABULARY)


# Whether it is about what the cases cover


def test_topic_when_evidence_is_near():
    """A question that is near enough to a statement passes, without a reason."""
    verdict = _judge_topic()
    assert (verdict.reason_code, verdict.reason) == ("", "")
    assert verdict.confidence > 0.9


def test_topic_when_nothing_passes_the_filters():
    """Without any statement there is nothing to say, and no confidence at all."""
    verdict = judge_topic(ranking([]), lambda: (), VOCABULARY)
    assert verdict.reason_code == "weak-evidence"
    assert verdict.reason == "No case passes the chosen filters."
    assert verdict.confidence == 0


def test_topic_when_no_statement_is_near():
    """A question that is not near enough to any statement is off topic."""
    verdict = _judge_topic(-0.01)
    assert verdict.reason_code == "off-topic"
    assert "not about what the cases" in verdict.reason


def test_topic_when_just_near_enough():
    """Exactly as near as the threshold is enough, and the confidence is even."""
    # Without an everyday topic the signal is the similarity itself: no rounding.
    verdict = _judge_topic(0.0)
    assert verdict.reason_code == ""
    assert verdict.confidence == 0.5


def test_topic_when_an_everyday_topic_is_near():
    """The nearer an everyday topic, the nearer a statement must be."""
    assert _judge_topic(0.1, everyday_similarity=0.0).reason_code == ""
    assert _judge_topic(0.1, everyday_similarity=0.5).reason_code == "off-topic"


def test_topic_takes_the_most_similar_statement():
    """The nearest statement counts, which need not be the one with the best score."""
    near, far = NEEDED + 0.1, NEEDED - 0.1
    found = [
        scored("exampleton/heat", 1.5, "It heats.", bare_similarity=far),
        scored("exampleton/heat", 1.0, "It cools.", bare_similarity=near),
    ]
    asked = ranking(found)
    assert judge_topic(asked, lambda: (), VOCABULARY).reason_code == ""


def test_topic_when_places_are_named_twice():
    """A place elsewhere is named in the reason once."""
    verdict = _judge_topic(
        question="what did Tallinn, and only Tallinn, pay in Antwerp?"
    )
    assert verdict.reason_code == "elsewhere"
    assert verdict.reason.endswith("about Tallinn, Antwerp.")


def test_topic_when_a_place_elsewhere_is_named():
    """A place of the gazetteer that the evidence does not mention is named."""
    verdict = _judge_topic(question="What did Copenhagen pay?", evidence="Malmö paid.")
    assert verdict.reason_code == "elsewhere"
    assert verdict.reason.endswith("about Copenhagen.")


@pytest.mark.parametrize(
    ("question", "language"),
    [("What did Copenhagen pay?", "en"), ("Vad betalade Köpenhamn?", "sv")],
    ids=["same name", "name in another language"],
)
def test_topic_when_the_evidence_mentions_the_place(question, language):
    """A place elsewhere that the evidence mentions, in any language, is answered."""
    verdict = _judge_topic(
        question=question, language=language, evidence="Copenhagen paid."
    )
    assert verdict.reason_code == ""


@pytest.mark.parametrize(
    ("question", "named", "times"),
    [
        ("What did it cost?", [], 0),
        ("What did Copenhagen pay?", ["exampleton"], 0),
        ("What did Copenhagen and Vienna pay?", [], 1),
    ],
    ids=["no place", "beside a mentor city", "two places"],
)
def test_topic_reads_the_evidence_only_if_a_place_is_named(question, named, times):
    """The words of the evidence cost milliseconds and are asked for when needed."""
    calls = []

    def evidence_words():
        calls.append(1)
        return ()

    asked = _asked(question=question, named_cities=named)
    judge_topic(asked, evidence_words, VOCABULARY)
    assert len(calls) == times


@pytest.mark.parametrize("name", ["Tallinn", "Copenhagen"])
def test_topic_when_a_mentor_city_is_named_too(name):
    """Beside a mentor city, the name of another place does not stop the answer."""
    verdict = _judge_topic(
        question=f"can {name} copy Exampleton?", named_cities=["sampleby"]
    )
    assert verdict.reason_code == ""


def test_topic_when_german_capitalises_a_noun():
    """A German noun is not taken for an unknown place."""
    verdict = _judge_topic(question="Was kostete der Zeppelin?", language="de")
    assert verdict.reason_code == ""


def test_topic_when_two_things_speak_against_it():
    """A place elsewhere is the plainer reason than the topic."""
    verdict = _judge_topic(-0.1, question="is it in Tallinn?")
    assert verdict.reason_code == "elsewhere"


@pytest.mark.parametrize(
    ("beyond", "found"),
    [(-0.1, {}), (-1e-6, {}), (0.1, {"question": "what did Tallinn pay?"})],
    ids=["off-topic", "barely off-topic", "elsewhere"],
)
def test_topic_confidence_when_abstaining(beyond, found):
    """Whoever is refused for the topic sees a confidence below one half."""
    verdict = _judge_topic(beyond, **found)
    assert verdict.reason_code
    assert 0 <= verdict.confidence < 0.5


def test_topic_confidence_grows_with_the_distance():
    """The nearer to a statement and the farther from other topics, the surer."""
    values = [_judge_topic(beyond).confidence for beyond in (-0.1, 0.0, 0.02, 0.05)]
    assert values == sorted(set(values))


# Whether what was read answers


def _found(*answers: float, **found):
    """Return a reading whose statements answer with such log-odds."""
    finding = Finding()
    for number, odds in enumerate(answers):
        finding.add((HEAT, WALKS)[number % 2], odds)
    return finding.read_by(**found)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ((0.01,), ""),
        ((-3.0, 0.01), ""),
        ((-0.01,), "no-direct-answer"),
        ((-0.01, -0.01, -0.01), "no-direct-answer"),
    ],
    ids=["above the line", "the second is", "below the line", "many below"],
)
def test_judge_by_the_line(answers, code):
    """The best statement decides, on which side of the line its chance lies."""
    verdict = judge(_found(*answers), [], list)
    assert verdict.reason_code == code
    assert (verdict.reason == "") == (code == "")
    assert verdict.left_open is None


def test_judge_gives_the_chance():
    """The confidence is the chance that the calibration estimates, to three digits."""
    for odds in (-2.0, 2.0):
        verdict = judge(_found(odds), [], list)
        assert verdict.confidence == pytest.approx(1 / (1 + exp(-odds)), abs=0.0005)


def test_judge_when_only_a_part_is_answered():
    """A question of two parts is answered when one of them is."""
    found = _found(-1.0)
    (answering,) = _found(2.0).of(_found(2.0).ranking.statements)
    parts = [("What did it cost?", [answering]), ("Who paid?", [])]
    verdict = judge(found, parts, list)
    assert verdict.reason_code == ""
    assert verdict.confidence == pytest.approx(1 / (1 + exp(-2.0)), abs=0.0005)
    assert judge(found, [(text, []) for text, _ in parts], list).reason_code


def test_judge_says_that_these_come_closest():
    """Evidence that does not answer is said to be only the closest."""
    assert judge(_found(-1.0), [], list).reason.endswith("these come closest.")


def test_judge_reads_no_further_than_the_first():
    """What ranks far behind is not read for the verdict."""
    assert judge(_found(*[-3.0] * 16, 5.0), [], list).reason_code == "no-direct-answer"


def test_judge_hears_every_named_city():
    """A statement of a named city counts, however far behind it ranks."""
    finding = Finding()
    for _ in range(20):
        finding.add(HEAT, -3.0)
    finding.add(WALKS, 3.0)
    both = finding.read_by(named_cities=["exampleton", "sampleby"])
    assert judge(both, [], list).reason_code == ""


ASKED, OTHER = (
    OpenQuestion(f"{HEAT}#open-questions.{n}", HEAT, text)
    for n, text in enumerate(("What heat costs is unknown.", "Who knows?"))
)


@pytest.mark.parametrize(
    ("answers", "chances", "code"),
    [
        (-1.0, (0.5,), "open-question"),
        (-1.0, (0.75, 0.5), "open-question"),
        (-1.0, (0.49,), "no-direct-answer"),
        (1.0, (0.99,), ""),
    ],
    ids=["on the line", "two", "below the line", "answered as well"],
)
def test_judge_when_an_open_question_was_asked(answers, chances, code):
    """What a case notes as unanswered is said to be open, unless it is answered."""
    questions = (ASKED, OTHER)
    near = list(zip(questions, chances, strict=False))
    verdict = judge(_found(answers), [], lambda: near)
    assert verdict.reason_code == code
    is_open = code == "open-question"
    assert verdict.left_open == (ASKED if is_open else None)
    assert ("leave this open" in verdict.reason) == is_open


def test_judge_when_nothing_was_read():
    """Without any statement there is no answer, and hardly any confidence."""
    verdict = judge(_found(), [], list)
    assert verdict.reason_code == "no-direct-answer"
    assert verdict.confidence == 0


def test_judge_passes_over_open_questions_of_other_cases():
    """An open question counts only of a case that comes near to answering."""
    far = OpenQuestion("sampleby/walks#open-questions.1", WALKS, "Who walks?")
    finding = Finding()
    for _ in range(3):
        finding.add(HEAT, -1.0)
    finding.add(WALKS, -2.0)
    made = finding.read_by()
    assert judge(made, [], lambda: [(far, 0.99)]).reason_code == "no-direct-answer"
    near = judge(made, [], lambda: [(far, 0.99), (ASKED, 0.75)])
    assert near.left_open == ASKED


@pytest.mark.parametrize(
    ("chances", "best"),
    [([0.25, 0.75, 0.5], log(3)), ([0.5], 0.0), ([], -12.0)],
    ids=["many", "one", "none"],
)
def test_decision_values_are_the_best_chance(chances, best):
    """The best chance counts, on the log-odds scale, wherever it stands."""
    assert decision_values(chances) == pytest.approx({"best": best})


def test_values_of_a_reading():
    """They are those of the statements that were read."""
    assert values_of(read_first(_found(-1.0, 2.0))) == pytest.approx(
        {"best": 2.0}, abs=1e-6
    )


def test_values_of_a_reading_without_limits():
    """Log-odds beyond all bounds stay numbers that can be weighed."""
    assert values_of(read_first(_found(900.0))) == pytest.approx({"best": 12.0})
    assert values_of(read_first(_found(-900.0))) == pytest.approx({"best": -12.0})


# Where nothing reads


@pytest.mark.parametrize(
    ("nearest", "code"),
    [({"q1": 0.875, "q2": 0.25}, "open-question"), ({"q1": 0.75}, ""), ({}, "")],
    ids=["nearer", "within the margin", "no open question"],
)
def test_without_reader_an_open_question_must_be_nearer(nearest, code):
    """What is open is told when it is nearer than any statement, by the margin."""
    asked = _asked(open_questions=nearest)
    topic = judge_topic(asked, lambda: (), VOCABULARY)
    verdict = judge_without_reader(asked, topic, margin=0.25)
    assert verdict.reason_code == code
    assert ("leave this open" in verdict.reason) == bool(code)
    if not code:
        assert verdict == topic


def test_without_reader_the_nearest_statement_counts():
    """The most similar statement is compared, which need not be the best-ranked one."""
    near = scored(WALKS, 0.5, "It walks.", similarity=0.8, bare_similarity=0.9)
    asked = ranking([*_asked().statements, near], open_questions={"q1": 0.9})
    topic = judge_topic(asked, lambda: (), VOCABULARY)
    assert judge_without_reader(asked, topic, margin=0.25).reason_code == ""


def test_without_reader_confidence_when_open():
    """A refusal has a confidence below one half here as well."""
    asked = _asked(0.7, open_questions={"q1": 1.0})
    topic = judge_topic(asked, lambda: (), VOCABULARY)
    assert judge_without_reader(asked, topic, margin=0.25).confidence < 0.5


# Whole cases


ANSWERED = Decision("", 0.5)
REFUSED = Decision("no-direct-answer", 0.1)
BOTH = ["exampleton", "sampleby"]


@pytest.mark.parametrize(
    ("verdict", "question", "named", "about", "code"),
    [
        (REFUSED, "What has Exampleton done on heat?", BOTH[:1], [HEAT], ""),
        (
            REFUSED,
            "What has Exampleton done on heat?",
            BOTH[:1],
            [],
            "no-direct-answer",
        ),
        (REFUSED, "What does heat cost?", BOTH[:1], [HEAT], "no-direct-answer"),
        (ANSWERED, "Bonds of Exampleton and Sampleby", BOTH, [], "no-direct-answer"),
        (ANSWERED, "Bonds of Exampleton and Sampleby", BOTH, [HEAT], ""),
        (ANSWERED, "Bonds of Exampleton", BOTH[:1], [], ""),
    ],
    ids=["done", "nothing done", "price", "no case of both", "a case", "one city"],
)
def test_cases_decide(verdict, question, named, about, code):
    """What a city did is its cases; several without a case on it answer nothing."""
    found = _asked(question=question, named_cities=named)
    decided = judge_by_cases(verdict, found, about)
    assert decided.reason_code == code
    assert bool(decided.reason) == bool(code)
    assert decided.confidence == verdict.confidence


def test_cases_do_not_decide_behind_a_filter():
    """A filter may hide the cases on it."""
    found = _asked(question="Bonds of both", named_cities=BOTH)
    filtered = replace(found, query=replace(found.query, cities=("exampleton",)))
    assert judge_by_cases(ANSWERED, filtered, []) == ANSWERED
