"""What a transfer card calls the same, different and unknown, and what it cites."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.types import Case, City, Condition, FullCase, Review, Source, Statement, Step
from ui.profile.model import Profile
from ui.terminal.transfer import transfer_text
from ui.transfer.card import card_record, statements_of, transfer_card
from ui.transfer.stated import field_of, stated_by

SOURCE = Source("S1", "Heat of Sampleby", "Sampleby Heat", "https://heat.example", "en")
CITY = City(
    slug="sampleby",
    name="Sampleby",
    country="Sweden",
    country_code="SE",
    aliases=(),
    population=131_590,
    population_year=2024,
    population_source=SOURCE,
    latitude=0,
    longitude=0,
    mentor_theme="district-heating",
    mission_status="",
    mission_sources=(),
)
STATEMENT = Statement(
    "sampleby/heat#governance.1",
    "sampleby/heat#p1",
    "sampleby/heat",
    "Governance",
    0,
    28,
    "The city owns the utility.",
    ("S1",),
)


def condition(key, says, role="required", ask="Who owns your heat network?"):
    return Condition(key, says, role, ask, (STATEMENT.statement_id,))


def case_with(*conditions: Condition) -> FullCase:
    case = Case(
        "sampleby/heat",
        "sampleby",
        "Heat",
        (),
        "",
        (),
        "",
        (SOURCE,),
        Review(),
        "sampleby/heat.md",
    )
    return FullCase(case, [], [STATEMENT], [], conditions=conditions)


@pytest.mark.parametrize(
    ("key", "says", "field", "value"),
    [
        (
            "network-owner",
            "The city owns the utility, which is one of two conditions.",
            "network_owner",
            "city",
        ),
        (
            "network-owner",
            "The city holds the majority of the heat supplier, while the plant's owner "
            "holds a minority.",
            "network_owner",
            "shared",
        ),
        (
            "network-owner",
            "The city sees itself as partner and first user rather than as owner.",
            "network_owner",
            "",
        ),
        (
            "heat-network",
            "The plant stands at an existing power plant and feeds its existing heat "
            "network.",
            "heat_network",
            "yes",
        ),
        (
            "heat-network",
            "The heat store can be charged with heat from anywhere in the network.",
            "heat_network",
            "",
        ),
        (
            "building-owner",
            "Renovation decisions lie with flat owners as shareholders, who often have "
            "no technical competence.",
            "building_owner",
            "flat-owners",
        ),
        (
            "land-owner",
            "The district is planned on former logistics land in private ownership.",
            "land_owner",
            "other",
        ),
        (
            "land-owner",
            "The city reserved the land, and no change of plan was thought necessary.",
            "land_owner",
            "",
        ),
        (
            "legal-power",
            "The gates could not start without the ministry.",
            "powers",
            "",
        ),
        ("climate", "The plant works down to -15 °C.", "climate", ""),
        ("partners", "The city owns the utility.", "", ""),
    ],
)
def test_what_a_condition_states(key: str, says: str, field: str, value: str):
    """Only words that say it outright are read; all else stays a question."""
    one = condition(key, says)
    assert (field_of(one), stated_by(one)) == (field, value)


def test_owner_of_another_network():
    """Who owns lamps or waste is not compared with who owns the heat network."""
    one = condition(
        "network-owner",
        "The city owns the utility.",
        ask="Who owns and runs your street lighting?",
    )
    assert (field_of(one), stated_by(one)) == ("", "")


@pytest.mark.parametrize(
    ("role", "verdict"),
    [("required", "same"), ("helped", "same"), ("hindered", "unknown")],
)
def test_money_from_outside(role, verdict):
    """Money of the state is what a case had only where it was needed or helped."""
    card = transfer_card(
        case_with(condition("state-or-eu-money", "EU money paid part.", role)),
        CITY,
        Profile(outside_money="yes"),
    )
    assert card.conditions[0].verdict == verdict


@pytest.mark.parametrize(
    "says",
    [
        "The European Investment Bank and two French banks gave loans.",
        "The project applied for a national grant covering part of its budget.",
        "Vinnova financed the project.",
    ],
)
def test_money_that_is_not_stated_outright(says: str):
    """A loan, an application and a payer whom no rule knows stay unknown."""
    assert stated_by(condition("state-or-eu-money", says, "helped")) == ""


def test_card_without_a_profile():
    """Where nothing is told everything is unknown, the city's place too."""
    card = transfer_card(
        case_with(condition("network-owner", "The city owns the utility.")),
        CITY,
        Profile(),
    )
    verdicts = [r.verdict for r in card.place] + [r.verdict for r in card.conditions]
    assert set(verdicts) == {"unknown"}


def test_card_against_a_profile():
    """Country, size and what is stated are compared; the climate, unstated, is not."""
    told = Profile(country="SE", size="to-500", climate="cold", network_owner="other")
    card = transfer_card(
        case_with(
            condition("partners", "A cooperative.", "context"),
            condition("network-owner", "The city owns the utility."),
        ),
        CITY,
        told,
    )
    assert [(row.kind, row.verdict) for row in card.place] == [
        ("country", "same"),
        ("size", "different"),
        ("climate", "unknown"),
    ]
    assert [(row.condition.key, row.verdict) for row in card.conditions] == [
        ("network-owner", "different"),
        ("partners", "unknown"),
    ]
    assert all(row.statements == (STATEMENT,) for row in card.conditions)


def test_card_in_the_terminal():
    """Each condition stands with its statement, its source and the question to ask."""
    full = case_with(condition("network-owner", "The city owns the utility."))
    card = transfer_card(full, CITY, Profile())
    text = transfer_text(card)
    assert "It needed: The city owns the utility. [1]" in text
    assert '  "The city owns the utility."\n  Ask: Who owns your heat network?' in text
    assert "[1] Sampleby Heat, year unknown (en): Heat of Sampleby https://" in text
    (record,) = card_record(card)["conditions"]
    assert record["statements"][0]["sources"][0]["url"] == SOURCE.url
    nothing = transfer_card(replace(full, conditions=()), CITY, Profile())
    assert "No conditions have been read" in transfer_text(nothing)


def test_statements_of_a_step():
    """A step is cited by the statements it was read from, and no others."""
    gone = f"{STATEMENT.statement_id}x"
    step = Step("", "First.", (gone, STATEMENT.statement_id))
    assert statements_of(case_with(), step) == (STATEMENT,)
