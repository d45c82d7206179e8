"""The verdict: when to say nothing, why, and how sure one can be."""

from __future__ import annotations

import pytest

from kb.abstain import judge
from kb.names import Vocabulary
from kb.settings import Settings
from kb.words import words
from tests.made_up import ranking, scored

SETTINGS = Settings(topic_margin=0.0, open_question_margin=0.25)
VOCABULARY = Vocabulary({"exampleton", "biscuit", "heat", "copenhagen"})


def _judge(
    similarity: float = 0.5,
    *,
    settings: Settings = SETTINGS,
    language: str = "en",
    evidence: str = "",
    **found,
):
    statements = [scored("exampleton/heat", 1.0, "It heats.", similarity=similarity)]
    asked = ranking(statements, **found)
    return judge(asked, words(evidence), VOCABULARY, language, settings)


def test_judge_when_evidence_is_near():
    """A question that is nearest to a statement is answered, without a reason."""
    verdict = _judge(everyday_similarity=0.25)
    assert (verdict.reason_code, verdict.reason) == ("", "")
    assert verdict.confidence > 0.9


def test_judge_when_nothing_passes_the_filters():
    """Without any statement there is nothing to say, and no confidence at all."""
    verdict = judge(ranking([]), (), VOCABULARY, "en", SETTINGS)
    assert verdict.reason_code == "weak-evidence"
    assert verdict.reason == "No case passes the chosen filters."
    assert verdict.confidence == 0


def test_judge_when_an_everyday_topic_is_nearer():
    """A question nearer to an everyday topic than to any statement is off topic."""
    verdict = _judge(everyday_similarity=0.75)
    assert verdict.reason_code == "off-topic"
    assert "not about what the cases" in verdict.reason


def test_judge_when_both_are_equally_near():
    """Exactly as near is just enough, and the confidence is even."""
    verdict = _judge(everyday_similarity=0.5)
    assert verdict.reason_code == ""
    assert verdict.confidence == 0.5


def test_judge_takes_the_most_similar_statement():
    """The nearest statement counts, which need not be the one with the best score."""
    found = [
        scored("exampleton/heat", 1.5, "It heats.", similarity=0.25),
        scored("exampleton/heat", 1.0, "It cools.", similarity=0.75),
    ]
    asked = ranking(found, everyday_similarity=0.5)
    assert judge(asked, (), VOCABULARY, "en", SETTINGS).reason_code == ""


def test_judge_when_the_words_match():
    """A question whose words a statement covers may be a little farther from it."""
    # .50 - .52 + .05 x coverage: below 0 without a common word, above with all.
    for coverage, code in ((0.0, "off-topic"), (1.0, "")):
        found = scored(
            "exampleton/heat", 1.0, "Schools.", similarity=0.5, coverage=coverage
        )
        asked = ranking([found], everyday_similarity=0.52)
        assert judge(asked, (), VOCABULARY, "en", SETTINGS).reason_code == code


def test_judge_when_a_topic_margin_is_set():
    """The margin asks for more distance from everyday topics."""
    strict = Settings(topic_margin=0.5)
    assert _judge(settings=strict, everyday_similarity=0.25).reason_code == "off-topic"


def test_judge_when_an_unknown_name_is_named():
    """A name that the corpus never uses is named in the reason, once."""
    verdict = _judge(question="what did Atlantis, and only Atlantis, pay in Camelot?")
    assert verdict.reason_code == "elsewhere"
    assert verdict.reason.endswith("about Atlantis, Camelot.")


def test_judge_when_a_place_elsewhere_is_named():
    """A place of the gazetteer that the evidence does not mention is named."""
    verdict = _judge(question="What did Copenhagen pay?", evidence="Malmö paid.")
    assert verdict.reason_code == "elsewhere"
    assert verdict.reason.endswith("about Copenhagen.")


@pytest.mark.parametrize(
    ("question", "lang"),
    [("What did Copenhagen pay?", "en"), ("Vad betalade Köpenhamn?", "sv")],
    ids=["same name", "name in another language"],
)
def test_judge_when_the_evidence_mentions_the_place(question, lang):
    """A place elsewhere that the evidence mentions, in any language, is answered."""
    verdict = _judge(question=question, language=lang, evidence="Copenhagen paid.")
    assert verdict.reason_code == ""


@pytest.mark.parametrize("name", ["Atlantis", "Copenhagen"])
def test_judge_when_a_mentor_city_is_named_too(name):
    """Beside a mentor city, the name of another place does not stop the answer."""
    verdict = _judge(
        question=f"can {name} copy Exampleton?", named_cities=["exampleton"]
    )
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


@pytest.mark.parametrize(
    ("question", "code"),
    [("is it in Atlantis?", "elsewhere"), ("is it open?", "off-topic")],
    ids=["elsewhere before off-topic", "off-topic before open question"],
)
def test_judge_when_two_things_speak_against_it(question, code):
    """The plainest reason comes first."""
    verdict = _judge(
        question=question, everyday_similarity=0.75, open_questions={"q1": 1.0}
    )
    assert verdict.reason_code == code


@pytest.mark.parametrize(
    "found",
    [
        {"everyday_similarity": 0.75},
        {"everyday_similarity": 0.5 + 1e-6},
        {"question": "what did Atlantis pay?"},
        {"open_questions": {"q1": 1.0}},
    ],
    ids=["off-topic", "barely off-topic", "elsewhere", "open question"],
)
def test_confidence_when_abstaining(found):
    """Whoever sees a confidence below one half knows that nothing was answered."""
    verdict = _judge(**found)
    assert verdict.reason_code
    assert 0 <= verdict.confidence < 0.5


@pytest.mark.parametrize("everyday", [0.0, 0.25, 0.49999, 0.5], ids=str)
def test_confidence_when_answering(everyday):
    """An answer always has a confidence of at least one half."""
    verdict = _judge(everyday_similarity=everyday)
    assert verdict.reason_code == ""
    assert 0.5 <= verdict.confidence <= 1


def test_confidence_grows_with_the_distance():
    """The nearer to a statement and the farther from other topics, the surer."""
    values = [_judge(everyday_similarity=e).confidence for e in (0.6, 0.5, 0.45, 0.4)]
    assert values == sorted(set(values))
