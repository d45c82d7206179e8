"""The verdict: when to say nothing, why, and how sure one can be."""

from __future__ import annotations

import pytest

from kb.abstain import judge
from kb.answerability import TOPIC, load_model, signals
from kb.names import Vocabulary
from kb.settings import Settings
from kb.words import words
from tests.made_up import ranking, scored

SETTINGS = Settings(open_question_margin=0.25)
VOCABULARY = Vocabulary({"exampleton", "biscuit", "heat", "copenhagen"})
NEEDED = load_model().topic_threshold
"""With no everyday topic near, how similar a statement must be at least."""


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


def _judge(beyond: float = 0.1, *, evidence: str = "", **found):
    asked = _asked(beyond, **found)
    return judge(asked, lambda: words(evidence), VOCABULARY, SETTINGS)


def _in_a_city(held: float, elsewhere: float):
    """Return what a question about Exampleton found there, and in another city.

    Args:
        held: Share of what is asked for that the best case has words for.
        elsewhere: How much nearer the best statement of the other city is.
    """
    found = [
        scored(
            case_id,
            score,
            text,
            similarity=0.8,
            bare_similarity=bare,
            case_coverage=0.5,
            number=number,
        )
        for number, (case_id, score, text, bare) in enumerate(
            [
                ("exampleton/heat", 2.0, "It heats.", 0.85),
                ("exampleton/heat", 1.8, "It cools.", 0.80),
                ("exampleton/walks", 1.7, "It walks.", 0.79),
                ("sampleby/heat", 1.6, "It boils.", 0.85 + elsewhere),
            ]
        )
    ]
    return ranking(
        found, named_cities=["exampleton"], everyday_similarity=0.78, held=held
    )


ANSWERS, DOES_NOT = _in_a_city(1.0, -0.05), _in_a_city(0.1, 0.05)


def test_judge_when_evidence_is_near():
    """A question that is near enough to a statement is answered, without a reason."""
    verdict = _judge()
    assert (verdict.reason_code, verdict.reason) == ("", "")
    assert verdict.confidence > 0.9


def test_judge_when_nothing_passes_the_filters():
    """Without any statement there is nothing to say, and no confidence at all."""
    verdict = judge(ranking([]), lambda: (), VOCABULARY, SETTINGS)
    assert verdict.reason_code == "weak-evidence"
    assert verdict.reason == "No case passes the chosen filters."
    assert verdict.confidence == 0


def test_judge_when_no_statement_is_near():
    """A question that is not near enough to any statement is off topic."""
    verdict = _judge(-0.01)
    assert verdict.reason_code == "off-topic"
    assert "not about what the cases" in verdict.reason


def test_judge_when_just_near_enough():
    """Exactly as near as the threshold is enough, and the confidence is even."""
    # Without an everyday topic the signal is the similarity itself: no rounding.
    verdict = _judge(0.0)
    assert verdict.reason_code == ""
    assert verdict.confidence == 0.5


def test_judge_when_an_everyday_topic_is_near():
    """The nearer an everyday topic, the nearer a statement must be."""
    assert _judge(0.1, everyday_similarity=0.0).reason_code == ""
    assert _judge(0.1, everyday_similarity=0.5).reason_code == "off-topic"


def test_judge_takes_the_most_similar_statement():
    """The nearest statement counts, which need not be the one with the best score."""
    near, far = NEEDED + 0.1, NEEDED - 0.1
    found = [
        scored("exampleton/heat", 1.5, "It heats.", bare_similarity=far),
        scored("exampleton/heat", 1.0, "It cools.", bare_similarity=near),
    ]
    asked = ranking(found)
    assert judge(asked, lambda: (), VOCABULARY, SETTINGS).reason_code == ""


def test_judge_when_places_are_named_twice():
    """A place elsewhere is named in the reason once."""
    verdict = _judge(question="what did Tallinn, and only Tallinn, pay in Antwerp?")
    assert verdict.reason_code == "elsewhere"
    assert verdict.reason.endswith("about Tallinn, Antwerp.")


def test_judge_when_a_place_elsewhere_is_named():
    """A place of the gazetteer that the evidence does not mention is named."""
    verdict = _judge(question="What did Copenhagen pay?", evidence="Malmö paid.")
    assert verdict.reason_code == "elsewhere"
    assert verdict.reason.endswith("about Copenhagen.")


@pytest.mark.parametrize(
    ("question", "language"),
    [("What did Copenhagen pay?", "en"), ("Vad betalade Köpenhamn?", "sv")],
    ids=["same name", "name in another language"],
)
def test_judge_when_the_evidence_mentions_the_place(question, language):
    """A place elsewhere that the evidence mentions, in any language, is answered."""
    verdict = _judge(question=question, language=language, evidence="Copenhagen paid.")
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
def test_judge_reads_the_evidence_only_if_a_place_is_named(question, named, times):
    """The words of the evidence cost milliseconds and are asked for when needed."""
    calls = []

    def evidence_words():
        calls.append(1)
        return ()

    asked = _asked(question=question, named_cities=named)
    judge(asked, evidence_words, VOCABULARY, SETTINGS)
    assert len(calls) == times


@pytest.mark.parametrize("name", ["Tallinn", "Copenhagen"])
def test_judge_when_a_mentor_city_is_named_too(name):
    """Beside a mentor city, the name of another place does not stop the answer."""
    verdict = _judge(question=f"can {name} copy Exampleton?", named_cities=["sampleby"])
    assert verdict.reason_code == ""


def test_judge_when_german_capitalises_a_noun():
    """A German noun is not taken for an unknown place."""
    verdict = _judge(question="Was kostete der Zeppelin?", language="de")
    assert verdict.reason_code == ""


def test_judge_when_an_open_question_is_nearer():
    """What a case notes as unanswered is said to be open."""
    verdict = _judge(open_questions={"q1": 0.875, "q2": 0.25})
    assert verdict.reason_code == "open-question"
    assert "leave this open" in verdict.reason


def test_judge_when_an_open_question_is_near_but_within_the_margin():
    """An open question must be nearer by more than the margin."""
    assert _judge(open_questions={"q1": 0.75}).reason_code == ""


def test_judge_when_the_named_city_has_an_answer():
    """Evidence in the named city that looks like an answer is one."""
    verdict = judge(ANSWERS, lambda: (), VOCABULARY, SETTINGS)
    assert (verdict.reason_code, verdict.reason) == ("", "")


def test_judge_when_the_named_city_has_no_answer():
    """Evidence that does not look like an answer is said to be only the closest."""
    verdict = judge(DOES_NOT, lambda: (), VOCABULARY, SETTINGS)
    assert verdict.reason_code == "no-direct-answer"
    assert "these come closest" in verdict.reason


def test_judge_when_the_named_city_is_filtered_out():
    """Where the filters leave nothing of the named city, only the topic counts."""
    found = [
        item
        for item in DOES_NOT.statements
        if item.statement.case_id.startswith("sampleby/")
    ]
    asked = ranking(found, named_cities=["exampleton"], everyday_similarity=0.78)
    assert judge(asked, lambda: (), VOCABULARY, SETTINGS).reason_code == ""


@pytest.mark.parametrize(
    ("beyond", "found", "code"),
    [
        (-0.1, {"question": "is it in Tallinn?"}, "elsewhere"),
        (-0.1, {"open_questions": {"q1": 1.0}}, "off-topic"),
        (
            0.1,
            {"open_questions": {"q1": 1.0}, "named_cities": ["exampleton"], "held": 0},
            "open-question",
        ),
    ],
    ids=[
        "elsewhere before off-topic",
        "off-topic before open question",
        "open question before no direct answer",
    ],
)
def test_judge_when_two_things_speak_against_it(beyond, found, code):
    """The plainest reason comes first."""
    assert _judge(beyond, **found).reason_code == code


@pytest.mark.parametrize(
    ("beyond", "found"),
    [
        (-0.1, {}),
        (-1e-6, {}),
        (0.1, {"question": "what did Tallinn pay?"}),
        (0.1, {"open_questions": {"q1": 1.0}}),
    ],
    ids=["off-topic", "barely off-topic", "elsewhere", "open question"],
)
def test_confidence_when_abstaining(beyond, found):
    """Whoever sees a confidence below one half knows that nothing was answered."""
    verdict = _judge(beyond, **found)
    assert verdict.reason_code
    assert 0 <= verdict.confidence < 0.5


@pytest.mark.parametrize("beyond", [0.0, 1e-6, 0.1, 0.7], ids=str)
def test_confidence_when_answering(beyond):
    """An answer always has a confidence of at least one half."""
    verdict = _judge(beyond)
    assert verdict.reason_code == ""
    assert 0.5 <= verdict.confidence <= 1


def test_confidence_grows_with_the_distance():
    """The nearer to a statement and the farther from other topics, the surer."""
    values = [_judge(beyond).confidence for beyond in (-0.1, 0.0, 0.02, 0.05)]
    assert values == sorted(set(values))


@pytest.mark.parametrize("asked", [ANSWERS, DOES_NOT], ids=["answers", "does not"])
def test_confidence_when_a_city_is_named(asked):
    """The confidence is the model's estimate, and the verdict agrees with it."""
    verdict = judge(asked, lambda: (), VOCABULARY, SETTINGS)
    estimate = load_model().confidence(signals(asked))
    assert verdict.confidence == pytest.approx(estimate, abs=0.0005)
    assert (verdict.reason_code == "") == (estimate >= 0.5)


def test_topic_of_the_made_up_evidence():
    """The table's two rankings pass the topic threshold, so that the model decides."""
    for asked in (ANSWERS, DOES_NOT):
        assert signals(asked)[TOPIC] > NEEDED
