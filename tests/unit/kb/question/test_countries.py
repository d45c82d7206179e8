"""Names of countries in the languages of Europe."""

from __future__ import annotations

import pytest

from kb.question.countries import english_country


@pytest.mark.parametrize(
    ("word", "language", "english"),
    [
        ("Sverige", "sv", "Sweden"),
        ("Ruotsi", "fi", "Sweden"),
        ("Schweden", "de", "Sweden"),
        ("Suède", "fr", "Sweden"),
        ("Svédország", "hu", "Sweden"),
        ("Szwecja", "pl", "Sweden"),
        ("Σουηδία", "el", "Sweden"),
        ("Sweden", "en", "Sweden"),
        ("Storbritannien", "sv", "United Kingdom"),
    ],
    ids=lambda text: text,
)
def test_english_country(word, language, english):
    """A country's name in a language gives its English name."""
    assert english_country(word, language) == english


@pytest.mark.parametrize(
    ("word", "language", "english"),
    [
        ("Sveriges", "sv", "Sweden"),
        ("Ruotsissa", "fi", "Sweden"),
        ("Ruotsista", "fi", "Sweden"),
        ("Svédországban", "hu", "Sweden"),
        ("Szwecji", "pl", "Sweden"),
        ("Suedia", "ro", "Sweden"),
        ("Suediei", "ro", "Sweden"),
        ("Σουηδίας", "el", "Sweden"),
    ],
    ids=lambda text: text,
)
def test_english_country_when_inflected(word, language, english):
    """An ending of up to three letters, or another last letter, does not matter."""
    assert english_country(word, language) == english


@pytest.mark.parametrize("word", ["SVERIGE", "sverige", "Sve\u00adrige"], ids=ascii)
def test_english_country_when_written_otherwise(word):
    """Capitals and soft hyphens make no difference."""
    assert english_country(word, "sv") == "Sweden"


@pytest.mark.parametrize(
    ("word", "language", "english"),
    [
        ("Nigeria", "en", "Nigeria"),
        ("Niger", "en", "Niger"),
        ("Nigeria", "sv", "Nigeria"),
        ("Dominique", "fr", "Dominica"),
    ],
    ids=lambda text: text,
)
def test_english_country_when_names_begin_alike(word, language, english):
    """Of two countries whose names begin alike, the one that is named is meant."""
    assert english_country(word, language) == english


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("Exampleton", "en"),
        ("Sverige", "de"),
        ("Schwedenhappen", "de"),
        ("Sve", "sv"),
        ("", "sv"),
        ("2030", "sv"),
    ],
    ids=[
        "no country",
        "name of another language",
        "longer word",
        "beginning only",
        "empty",
        "number",
    ],
)
def test_english_country_when_no_country_is_named(word, language):
    """Another word gives None."""
    assert english_country(word, language) is None


@pytest.mark.parametrize("language", ["und", "xx", "", "not a language"])
def test_english_country_when_the_language_is_unknown(language):
    """In a language that CLDR does not know, no country is known, and nothing fails."""
    assert english_country("Sweden", language) is None
