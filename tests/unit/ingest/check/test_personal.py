"""Personal data: e-mail addresses and telephone numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.check.personal import personal_data
from ingest.documents import Block, Document
from ingest.registry import Registry, read_registry
from kb.types import Problem
from tests.support.tiny_corpus import write_tiny_corpus
from tests.unit.ingest.check.written import BODY_LINE, CASE, HEADER, read_case


def registry_of(corpus, country: str) -> Registry:
    """Return the registry of the tiny corpus with Exampleton in a real country."""
    write_tiny_corpus(corpus)
    registry = read_registry(corpus)
    city = replace(registry.cities["exampleton"], country_code=country)
    return replace(registry, cities=registry.cities | {"exampleton": city})


def personal(corpus, text: str, *, country: str = "SE") -> list[Problem]:
    """Return the personal data in a case of one statement."""
    registry = registry_of(corpus, country)
    document = read_case(corpus, f"## Results\n\n- {text} [^S1]\n")
    return list(personal_data(document, registry))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Write to crumb.baker@crumbly.example.", "crumb.baker@crumbly.example"),
        ("(mailto:crumb@crumbly.example)", "crumb@crumbly.example"),
        ("Crumb <crumb@crumbly.example>; x", "crumb@crumbly.example"),
        ("Örjan: örjan.å@kåkby.example", "örjan.å@kåkby.example"),
        ("informant@crumbly.example", "informant@crumbly.example"),
        ("crumbinfo@crumbly.example", "crumbinfo@crumbly.example"),
    ],
)
def test_personal_data_when_there_is_an_address(tmp_path, text, address):
    """The e-mail address of a person is a warning with its line."""
    (problem,) = personal(tmp_path, text)
    assert (problem.path, problem.line) == (CASE, BODY_LINE + 2)
    assert (problem.rule, problem.severity) == ("personal-data", "warning")
    assert f"the e-mail address {address!r}." in problem.reason


@pytest.mark.parametrize(
    "address",
    ["info@x.example", "press.office@x.example", "Kontakt@x.example", "web-info@x.eu"],
)
def test_personal_data_when_the_address_is_that_of_an_office(tmp_path, address):
    """The address of an office is a hint only."""
    (problem,) = personal(tmp_path, f"Write to {address}.")
    assert (problem.rule, problem.severity) == ("personal-data", "hint")
    assert "seems to be that of an office" in problem.reason


@pytest.mark.parametrize(
    "text",
    [
        "a@b",
        "@crumbly",
        "5 buns @ 3 crowns",
        "https://buns.example/@crumb.feed.info",
        "crumb@localhost",
        "x" * 300 + "@crumbly.example",
        "a@" * 20_000,
    ],
    ids=["no domain", "handle", "at", "in a path", "no dot", "too long", "endless"],
)
def test_personal_data_when_an_at_sign_makes_no_address(tmp_path, text):
    """What is no address is not reported."""
    assert personal(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Call 040-34 10 00.", "SE"),
        ("Call +46 40 34 10 00.", "SE"),
        ("Call +46 40 34 10 00.", "IT"),
        ("Call 22 34 56 78.", "NO"),
        ("Call 06 72 534 100.", "HU"),
        ("Call 04 76 59 59 59.", "FR"),
        ("Call 050 123 4567.", "FI"),
        ("Call 055 276 8222.", "IT"),
    ],
)
def test_personal_data_when_there_is_a_telephone_number(tmp_path, text, country):
    """A number in the plan of the city's country, or with its code, is a warning."""
    (problem,) = personal(tmp_path, text, country=country)
    number = text.removeprefix("Call ").removesuffix(".")
    assert (problem.rule, problem.severity) == ("personal-data", "warning")
    assert f"the telephone number {number!r}." in problem.reason


@pytest.mark.parametrize("country", ["IT", "FI", "SE", "NO", "HU", "FR", "XA"])
@pytest.mark.parametrize(
    "text",
    [
        "The plan of 2013-2016 cost HUF 24 billion.",
        "It cost SEK 9,082,570 and then 4,235,969 more.",
        "It cost 345 678 901 crowns, or 345.678.901 elsewhere.",
        "Rule FOR-2025-04-03-594 of 24.11.2009 and Regulation (EU) 1301/2013.",
        "From 350-380 to 10,000-15,000 MWh.",
        "Registered under 212000-1124 and 958 935 420.",
    ],
    ids=["years", "amounts", "spaced", "rules", "ranges", "companies"],
)
def test_personal_data_when_figures_look_like_numbers(tmp_path, text, country):
    """Years, amounts, dates and company numbers are no telephone numbers."""
    assert personal(tmp_path, text, country=country) == []


def test_personal_data_when_it_stands_in_the_front_matter(tmp_path):
    """Title, actors and summary are searched too, and named with their line."""
    registry = registry_of(tmp_path, "SE")
    header = HEADER.replace("Crumbly Biscuits,", "a@crumbly.example,")
    header = header.replace("Exampleton warms", "b@crumbly.example warms")
    header = header.replace("title: Waste", "title: c@crumbly.example")
    document = read_case(tmp_path, "## Costs\n\n- One. [^S1]\n", header=header)
    problems = personal_data(document, registry)
    assert [(p.path, p.line) for p in problems] == [(CASE, 2), (CASE, 7), (CASE, 6)]


def test_personal_data_when_it_stands_in_an_open_question(tmp_path):
    """Open questions are shown to everybody, so they are searched too."""
    registry = registry_of(tmp_path, "SE")
    body = "## Open questions\n\n- Does a@crumbly.example know?\n"
    (problem,) = personal_data(read_case(tmp_path, body), registry)
    assert problem.line == BODY_LINE + 2


def test_personal_data_when_a_report_has_pages(tmp_path):
    """Without a line the page is named, also where the file names no city."""
    block = Block("", "Call +46 40 34 10 00 or a@crumbly.example.", page=3)
    document = Document("exampleton/x.pdf", None, [block], cites_itself=True)
    reasons = [p.reason for p in personal_data(document, registry_of(tmp_path, "SE"))]
    assert reasons == [
        "page 3: the text holds the e-mail address 'a@crumbly.example'.",
        "page 3: the text holds the telephone number '+46 40 34 10 00'.",
    ]
