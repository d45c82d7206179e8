"""A question before it is searched: what it asks for."""

from __future__ import annotations

import pytest

from kb.question.prepare import understand
from tests.support.made_up import city

CITIES = [city("Exampleton", "Beispielstadt"), city("Sampleby")]


def _terms(asked) -> set[str]:
    return {
        term
        for concept in asked.concepts
        for alternative in concept.alternatives
        for term in alternative
    }


def test_understand_when_no_city_is_named():
    """The bare text of a question without a mentor city is the question itself."""
    text = "How much did the heat  pump cost?"
    asked = understand(text, CITIES)
    assert (asked.language, asked.named_cities) == ("en", frozenset())
    assert asked.bare_text == text
    assert {"heat", "pump", "cost"} <= _terms(asked)


@pytest.mark.parametrize(
    ("text", "language", "slugs"),
    [
        ("How much did the heat pump in Sampleby cost?", "en", {"sampleby"}),
        ("Wie viel kostete die Wärmepumpe in Beispielstadt?", "de", {"exampleton"}),
        (
            "How much did the heat pump cost in Exampleton and Sampleby?",
            "en",
            {"exampleton", "sampleby"},
        ),
    ],
    ids=["one", "alias", "two"],
)
def test_understand_when_cities_are_named(text, language, slugs):
    """The city is no part of what is asked for: it is told apart."""
    asked = understand(text, CITIES)
    assert asked.language == language
    assert asked.named_cities == slugs
    assert not any(
        name in asked.bare_text for name in ("Exampleton", "Sampleby", "Beispielstadt")
    )
    assert {"heat", "pump", "cost"} <= _terms(asked)
    assert not {"exampleton", "samplebi", "beispielstadt"} & _terms(asked)


def test_understand_when_only_a_city_is_named():
    """Who types nothing but a city asks for its name."""
    asked = understand("Exampleton", CITIES)
    assert asked.bare_text == "Exampleton"
    assert asked.named_cities == {"exampleton"}


def test_understand_reads_the_cities_once():
    """The cities may come as any iterable, such as the values of a mapping."""
    asked = understand("heat in Sampleby", iter(CITIES))
    assert asked.named_cities == {"sampleby"}
    assert asked.bare_text == "heat in"


def test_understand_when_there_are_no_cities():
    """Without any mentor city nothing is taken out."""
    asked = understand("What did Exampleton do?", [])
    assert asked.named_cities == frozenset()
    assert asked.bare_text == "What did Exampleton do?"
