"""Forms of a place's name."""

from __future__ import annotations

import pytest

from kb.question.inflection import plain, possible_names, stems


def _is_form(word, name, language):
    possible = set(possible_names(plain(word), language))
    return not possible.isdisjoint({plain(name), *stems(plain(name))})


@pytest.mark.parametrize(
    ("word", "name", "language"),
    [
        ("Göteborgs", "Göteborg", "sv"),
        ("Pariser", "Paris", "de"),
        ("Lyonissakin", "Lyon", "fi"),
        ("tamperelaiset", "Tampere", "fi"),
        ("Krakkóban", "Krakkó", "hu"),
        ("Grazzal", "Graz", "hu"),
        ("Wrocławiu", "Wrocław", "pl"),
        ("Katowic", "Katowice", "pl"),
        ("Pradze", "Praga", "pl"),
        ("Belgradzie", "Belgrad", "pl"),
        ("Liberci", "Liberec", "cs"),
        ("Sosnowca", "Sosnowiec", "pl"),
        ("Košiciach", "Košice", "sk"),
        ("Timișoarei", "Timișoara", "ro"),
        ("Bucureștiului", "București", "ro"),
        ("Κοζάνης", "Κοζάνη", "el"),
        ("Ιωαννίνων", "Ιωάννινα", "el"),
        ("Κοζάνης", "Κοζάνη", "en"),
        ("Стокгольме", "Стокгольм", "ru"),
        ("Lyon", "Lyon", "fr"),
        ("Krakkóban", "Krakkó", "xx"),
    ],
)
def test_possible_names(word, name, language):
    """A form leads to its name, in the languages that make it."""
    assert _is_form(word, name, language)


@pytest.mark.parametrize(
    ("word", "name", "language"),
    [
        ("Barilla", "Bari", "en"),
        ("Barilla", "Bari", "it"),
        ("Grazzal", "Graz", "de"),
        ("Alstom", "Alst", "fr"),
        ("Liberci", "Liberec", "fi"),
        ("Berg", "Berga", "pl"),
    ],
)
def test_possible_names_of_another_language(word, name, language):
    """Endings of another language make no form, nor does a short stem alone."""
    assert not _is_form(word, name, language)


def test_possible_names_in_order():
    """The word comes first, then longer names before shorter ones."""
    possible = list(possible_names("londonissa", "fi"))
    assert possible[0] == "londonissa"
    assert possible.index("londoni") < possible.index("london")


@pytest.mark.parametrize("name", ["", "a", "oslo", "graz"])
def test_stems_of_a_short_name(name):
    """A name of four letters has no stem: too little would be left."""
    assert list(stems(name)) == []
