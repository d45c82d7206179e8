"""Names in a question: mentor cities, and names that the corpus never uses."""

from __future__ import annotations

import pytest

from kb.names import Vocabulary, named_cities, without_cities
from kb.words import words
from tests.made_up import city

CITIES = [
    city("Exampleton", "Beispielstadt"),
    city("Sampleby", "Muestraby", "Σάμπλμπι"),
    city("Pécs-Example", "Testvár"),
    city("Nowhere Upon Water", "Nowhere"),
]
CORPUS = (
    "Exampleton heats homes with a biscuit factory. Sampleby built a swimming hall. "
    "The Crumbly Biscuits company of Fictonia helps. Thermal insulation is an obstacle."
    " The ovens come from Sweden, the flour from the United Kingdom."
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(set(words(CORPUS)))


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("What did Exampleton do?", {"exampleton"}),
        ("what did EXAMPLETON do", {"exampleton"}),
        ("Mitä Exampletonissa tehtiin?", {"exampleton"}),
        ("Exampletons kommun", {"exampleton"}),
        ("Was machte Beispielstadt?", {"exampleton"}),
        ("Τι έκανε το Σαμπλμπι;", {"sampleby"}),
        ("A testvari fűtés", {"pécs-example"}),
        ("Sampleby or Exampleton?", {"sampleby", "exampleton"}),
        ("Nowhere's bonds", {"nowhere upon water"}),
        ("Exampletonian", {"exampleton"}),
        ("Samplebyssäkin", {"sampleby"}),
        ("Samplebyologistically", set()),
        ("an unexampleton place", set()),
        ("examples of towns", set()),
        ("", set()),
    ],
    ids=[
        "name",
        "capitals",
        "finnish ending",
        "genitive",
        "alias",
        "other script without accent",
        "alias without accent",
        "two cities",
        "alias of a long name",
        "ending of three letters",
        "two finnish endings",
        "another word that begins like it",
        "inside a word",
        "beginning of the name only",
        "empty",
    ],
)
def test_named_cities(text, slugs):
    """A city is named by its name or an alias, with or without an ending."""
    assert named_cities(text, CITIES) == slugs


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("What did Exampleton pay?", "What did pay?"),
        ("Mitä Exampletonissa tehtiin?", "Mitä tehtiin?"),
        ("Was machte BEISPIELSTADT mit Wärme?", "Was machte mit Wärme?"),
        ("Sampleby or (Exampleton)?", "or"),
        ("the Exampleton-Sampleby line", "the line"),
        ("Τι έκανε το Σαμπλμπι με ξύλο;", "Τι έκανε το με ξύλο;"),
        ("What did Atlantis pay?", "What did Atlantis pay?"),
        ("Exampleton", "Exampleton"),
        ("Exampleton, Sampleby?", "Exampleton, Sampleby?"),
        ("Exampleton ?", "Exampleton ?"),
        ("", ""),
    ],
    ids=[
        "name",
        "ending",
        "alias in capitals",
        "two cities in signs",
        "joined by a hyphen",
        "other script",
        "another place",
        "nothing else",
        "nothing but cities",
        "nothing else but a sign",
        "empty",
    ],
)
def test_without_cities(text, left):
    """The words that name a mentor city are taken out, unless no other word is left."""
    assert without_cities(text, CITIES) == left


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did it cost in Atlantis?", ["Atlantis"]),
        ("Did Atlantis or Camelot do it?", ["Atlantis", "Camelot"]),
        ("Atlantis did what?", []),
        ("What is it? Atlantis did it.", []),
        ("What did Exampleton do?", []),
        ("What did Exampelton do?", []),
        ("Mitä Exampletonissa tehtiin?", []),
        ("Who are the Crumbly Biscuits?", []),
        ("How much CO2 and B2B?", []),
        ("Does the EU pay?", []),
        ("the Atlantis-Camelot line", ["Atlantis", "Camelot"]),
        ("le chauffage d'Atlantis", ["Atlantis"]),
        ("what is “Atlantis”?", []),
        ("how much did it cost?", []),
        ("¿Qué hizo Atlantis?", ["Atlantis"]),
        ("", []),
    ],
    ids=[
        "one",
        "two, in order",
        "first word",
        "first word of the second sentence",
        "known",
        "known with a slip of the pen",
        "known with an ending",
        "known by the corpus",
        "with digits",
        "two letters",
        "with a hyphen",
        "elision",
        "quoted",
        "no capital",
        "spanish",
        "empty",
    ],
)
def test_unknown_names(vocabulary, text, names):
    """Capitalised words inside a sentence are names; known ones are left out."""
    assert vocabulary.unknown_names(text, "en") == names


def test_unknown_names_when_german(vocabulary):
    """German capitalises every noun, so that a capital says nothing there."""
    assert vocabulary.unknown_names("Was kostete der Zeppelin?", "de") == []


def test_unknown_names_when_everything_is_in_capitals(vocabulary):
    """In a question typed in capitals a capital says nothing either."""
    text = "HOW EXPENSIVE WERE THE ZEPPELINS?"
    assert vocabulary.unknown_names(text, "en") == []


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("Hur gör man i Sverige?", "sv", []),
        ("Miten Ruotsissa tehtiin?", "fi", []),
        ("Que fait la Suède ?", "fr", []),
        ("Hur gör man i Storbritannien?", "sv", []),
        ("Hur gör man i Frankrike?", "sv", ["Frankrike"]),
        ("Hur gör man i Sverige?", "xx", ["Sverige"]),
    ],
    ids=[
        "swedish",
        "finnish with an ending",
        "french",
        "two words in english",
        "country that the corpus never uses",
        "unknown language",
    ],
)
def test_unknown_names_of_countries(vocabulary, text, language, names):
    """A country that the corpus uses is known by its name in other languages too."""
    assert vocabulary.unknown_names(text, language) == names


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Τι έκανε η Αθήνα με το νερό;", "el"),
        ("Что сделала Москва?", "ru"),
        ("что сделал Atlantа?", "ru"),
    ],
    ids=["greek", "cyrillic", "latin with one cyrillic letter"],
)
def test_unknown_names_when_in_another_script(vocabulary, text, language):
    """A name in other letters than Latin cannot be looked up, so it is not judged."""
    assert vocabulary.unknown_names(text, language) == []


@pytest.mark.parametrize(
    "word",
    ["Exampleton", "exampletons", "biscuits", "insulations", "factories", "Fictonian"],
)
def test_knows_when_inflected(vocabulary, word):
    """A word of the corpus is known in other forms too."""
    assert vocabulary.knows(word)


@pytest.mark.parametrize("word", ["Atlantis", "Example", "Rome", "Samples"])
def test_knows_when_never_used(vocabulary, word):
    """A word that only resembles the beginning of others is not known."""
    assert not vocabulary.knows(word)


def test_knows_when_the_corpus_is_empty():
    """Without a corpus no word is known."""
    assert not Vocabulary(set()).knows("Exampleton")
