"""Questions as people type them."""

from __future__ import annotations

import pytest

from evals.variants import inflected, without_accents


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Pécs és Malmö", "Pecs es Malmo"),
        ("Łódź, København", "Lodz, Kobenhavn"),
        ("Αθήνα", "Αθηνα"),
        ("", ""),
    ],
)
def test_without_accents(text, bare):
    """Accents go, in any script; the size of letters stays."""
    assert without_accents(text) == bare


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Mitä Espoossa maksettiin?"),
        ("hu", "Mitä Espooban maksettiin?"),
        ("it", "Mitä Espoo maksettiin?"),
    ],
    ids=["finnish", "hungarian", "no rule"],
)
def test_inflected(language, text):
    """A city's name gets an ending where the language has a simple one."""
    assert inflected("Mitä Espoo maksettiin?", language, ["Espoo"]) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Lundissa, Malmössa"),
        ("hu", "Lundban, Malmöban"),
        ("sv", "Lunds, Malmös"),
    ],
)
def test_inflected_after_a_consonant(language, text):
    """Finnish puts an i between a consonant and its ending."""
    assert inflected("Lund, Malmö", language, ["Lund", "Malmö"]) == text


def test_inflected_when_it_has_an_ending():
    """A name that has an ending already is left as it is."""
    assert inflected("Espoon kaupunki", "fi", ["Espoo"]) == "Espoon kaupunki"
