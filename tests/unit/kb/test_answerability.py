"""Whether the evidence answers: its signals, and the fitted model that weighs them."""

from __future__ import annotations

from datetime import date
from math import log

import pytest
from pydantic import ValidationError

from kb.answerability import (
    FARTHEST,
    TOPIC,
    AnswerabilityModel,
    load_model,
    signals,
)
from tests.made_up import ranking, scored

PROVENANCE = {
    "fitted_on": "made-up.jsonl",
    "questions_digest": "0123456789abcdef",
    "settings_digest": "0123456789ab",
    "embedding_model": "fake",
    "date": "2026-03-01",
    "command": "mentorkb eval fit",
    "answerable": 3,
    "unanswerable": 2,
    "false_refusal_rate": 0.05,
}
VALUES = {
    "means": {"colour": 10.0, "noise": 1.0},
    "scales": {"colour": 2.0, "noise": 0.5},
    "weights": {"colour": 1.0, "noise": -2.0},
    "intercept": 0.5,
    "threshold": 0.5,
    "topic_threshold": 0.25,
    "provenance": PROVENANCE,
}


def _model(**changes) -> AnswerabilityModel:
    return AnswerabilityModel.model_validate(VALUES | changes)


def _found():
    """Return three statements of Exampleton and one of Sampleby."""
    return [
        scored("exampleton/heat", 2.0, "a", bare_similarity=0.8, case_coverage=0.5),
        scored("exampleton/heat", 1.0, "b", bare_similarity=0.6, number=2),
        scored("sampleby/heat", 0.8, "c", bare_similarity=0.9, case_coverage=0.25),
        scored("exampleton/walks", 0.0, "d", bare_similarity=0.5),
    ]


def test_signals_when_nothing_was_found():
    """Without evidence there is nothing to see."""
    assert signals(ranking([], named_cities=["exampleton"])) == {}


@pytest.mark.parametrize("named", [[], ["nowhere"]], ids=["no city", "nothing in it"])
def test_signals_when_there_is_nothing_of_a_named_city(named):
    """Only how near the topic is can be told for a question without a city's cases."""
    seen = signals(ranking(_found(), named_cities=named, everyday_similarity=0.5))
    # The nearest of all, in whatever city: .9 - .65 x .5 = .575
    assert seen == {TOPIC: pytest.approx(0.575)}


def test_signals_when_a_city_is_named():
    """The evidence of the named city is compared with the rest."""
    seen = signals(
        ranking(
            _found(), named_cities=["exampleton"], everyday_similarity=0.5, held=0.75
        )
    )
    # With .2 of the words that its case covers, the best of Exampleton has
    # .8 + .2 x .5 = .9 and that of Sampleby .9 + .2 x .25 = .95: .05 better.
    assert seen == pytest.approx(
        {
            TOPIC: 0.575,
            "similarity to everyday topics": 0.5,
            "words held by the case": 0.75,
            "words covered by the case": 0.5,
            "better elsewhere": 0.05,
        }
    )


def test_signals_when_two_cities_are_named():
    """The evidence of all named cities counts as one, and nothing is left elsewhere."""
    seen = signals(ranking(_found(), named_cities=["exampleton", "sampleby"]))
    # Nothing is 0; the best of the two cities has .9 + .2 x .25 = .95.
    assert seen["better elsewhere"] == pytest.approx(-0.95)


def test_signals_when_the_named_city_covers_more_words():
    """A city that is less alike, but covers more of the words, is not behind."""
    found = [
        scored("exampleton/heat", 2.0, "a", bare_similarity=0.8, case_coverage=1.0),
        scored("sampleby/heat", 1.0, "b", bare_similarity=0.9),
    ]
    seen = signals(ranking(found, named_cities=["exampleton"]))
    # .9 - (.8 + .2 x 1) = -.1
    assert seen["better elsewhere"] == pytest.approx(-0.1)


def test_signals_are_plain_numbers():
    """Every signal can be written as JSON."""
    seen = signals(ranking(_found(), named_cities=["exampleton"]))
    assert {type(value) for value in seen.values()} == {float}


@pytest.mark.parametrize(
    ("colour", "noise", "expected"),
    [(10.0, 1.0, 0.6225), (12.0, 1.0, 0.8176), (10.0, 1.5, 0.1824)],
    ids=["means", "one scale more colour", "one scale more noise"],
)
def test_confidence_worked_out_by_hand(colour, noise, expected):
    """At a threshold of one half the confidence is the probability itself.

    1 / (1 + exp(-.5)) = .6225; with .5 + 1 = 1.5: .8176; with .5 - 2 = -1.5: .1824.
    """
    seen = {"colour": colour, "noise": noise}
    assert _model().confidence(seen) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("sign", [1, -1], ids=["above", "below"])
@pytest.mark.parametrize("name", ["colour", "noise"])
def test_confidence_of_a_signal_that_is_far_away(name, sign):
    """A signal counts as two standard deviations from its mean, however far it is."""
    model = _model()

    def confidence(distance: float) -> float:
        far = sign * distance * model.scales[name]
        return model.confidence(model.means | {name: model.means[name] + far})

    assert FARTHEST == 2
    assert confidence(1_000) == confidence(2) != confidence(1.9)


@pytest.mark.parametrize("threshold", [0.1, 0.3518, 0.5, 0.9], ids=str)
def test_confidence_at_the_threshold(threshold):
    """Evidence with exactly the probability of the threshold has a confidence of .5."""
    # The probability of the log-odds x is the threshold where x = log(t / (1 - t)).
    model = _model(intercept=log(threshold / (1 - threshold)), threshold=threshold)
    assert model.confidence({"colour": 10, "noise": 1}) == pytest.approx(0.5)


def test_confidence_leaves_other_signals_alone():
    """A signal that the model does not weigh changes nothing."""
    seen = {"colour": 11.0, "noise": 1.0}
    model = _model()
    assert model.confidence(seen | {TOPIC: 9.0}) == model.confidence(seen)


@pytest.mark.parametrize(
    ("seen", "applies"),
    [
        ({"colour": 1.0, "noise": 0.0}, True),
        ({"colour": 1.0, "noise": 0.0, TOPIC: 0.5}, True),
        ({"colour": 1.0}, False),
        ({}, False),
    ],
    ids=["all", "all and more", "one missing", "none"],
)
def test_applies_to(seen, applies):
    """The model can judge only where all its signals were seen."""
    assert _model().applies_to(seen) is applies


def test_load_model_gives_what_was_written(tmp_path):
    """A model survives its file."""
    path = tmp_path / "model.json"
    path.write_text(_model().model_dump_json(), encoding="utf-8")
    assert load_model(path) == _model()


@pytest.mark.parametrize("key", VALUES)
def test_load_model_when_a_part_is_missing(tmp_path, key):
    """A file without one of its parts is refused by that part's name."""
    path = tmp_path / "model.json"
    path.write_text(_model().model_dump_json(exclude={key}), encoding="utf-8")
    with pytest.raises(ValidationError, match=f"{key}\\s+Field required"):
        load_model(path)


def test_shipped_model_weighs_exactly_the_signals():
    """The shipped model weighs what is seen when a city is named, the topic aside.

    The topic has a threshold of its own.
    """
    model = load_model()
    seen = signals(ranking(_found(), named_cities=["exampleton"]))
    assert set(model.weights) == set(seen) - {TOPIC}
    assert set(model.means) == set(model.scales) == set(model.weights)
    assert model.applies_to(seen)


def test_shipped_model_has_usable_numbers():
    """Scales are positive and the threshold is a probability between 0 and 1."""
    model = load_model()
    assert all(scale > 0 for scale in model.scales.values())
    assert 0 < model.threshold < 1
    assert -1 < model.topic_threshold < 1


def test_shipped_model_at_its_threshold():
    """The shipped model is even where its probability is its threshold."""
    model = load_model()
    name = "words held by the case"
    # Only one signal leaves its mean: by so many scales that the log-odds become
    # log(t / (1 - t)), that is, the probability becomes the threshold.
    wanted = log(model.threshold / (1 - model.threshold))
    scales = (wanted - model.intercept) / model.weights[name]
    seen = model.means | {name: model.means[name] + scales * model.scales[name]}
    assert model.confidence(seen) == pytest.approx(0.5)


def test_shipped_model_when_more_is_held():
    """The more of what is asked for the best case has words for, the surer."""
    model = load_model()
    values = [
        model.confidence(model.means | {"words held by the case": held})
        for held in (0.0, 0.5, 1.0)
    ]
    assert values == sorted(set(values))


def test_shipped_model_when_another_city_is_nearer():
    """The nearer the statements of other cities are, the less sure."""
    model = load_model()
    values = [
        model.confidence(model.means | {"better elsewhere": distance})
        for distance in (0.1, 0.05, 0.0)
    ]
    assert values == sorted(set(values))


@pytest.mark.parametrize("name", load_model().weights)
def test_shipped_model_is_not_decided_by_one_signal(name):
    """However bad one signal is, the others can still make up for it."""
    model = load_model()
    best = {
        other: mean
        + (FARTHEST if model.weights[other] > 0 else -FARTHEST) * model.scales[other]
        for other, mean in model.means.items()
    }
    worst = -1_000 if model.weights[name] > 0 else 1_000
    assert model.confidence(best | {name: worst}) > 0.5


def test_shipped_model_names_its_origin():
    """The shipped numbers say on which questions and with what they were fitted."""
    origin = load_model().provenance
    assert origin.fitted_on == "dev.jsonl"
    assert origin.command.startswith("mentorkb eval fit")
    assert date.fromisoformat(origin.date)
    assert origin.answerable > 0
    assert origin.unanswerable > 0
    assert 0 <= origin.false_refusal_rate < 0.1
