"""Names in a question: mentor cities, and names that the corpus never uses."""

from __future__ import annotations

import pytest

from kb.question.names import Vocabulary, named_cities, names_elsewhere, without_cities
from kb.words import words
from tests.support.made_up import city

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


REAL = [
    city("Florence", "Firenze", "Florenz", "Florens", "Florenci"),
    city("Lund", "Лунд"),
    city("Pécs", "Fünfkirchen"),
    city("Oslo"),
    city("Espoo", "Esbo"),
]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Vad kostade det i Florens?", "florence"),
        ("mennyibe kerult a firenzenek", "florence"),
        ("co udělali ve florencii", "florence"),
        ("LUNDS KOMMUN", "lund"),
        ("mitä lundissakin tehtiin", "lund"),
        ("что сделал Лунд", "lund"),
        ("a pécsiek fűtése", "pécs"),
        ("a pecsi tavfutes", "pécs"),
        ("hur gör man i esbos skolor", "espoo"),
    ],
)
def test_named_cities_as_people_write_them(text, slug):
    """Exonyms, endings, small letters and missing accents hide no mentor city."""
    assert named_cities(text, REAL) == {slug}


@pytest.mark.parametrize(
    "text",
    [
        "que se passe-t-il le lundi matin à la mairie ?",
        "Lundqvist and Lundberg",
        "na osłonę i osłonami z drewna",
        "quel espoir pour la ville",
    ],
)
def test_named_cities_when_a_word_only_looks_like_one(text):
    """A word that begins like a short name is not that city."""
    assert named_cities(text, REAL) == set()


def _elsewhere(text, vocabulary, *, language="en", named=(), evidence=""):
    return names_elsewhere(
        text, language, named, lambda: set(words(evidence)), vocabulary
    )


def test_names_elsewhere_of_places(vocabulary):
    """Places that the evidence does not mention are returned in order, once."""
    text = "Did Copenhagen or Lyon pay, as Copenhagen says?"
    assert _elsewhere(text, vocabulary) == ["Copenhagen", "Lyon"]
    assert _elsewhere(text, vocabulary, evidence="Kopenhagen paid") == ["Lyon"]


def test_names_elsewhere_when_the_name_has_two_words(vocabulary):
    """The evidence mentions a place of two words if it holds both."""
    text = "what did den haag pay"
    assert _elsewhere(text, vocabulary) == ["den haag"]
    assert _elsewhere(text, vocabulary, evidence="In Den Haag") == []


def test_names_elsewhere_beside_a_mentor_city(vocabulary):
    """A question that compares a mentor city can be answered for that one."""
    text = "Is Copenhagen cheaper than Exampleton?"
    assert _elsewhere(text, vocabulary, named={"exampleton"}) == []


def test_names_elsewhere_of_villages(vocabulary):
    """A village that the corpus mentions anywhere is not elsewhere."""
    text = "Who owns the plant in Sakskøbing?"
    assert _elsewhere(text, vocabulary) == ["Sakskøbing"]
    known = Vocabulary({"sakskøbing"})
    assert _elsewhere(text, known) == []


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("Hur gör man i Sverige?", "sv", []),
        ("Miten Ruotsissa tehtiin?", "fi", []),
        ("Que fait la Suède ?", "fr", []),
        ("Hur gör man i Storbritannien?", "sv", []),
        ("Hur gör man i Frankrike?", "sv", ["Frankrike"]),
        ("hur gör man i frankrike?", "sv", []),
    ],
    ids=[
        "swedish",
        "finnish with an ending",
        "french",
        "two words in english",
        "country that the corpus never uses",
        "small letters",
    ],
)
def test_names_elsewhere_of_countries(vocabulary, text, language, names):
    """A country is elsewhere only if the corpus never mentions it in its language."""
    assert _elsewhere(text, vocabulary, language=language) == names


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How did the Mayor and the Council of Ministers pay in March?", "en"),
        ("Which PPP, KPI and NZEB rules did Skanska meet?", "en"),
        ("Hvor mange MNOK kom fra EUs fond, i Mrd?", "nb"),
        ("O Município e a Câmara pagaram?", "pt"),
        ("Was kostete der Zeppelin?", "de"),
        ("HOW EXPENSIVE WERE THE ZEPPELINS?", "en"),
        ("Phase II of the Programme: What Did It Cost?", "en"),
        ("", "en"),
    ],
)
def test_names_elsewhere_when_nothing_but_words(vocabulary, text, language):
    """No ordinary word, abbreviation or title is a place, whatever its letters."""
    assert _elsewhere(text, vocabulary, language=language) == []


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
