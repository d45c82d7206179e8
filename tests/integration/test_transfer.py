"""What the rules of the transfer card read from the shipped conditions, and cite."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from cli import app
from kb import FullCase, KnowledgeBase
from kb.settings import Settings
from ui.profile.model import Profile
from ui.transfer.card import statements_of, transfer_card
from ui.transfer.stated import stated_by

# Each compared by eye with the statement that the condition rests on.
READ = {
    ("espoo/kera-development-commitment", "land-owner", "other"),
    ("espoo/wastewater-heat-pumps-suomenoja", "heat-network", "yes"),
    ("florence/consip-energy-performance-contract-engie", "building-owner", "city"),
    ("grenoble-alpes-metropole/murmur-renovation", "building-owner", "flat-owners"),
    ("grenoble-alpes-metropole/wood-and-waste-heat-network", "network-owner", "city"),
    (
        "helsinki/carbon-scored-plot-competitions-and-tenders",
        "building-owner",
        "city",
    ),
    ("helsinki/coal-exit-district-heating", "network-owner", "city"),
    ("helsinki/demolition-guidelines-and-reuse-pilots", "building-owner", "city"),
    (
        "helsinki/energy-renaissance-housing-companies",
        "building-owner",
        "flat-owners",
    ),
    ("helsinki/wood-construction-in-zoning", "land-owner", "city"),
    ("lund/ortofta-biomass-chp", "heat-network", "yes"),
    ("lund/research-facility-waste-heat", "heat-network", "yes"),
    ("malmo/eib-loans-schools-and-housing", "building-owner", "city"),
    (
        "malmo/municipal-energy-company-and-solar-programme",
        "building-owner",
        "city",
    ),
    ("malmo/renewable-district-heating-agreement-eon", "network-owner", "other"),
    ("malmo/sege-park-sharing-district", "land-owner", "city"),
    ("oslo/material-emission-target-municipal-buildings", "building-owner", "city"),
    ("pecs/geothermal-exploration", "heat-network", "yes"),
    ("pecs/heat-contract-and-mixed-ownership", "network-owner", "shared"),
    ("pecs/wood-chip-chp-conversion", "heat-network", "yes"),
}


@pytest.fixture(scope="module")
def cases(shipped_index) -> Iterator[list[FullCase]]:
    with KnowledgeBase(Settings(index_dir=shipped_index)) as kb:
        found = (kb.full_case(case.case_id) for case in kb.cases())
        yield [full for full in found if full is not None]


def test_what_the_rules_read(cases):
    """Of all shipped conditions the rules read these owners and networks, no others."""
    read = {
        (one.case_id, one.key, value)
        for full in cases
        for one in full.conditions
        if one.key != "state-or-eu-money" and (value := stated_by(one))
    }
    assert read == READ


def test_every_row_is_cited(cases, shipped_index):
    """Each condition and step names a statement of its case that has a source."""
    with KnowledgeBase(Settings(index_dir=shipped_index)) as kb:
        cities = {city.slug: city for city in kb.cities}
    n_rows = 0
    for full in cases:
        card = transfer_card(full, cities[full.case.city], Profile())
        cited = [row.statements for row in card.conditions]
        cited += [statements_of(full, step) for step in full.steps]
        assert all(any(one.source_ids for one in said) for said in cited)
        n_rows += len(cited)
    assert n_rows > 1_000


def test_transfer_command(shipped_index):
    """The command prints the card as text or JSON; an unknown case is named."""
    case_id = "helsinki/coal-exit-district-heating"
    command = ["transfer", "--index", str(shipped_index)]
    shown = CliRunner().invoke(app, [*command, case_id])
    assert "It needed: The city owns the utility" in shown.stdout
    record = json.loads(CliRunner().invoke(app, [*command, case_id, "--json"]).stdout)
    assert record["city"]["country"] == "Finland"
    assert record["conditions"][0]["statements"][0]["sources"]
    wrong = CliRunner().invoke(app, [*command, "helsinki/none"])
    assert "there is no case 'helsinki/none'" in str(wrong.exception)
