"""The name check on many questions, in small letters, capitals and without accents.

The gazetteer, the mentor cities and the words of the cases are the shipped ones.
Nothing is searched: the cases found are taken to mention no place.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.variants import VARIANTS
from ingest.registry import read_registry
from kb.question.language import detect_language
from kb.question.names import Vocabulary, named_cities, names_elsewhere
from kb.words import words

CORPUS = Path(__file__).parents[4] / "corpus"
CASES = sorted(CORPUS.glob("*/*.md"))
SPELLINGS = ("as asked", "small letters", "capitals", "no accents")


def _lines(name: str) -> Iterator[list[str]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            yield [*line.split("\t"), ""][:3]


@pytest.fixture(scope="module")
def cities():
    return list(read_registry(CORPUS).cities.values())


@pytest.fixture(scope="module")
def vocabulary():
    texts = (path.read_text(encoding="utf-8") for path in CASES)
    return Vocabulary({word for text in texts for word in words(text)})


def _names(text, cities, vocabulary, evidence=frozenset()):
    return names_elsewhere(
        text,
        detect_language(text),
        named_cities(text, cities),
        lambda: evidence,
        vocabulary,
    )


@pytest.mark.parametrize(
    ("text", "unrecognised"),
    [
        pytest.param(text, unrecognised, id=f"{language}-{text}")
        for language, text, unrecognised in _lines("asked_elsewhere.tsv")
    ],
)
def test_names_elsewhere_of_another_city(text, unrecognised, cities, vocabulary):
    """Another city is recognised in every spelling, inflected or not."""
    missed = {
        spelling
        for spelling in SPELLINGS
        if not _names(VARIANTS[spelling](text), cities, vocabulary)
    }
    assert missed <= set(unrecognised.split(", "))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, id=f"{language}-{text}")
        for language, text, _ in _lines("asked_nowhere.tsv")
    ],
)
def test_names_elsewhere_when_no_place_is_named(text, cities, vocabulary):
    """No ordinary word, company, abbreviation, person or treaty is a place."""
    for spelling in SPELLINGS:
        written = VARIANTS[spelling](text)
        assert _names(written, cities, vocabulary) == []
        assert named_cities(written, cities) == set()


@pytest.mark.parametrize(
    "path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_names_elsewhere_of_a_title(path, cities, vocabulary):
    """Who asks with the title of a case is not told that its words are places."""
    text = path.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))[6:]
    for spelling in SPELLINGS:
        written = VARIANTS[spelling](title)
        assert _names(written, cities, vocabulary, frozenset(words(text))) == []


FORMS = {
    "florence": "Florens Florens' Firenze Firenzenek Firenzéből Firenzessä Firenzeen "
    "Florenz Florencia Florença Florenței Florencji Florencie Florencii Φλωρεντίας "
    "Флоренции Fiorentino",
    "malmo": "Malmös Malmøs Malmöben Malmőnek Malmöstä Malmöhön Μάλμε Мальмё",
    "pecs": "Pécsett Pécsnek Pécsről Pécsiek Fünfkirchen Pécsissä Pécsiin Pětikostelí "
    "Печ Πετς",
    "lund": "Lunds Lundban Lundnak Lundissa Lundiin Lundzie Lundului Λουντ Лунде",
    "espoo": "Esbo Esbos Espoon Espooseen Espoostakin Espooban Espoos Έσποο Эспоо",
    "helsinki": "Helsingfors Helsingin Helsinkiä Helsinkiben Helsinek Helsinkach "
    "Helsínquia Ελσίνκι Хельсинки helsinkiläiset",
    "oslo": "Oslos Oslossa Osloon Oslóban Oslóról Osloi Όσλο Осло",
    "helsingborg": "Hälsingborg Helsingborgs Helsingborgissa Helsingborgban "
    "Helsingborgiem Χέλσινγκμποργκ Хельсингборг",
    "grenoble-alpes-metropole": "Grenoblen Grenoblessa Grenobleban Grenoblu Grenoblem "
    "Γκρενόμπλ Гренобль grenoblois",
}


@pytest.mark.parametrize(
    ("slug", "form"),
    [(slug, form) for slug, forms in FORMS.items() for form in forms.split()],
)
def test_named_cities_in_every_language(slug, form, cities):
    """A mentor city is known by its names and their endings, in every spelling."""
    for spelling in SPELLINGS:
        assert named_cities(VARIANTS[spelling](form), cities) == {slug}
