"""Which statements need the line before them."""

from __future__ import annotations

import pytest

from kb.leaning import leans


@pytest.mark.parametrize(
    "text",
    [
        "It replaced one coal unit.",
        "They have halved since 2010.",
        "Its targets are 90 percent lower.",
        "- This was paid by the state.",
        "That made the plant cheaper.",
        "Both were built in 2012.",
        "Another house cut its use by 60%.",
        "A further grant came from the state.",
        "One of them closed.",
        "In addition, the state paid half.",
        "In this way the net was joined.",
        "When it opened, 20 firms took part.",
        "The same budget set aside NOK 2 million.",
        "The second unit is to run by 2028.",
        "The grant covered 40 percent.",
        "Each member must write a green travel plan.",
        "Every committee was ordered to save.",
        "The plan, adopted in March 2023, covers parks.",
        "The owner of the plant paid.",
        "The project leader's argument is that it is simple.",
        "The impact assessment expects higher costs.",
        "The reason given: nobody had the data.",
    ],
)
def test_leans(text):
    """Words that point back, and "the" before a bare noun, need the line before."""
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Exampleton paid for the plant.",
        "The Linero district was renovated.",
        "The city of Exampleton paid.",
        "The EU-funded CITyFiED project ended in 2019.",
        "The 2021 budget set aside SEK 10 million.",
        "The grant from Vinnova covered 40 percent.",
        "The local nature association appealed.",
        "There are 12 plants in Exampleton.",
        "Both the city and the utility paid.",
        "Each of the 147 measures has a contact person.",
        "Every year the city counts its trees.",
        "Every city with more than 50,000 inhabitants took part.",
        "Each Linero house got a new pipe.",
        "That cuts fell short is blamed on the traffic.",
        "Fortum linked its target to taxes.",
        "A decisive condition is scale.",
        "In May 2023 the tram had 37 million passengers.",
        "Heat from sewage has been used since 1982.",
    ],
)
def test_leans_not(text):
    """Names, years and telling words say what a statement is about."""
    assert not leans(text)


@pytest.mark.parametrize(
    ("text", "is_leaning"),
    [
        ("The court refused the first application for the Örtofta plant.", False),
        ("Another 16 flats in Lund were planned.", False),
        ("For its plant Lund borrowed SEK 2 million.", False),
        ("The grant was given by Vinnova.", True),
        ("It considers such networks possible in Lund.", True),
        ("Lund's grant was small; the heat of others was cheap.", False),
        ("The biomass came from far.", True),
    ],
)
def test_leans_when_its_subject_is_named(text, is_leaning):
    """A name of its case says what it is about, wherever it stands; no pronoun does."""
    assert leans(text, "lund Örtofta biomass plant") == is_leaning
