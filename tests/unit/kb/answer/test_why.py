"""Why a question found a statement: the words that matched, and the measured parts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.answer.why import matched_words, said_in, why_found
from kb.index.lexical import Concept
from kb.question.glossary import concepts
from tests.support.made_up import CASE, ranking, scored

TITLE = "Waste heat from the biscuit factory"


def found(question: str, language: str, *texts: str) -> tuple[str, ...]:
    """Return the words of texts that match a question."""
    return matched_words(texts, concepts(question, language))


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What did the heat pump cost?", "en"),
        ("Vad kostade värmepumpen?", "sv"),
        ("Mitä lämpöpumppu maksoi?", "fi"),
        ("Πόσο κόστισε η αντλία θερμότητας;", "el"),
    ],
)
def test_matched_words_in_another_language(question, language):
    """A question shows the words of the corpus that it matched, as written there."""
    words = found(question, language, "The heat PUMPS cost 7 million.", "Costs", TITLE)
    assert {"heat", "PUMPS", "cost"} <= set(words)


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("pumps", "A pump; the pumps hum.", ("pump",)),
        ("Brunnshög", "In BRUNNSHÖG and brunnshog.", ("BRUNNSHÖG",)),
        ("cafe\u0301", "The Cafe\u0301.", ("Café",)),
        ("pipe 2019", "In 2019 a pipe.", ("2019", "pipe")),
        ("zebra", "The pipe.", ()),
        ("the of", "The of.", ()),
        ("pipe", "", ()),
    ],
    ids=[
        "one stem once",
        "accents and capitals",
        "letters with loose accents",
        "order of the text",
        "nothing matches",
        "stop words",
        "no text",
    ],
)
def test_matched_words(question, text, words):
    """Matching words stand in the order and spelling of the text, each once."""
    assert found(question, "en", text) == words


def test_matched_words_when_half_of_a_pair_is_missing():
    """Of a way to say it in two words, one alone is no match."""
    pair = Concept((("heat", "pump"), ("warm", "air")))
    assert matched_words(["The heat is free, the air too."], [pair]) == ()


def test_matched_words_when_a_pair_spans_statement_and_title():
    """The words of a pair may stand apart, as they do for the ranking."""
    pair = Concept((("heat", "pump"),))
    texts = ["The pump hums.", "Heat for Exampleton"]
    assert matched_words(texts, [pair]) == ("pump", "Heat")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What do pipes cost?", ("pipe", "cost")),
        ("Vad kostar PIPE?", ("pipe",)),
        ("Mitä putki maksoi?", ()),
    ],
    ids=["another form", "one as it is", "all translated"],
)
def test_said_in(question, words):
    """A word is said in another form, too, but not in another language."""
    assert said_in(question, ("pipe", "cost")) == words


def test_why_found():
    """The parts of the score are told with four digits, and that the city is named."""
    item = replace(
        scored(CASE.case_id, 1.2, "The pipe cost 7 million.", similarity=0.876543),
        bare_similarity=0.81,
        case_similarity=0.7,
        coverage=0.5,
    )
    asked = replace(
        ranking([item], named_cities=["exampleton"]),
        concepts=concepts("what did the factory pipe cost?", "en"),
    )
    why = why_found(item, CASE, asked)
    assert why.words == ("pipe", "cost", "factory")
    assert (why.similarity, why.bare_similarity, why.case_similarity) == (
        0.8765,
        0.81,
        0.7,
    )
    assert (why.coverage, why.names_city) == (0.5, True)
    assert why.question_language == "en"


def test_why_found_when_no_city_is_named():
    """A city that the question does not name is not said to be named."""
    item = scored(CASE.case_id, 1.0, "The pipe cost 7 million.")
    why = why_found(item, CASE, ranking([item], named_cities=["sampleby"]))
    assert (why.words, why.names_city) == ((), False)
