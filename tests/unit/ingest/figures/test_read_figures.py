"""Figures are read from sentences in the languages of cases and uploads."""

from __future__ import annotations

import pytest

from ingest.figures import read_figures


def _read(text: str, language: str = "en") -> list[tuple[object, ...]]:
    return [
        (figure.value, figure.value_to, figure.unit)
        for figure in read_figures("lund/heat#results.00000000", text, language)
    ]


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        (
            "en",
            "It cost about EUR 1.5bn, a SEK 25 million loan and €3m; 4 300 MWh a year.",
            [
                (1.5e9, None, "EUR"),
                (25e6, None, "SEK"),
                (3e6, None, "EUR"),
                (4300, None, "MWh"),
            ],
        ),
        (
            "en",
            "Between 60 and 70 million NOK, 10-15 MW, and from 260 to 90 kWh/m2.",
            [
                (60e6, 70e6, "NOK"),
                (10, 15, "MW"),
                (260, None, "kWh/m2"),
                (90, None, "kWh/m2"),
            ],
        ),
        (
            "en",
            "One third of trips, half of its users, two thirds; emissions halved.",
            [
                (33.3, None, "%"),
                (50, None, "%"),
                (66.7, None, "%"),
                (50, None, "%"),
            ],
        ),
        (
            "en",
            "Nine municipalities and 260 housing companies with 12,500 flats.",
            [
                (9, None, "municipalities"),
                (260, None, "companies"),
                (12500, None, "homes"),
            ],
        ),
        (
            "sv",
            "Det kostade 1,6 miljarder kronor och 12 mkr per år för 120.000 m2.",
            [(1.6e9, None, "SEK"), (12e6, None, "SEK"), (120_000, None, "m2")],
        ),
        (
            "fi",
            "Hanke maksoi 1,5 miljoonaa euroa ja 12 500 asukasta säästi 30 prosenttia.",
            [(1.5e6, None, "EUR"), (12500, None, "persons"), (30, None, "%")],
        ),
        (
            "nb",
            "Prosjektet kostet 60 til 70 millioner kroner for 1 200 boliger.",
            [(60e6, 70e6, "NOK"), (1200, None, "homes")],
        ),
        (
            "hu",
            "A 4,9 milliárd forintos beruházás 12 500 lakás, 2016. április 5-én.",
            [(4.9e9, None, "HUF"), (12500, None, "homes")],
        ),
        (
            "fr",
            "Le réseau a coûté 12,5 millions d'euros, dont 1,2 M€ d'aides, et 45 %.",
            [(12.5e6, None, "EUR"), (1.2e6, None, "EUR"), (45, None, "%")],
        ),
        (
            "it",
            "È costato 1.250.000 euro, con 120 alloggi; legge 10/1991.",
            [(1.25e6, None, "EUR"), (120, None, "homes")],
        ),
        (
            "de",
            "12,5 Mio. Euro für 4.300 MWh pro Jahr; § 35 BauGB, Hauptstraße 12.",
            [(12.5e6, None, "EUR"), (4300, None, "MWh")],
        ),
        (
            "es",
            "La inversión fue de 2,5 millones de euros en 1.500 viviendas.",
            [(2.5e6, None, "EUR"), (1500, None, "homes")],
        ),
        (
            "pl",
            "Koszt wyniósł 12,5 mln zł, czyli 4 300 MWh rocznie.",
            [(12.5e6, None, "PLN"), (4300, None, "MWh")],
        ),
    ],
)
def test_value_and_unit(language, text, figures):
    """Numbers, scales and units are those of the sentence's own language."""
    assert _read(text, language) == figures


@pytest.mark.parametrize(
    "text",
    [
        "Between 2015 and 2020 the low-emission zone grew; Horizon 2020 ended.",
        "Act 123/2010, Directive 2010/31/EU and line 2 on 14 October, 12.5.2020.",
        "CO2 and PM2.5 at 12 Castle Street, 7:00-19:00, in Euro 5 cars.",
        "The 2020-2021 asphalt tenders; the third unit; once a year.",
    ],
)
def test_no_figures(text):
    """Years, dates, laws, names and times are no figures."""
    assert _read(text) == []


def test_doubtful_sign():
    """A number that could be two numbers is not read."""
    assert _read("The hall has 120.000 m2.") == []


def test_record():
    """A figure keeps its exact words, its year, and per what it is given."""
    text = "In 2021 the city saved about EUR 40,000 a year on heating."
    (figure,) = read_figures("lund/heat#results.00000000", text, "en")
    assert figure.quote == "about EUR 40,000 a year"
    assert (figure.kind, figure.year, figure.per) == ("saving", 2021, "year")
    assert figure.statement_id == "lund/heat#results.00000000"


def test_sum_in_two_currencies():
    """The same sum in brackets is of the same kind."""
    text = "A loan of SEK 500 million (EUR 56 million) for investments in schools."
    assert {f.kind for f in read_figures("a/b#c.00000000", text, "en")} == {"loan"}
