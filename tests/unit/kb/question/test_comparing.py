"""Whether a question wants to hear from several cities."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.question import comparing
from kb.question.comparing import asks_for_comparison, asks_for_overview
from kb.words import words


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


NAMED = ["exampleton"]


@pytest.mark.parametrize(
    "text",
    [
        "What has Exampleton done on district heating?",
        "what is the city of Exampleton doing about used bricks",
        "Experiences with bonds in Exampleton",
        "Experience with solar heat in Exampleton",
        "Erfahrungen mit Wasserpumpen in Exampleton",
        "Tell me about water in Exampleton",
        "Mit tett Exampleton a távfűtésért?",
        "Vad har Exampleton gjort för fjärrvärmen?",
        "Hva har Exampleton gjort med fjernvarme?",
        "Hvad gør Exampleton for klimaet?",
        "Fortæl om Exampleton",
        "Mitä Exampleton on tehnyt kaukolämmön hyväksi?",
        "Mitä Exampletonissa on tehty?",
        "Qu'a fait Exampleton pour les citoyens ?",
        "Cosa ha fatto Exampleton per il teleriscaldamento?",
        "Was hat die Stadt Exampleton beim Rückbau gemacht?",
        "Wat heeft Exampleton gedaan aan warmtenetten?",
        "¿Qué ha hecho Exampleton en participación?",
        "O que fez Exampleton na participação?",
        "Co zrobiło Exampleton w sprawie ciepła?",
        "Ce a făcut Exampleton pentru încălzire?",
        "Τι έχει κάνει το Exampleton για τη θέρμανση;",
        "Jaké zkušenosti má Exampleton s dluhopisy?",
    ],
)
def test_asks_for_overview(text):
    """What a city did, and its experience with something, ask for all on it."""
    assert asks_for_overview(text, NAMED)
    assert not asks_for_overview(text, [])


@pytest.mark.parametrize(
    "text",
    [
        "What did the network of Exampleton cost?",
        "What has the project in Exampleton cost, and was it done on time?",
        "How many years of experience does the builder in Exampleton have?",
        "¿Qué ha hecho subir el precio del proyecto de Exampleton?",
        "O que fez aumentar o preço em Exampleton?",
        "Was macht der Wärmespeicher in Exampleton für Probleme?",
        "Was tut man in Exampleton gegen Feuchtigkeit im Keller?",
        "Hur mycket erfarenhet krävdes av entreprenören i Exampleton?",
        "Vertel me hoeveel het zonnepark in Exampleton kostte",
        "Kerro, paljonko Exampletonin hanke maksoi",
        "Cosa fa la città di Exampleton quando le bollette aumentano?",
        "Co robi kotłownia w Exampleton, gdy brakuje gazu?",
        "Przegląd techniczny kotłów w Exampleton ile kosztuje?",
        "Mennyi tapasztalat kell a pályázathoz Exampleton szerint?",
        "Spune mi cât a costat Exampleton",
        "Kdo má v Exampleton přehled o nákladech?",
        "",
    ],
)
def test_asks_for_one_thing(text):
    """A price, a person, a cause or an event is one thing, in every language."""
    assert not asks_for_overview(text, NAMED)


def test_every_overview_phrase_can_match():
    """Each listed beginning is written as questions are compared: folded, in words."""
    file = Path(comparing.__file__).with_name("overview_words.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    for phrase in [line for line in lines if line and not line.startswith("#")]:
        plain = phrase.removesuffix(" !").replace("...", "Exampleton").replace("*", "")
        assert " ".join(words(plain)) == plain.lower(), phrase
        assert asks_for_overview(plain, NAMED), phrase
