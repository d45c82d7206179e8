"""Whether a question wants to hear from several cities."""

from __future__ import annotations

import pytest

from kb.comparing import asks_for_comparison, asks_for_overview


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


@pytest.mark.parametrize(
    "text",
    [
        "What has Exampleton done on district heating?",
        "what is the city of Exampleton doing about used bricks",
        "Experiences with bonds",
        "Mit tett Exampleton a távfűtésért?",
        "Vad har Exampleton gjort för fjärrvärmen?",
        "Hva har Exampleton gjort med fjernvarme?",
        "Mitä Exampleton on tehnyt kaukolämmön hyväksi?",
        "Qu'a fait Exampleton pour les citoyens ?",
        "Cosa ha fatto Exampleton per il teleriscaldamento?",
        "Was hat die Stadt Exampleton beim Rückbau gemacht?",
        "Wat heeft Exampleton gedaan aan warmtenetten?",
        "¿Qué ha hecho Exampleton en participación?",
        "O que fez Exampleton na participação?",
        "Co zrobiło Exampleton w sprawie ciepła?",
        "Ce a făcut Exampleton pentru încălzire?",
        "Τι έχει κάνει το Exampleton για τη θέρμανση;",
        "Jaké zkušenosti mají města s dluhopisy?",
    ],
)
def test_asks_for_overview(text):
    """What was done, and experience with something, ask for all on it."""
    assert asks_for_overview(text)


@pytest.mark.parametrize(
    "text",
    [
        "What did the network cost?",
        "What happened when the pipe burst?",
        "Who has done the work?",
        "¿qué hace que la gente venga?",
        "Was hat das Netz gekostet?",
        "",
    ],
)
def test_asks_for_one_thing(text):
    """A price, a person or an event is one thing."""
    assert not asks_for_overview(text)
