"""Follow-ups: which texts go on from the question before, and how they are read."""

from __future__ import annotations

import pytest

from kb.question.follow_up import understood
from tests.support.made_up import city

CITIES = [
    city("Exampleton", "Beispielstadt"),
    city("Sampleby"),
    city("Long-Hill Métropole", "Long"),
]
BEFORE = "How did Exampleton pay for its heat network?"
# A question without a city in each served language, and what one may type after it.
SPOKEN = [
    ("en", "Which town heats homes with waste heat?", "and who paid?"),
    ("hu", "Mely város fűti a lakásokat hulladékhővel?", "és ki fizette?"),
    ("sv", "Vilken stad värmer bostäder med spillvärme?", "och vem betalade?"),
    ("fi", "Mikä kaupunki lämmittää koteja hukkalämmöllä?", "entä kuka maksoi?"),
    ("nb", "Hvilken by varmer opp boliger med spillvarme?", "og hvem betalte?"),
    ("da", "Hvilken by opvarmer boliger med overskudsvarme?", "og hvem betalte?"),
    ("fr", "Quelle ville chauffe avec la chaleur fatale ?", "et qui a payé ?"),
    ("it", "Quale città scalda le case con il calore residuo?", "e chi ha pagato?"),
    ("de", "Welche Stadt heizt Wohnungen mit Abwärme?", "und wer hat bezahlt?"),
    ("es", "¿Qué ciudad calienta casas con calor residual?", "¿y quién pagó?"),
    ("pl", "Które miasto ogrzewa domy ciepłem odpadowym?", "a kto zapłacił?"),
    ("nl", "Welke stad verwarmt woningen met restwarmte?", "en wie betaalde?"),
    ("pt", "Que cidade aquece casas com calor residual?", "e quem pagou?"),
    ("ro", "Ce oraș încălzește locuințe cu căldură reziduală?", "și cine a plătit?"),
    (
        "el",
        "Ποια πόλη θερμαίνει σπίτια με απορριπτόμενη θερμότητα;",
        "και ποιος πλήρωσε;",
    ),
    ("cs", "Které město vytápí byty odpadním teplem?", "a kdo to zaplatil?"),
]


@pytest.mark.parametrize(
    ("before", "text"), [pair[1:] for pair in SPOKEN], ids=[pair[0] for pair in SPOKEN]
)
def test_understood_in_the_served_languages(before, text):
    """A text that opens with "and" is put behind the question before it."""
    assert understood(text, before, CITIES) == f"{before.rstrip(' ?;')} → {text}"


@pytest.mark.parametrize(
    "text",
    [
        "who paid?",
        "Why?",
        "What did it cost in the end?",
        "results",
        "in 2024?",
        "was there opposition when it wanted the same from builders?",
    ],
)
def test_understood_when_there_is_no_topic(text):
    """A few words without a topic, or that point back, go on without an "and"."""
    read = understood(text, BEFORE, CITIES)
    assert read == f"How did Exampleton pay for its heat network → {text}"


@pytest.mark.parametrize(
    "text",
    [
        "How did Exampleton involve residents in its climate plan?",
        "How did they get acceptance for cameras that control polluting cars?",
        "solar panels on schools",
        "E-value target ventilation heat recovery",
        "And which of the many small towns along the coast has ever tried to heat its "
        "schools with the warmth of the sea?",
        "?!",
        "",
    ],
)
def test_understood_when_the_question_stands_by_itself(text):
    """A question of its own is left alone, whatever was asked before."""
    assert understood(text, BEFORE, CITIES) == ""


@pytest.mark.parametrize("before", ["", " ", "?"])
def test_understood_when_nothing_was_asked_before(before):
    """Without a question before there is nothing to go on from."""
    assert understood("and who paid?", before, CITIES) == ""


@pytest.mark.parametrize(
    ("before", "text", "read"),
    [
        (BEFORE, "and in Sampleby?", "How did Sampleby pay for its heat network?"),
        (BEFORE, "Sampleby", "How did Sampleby pay for its heat network?"),
        (
            BEFORE,
            "what about Rotterdam?",
            "How did Rotterdam pay for its heat network?",
        ),
        (
            BEFORE,
            "and Long-Hill Métropole?",
            "How did Long-Hill Métropole pay for its heat network?",
        ),
        (
            "What are Exampleton's and Sampleby's bonds?",
            "and Sampleby?",
            "What are Sampleby's bonds?",
        ),
        (
            "Which towns use waste heat?",
            "in Sampleby?",
            "Which towns use waste heat (Sampleby)?",
        ),
        (
            "Wie bezahlt Exampleton das Wärmenetz?",
            "und in Beispielstadt?",
            "Wie bezahlt Beispielstadt das Wärmenetz?",
        ),
    ],
    ids=["and", "only a city", "elsewhere", "two words", "of two", "added", "alias"],
)
def test_understood_when_only_a_place_is_named(before, text, read):
    """The place takes the place of the earlier ones; the question stays the same."""
    assert understood(text, before, CITIES) == read


def test_understood_when_a_place_and_more_is_named():
    """Beside a place, what is asked about it is put behind the question."""
    read = understood("and who paid in Sampleby?", BEFORE, CITIES)
    assert (
        read == "How did Sampleby pay for its heat network → and who paid in Sampleby?"
    )


def test_understood_in_a_chain():
    """A follow-up on a follow-up keeps the topic and the place, and the latest side."""
    first = understood("and in Sampleby?", "Which towns use waste heat?", CITIES)
    second = understood("who paid?", first, CITIES)
    third = understood("and what went wrong?", second, CITIES)
    assert second == "Which towns use waste heat (Sampleby) → who paid?"
    assert third == "Which towns use waste heat (Sampleby) → and what went wrong?"
    assert understood("and in Exampleton?", third, CITIES) == (
        "Which towns use waste heat (Exampleton) → and what went wrong?"
    )
