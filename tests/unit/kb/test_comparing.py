"""Whether a question wants to hear from several cities."""

from __future__ import annotations

import pytest

from kb.comparing import asks_for_comparison


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Which cities used bonds?", []),
        ("How do their tariffs compare?", []),
        ("Welche Städte haben Anleihen ausgegeben?", []),
        ("¿Qué ciudades emitieron bonos?", []),
        ("Mely városok adtak ki kötvényt?", []),
        ("How did Exampleton and Sampleby pay?", ["exampleton", "sampleby"]),
    ],
    ids=["cities", "compare", "german", "spanish", "hungarian", "two named"],
)
def test_asks_for_comparison(text, named):
    """Cities in the plural, comparing, or two names ask for several cities."""
    assert asks_for_comparison(text, named)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("How did the city pay for the pipe?", []),
        ("Which cities did Exampleton visit?", ["exampleton"]),
        ("Was hat die Stadt bezahlt?", []),
        ("Come sono stati coinvolti i cittadini?", []),
        ("", []),
    ],
    ids=["one city", "one named", "german", "italian citizens", "empty"],
)
def test_asks_for_one_city(text, named):
    """One named city, or none in the singular, asks for no comparison."""
    assert not asks_for_comparison(text, named)
