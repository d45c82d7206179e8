"""Places elsewhere that a question names.

The gazetteer is the shipped one, so these are real places.
"""

from __future__ import annotations

import pytest

from kb.places import named_places

COPENHAGEN = {"copenhagen", "kopenhagen", "copenhague"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("What did Copenhagen pay?", "Copenhagen"),
        ("Copenhagen's harbour bath", "Copenhagen"),
        ("Was zahlte Kopenhagen?", "Kopenhagen"),
        ("Mitä Kööpenhaminassa maksettiin?", "Kööpenhaminassa"),
        ("Combien a payé Copenhague ?", "Copenhague"),
    ],
    ids=["english", "genitive", "german", "finnish ending", "french"],
)
def test_named_places(text, place):
    """A place is found in several languages, inflected or not, with all its names."""
    (found,) = named_places(text).items()
    assert found[0] == place
    assert found[1] >= COPENHAGEN


def test_named_places_when_there_are_several():
    """Every place is found, in the order in which the text names them."""
    assert list(named_places("Does Lyon do as Copenhagen and Göteborg do?")) == [
        "Lyon",
        "Copenhagen",
        "Göteborg",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "copenhagen in small letters",
        "How much did the heat pumps cost?",
        "What did Exampleton pay?",
        "Lund, Oslo, Helsinki, Malmö, Espoo, Florence, Grenoble, Pécs, Helsingborg",
        "Firenze, Florenz, Malmø, Pécsett, Helsingissä, Helsingfors",
        "Was kostet das Essen in der Schulkantine?",
    ],
    ids=[
        "empty",
        "no capital",
        "no name",
        "invented city",
        "mentor cities",
        "mentor cities in other languages",
        "german noun",
    ],
)
def test_named_places_when_there_is_none(text):
    """Ordinary words, unlisted names and the mentor cities are no places elsewhere."""
    assert named_places(text) == {}
