"""Figures without unit, and money without year."""

from __future__ import annotations

import pytest

from ingest.check.figures import figures_without_unit, figures_without_year
from tests.unit.ingest.check.written import BODY_LINE, CASE, read_case, read_statements


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Emissions fell from 25 to 12 in 2019.", "25"),
        ("The store cost 40 million in 2021.", "40 million"),
        ("Departments spent 236,000 less on flights.", "236,000"),
        ("Heat demand reached 1.5, more than planned.", "1.5"),
        ("The budget (7 million) was used up.", "7 million"),
        ("The price rose to 12", "12"),
        ("Noise fell to 40 on line 2.", "40"),
        ("Heat use fell by 40 in a 12-hour test.", "40"),
        ("Heat use fell by 40 until 6 May.", "40"),
    ],
)
def test_figures_without_unit_when_nothing_says_what_it_is(tmp_path, text, figure):
    """An amount of something that cannot be counted needs a unit."""
    statements = read_statements(tmp_path, f"## Results\n\n- {text} [^S1]\n")
    (problem,) = figures_without_unit(statements)
    assert (problem.path, problem.line) == (CASE, BODY_LINE + 2)
    assert (problem.rule, problem.severity) == ("figure-without-unit", "hint")
    assert problem.reason.startswith(f"the figure {figure} in ")


@pytest.mark.parametrize(
    "text",
    [
        "Emissions fell from 500 to 320 kg.",
        "Emissions fell by 40% in 2019.",
        "Emissions fell by 40 percent.",
        "The heat pump lifts it to 80 °C.",
        "The store cost SEK 40 million in 2021.",
        "The store cost €40 in all.",
        "The store cost EUR 40, less than planned.",
        "The cost was put at EUR 5, later at 8.",
        "They spent 236,000 less on flights and one million (crowns) on trains.",
        "Signatories grew from 25 to 55.",
        "The heat warms 1,300 homes.",
        "Costs are lower on line 2.",
        "Costs fell after phase 3, as planned.",
        "Energy use fell on 6 May, and again on May 7.",
        "Energy use fell in 2019, 2020 and 2021.",
        "Energy use fell in 2019-2021.",
        "House Biscuit Lane 106, built in 1939, saved energy.",
        "Energy label A3, class 2.",
        "Version 2.1.3 of the budget.",
        "The energy balance of CO2, as planned.",
        "Costs ran from 7:00 to 19:00.",
    ],
)
def test_figures_without_unit_when_something_says_what_it_is(tmp_path, text):
    """Units, currencies, counted things, names and dates are no problem."""
    statements = read_statements(tmp_path, f"## Results\n\n- {text} [^S1]\n")
    assert list(figures_without_unit(statements)) == []


def money(corpus, body: str) -> list[tuple[str, int | None]]:
    """Return rule and line of the amounts without year; only S1 has a year."""
    document = read_case(corpus, body)
    assert document.case
    sources = {source.source_id: source for source in document.case.sources}
    statements = read_statements(corpus, body)
    return [(p.rule, p.line) for p in figures_without_year(statements, sources)]


@pytest.mark.parametrize(
    "amount",
    [
        "SEK 40 million",
        "€40",
        "40 EUR",
        "7 million crowns",
        "about 2.5 billion forints",
        "12 kronor",
    ],
)
def test_figures_without_year_when_no_year_is_near(tmp_path, amount):
    """Money of which no year is known is a hint, in any usual writing."""
    body = f"## Costs\n\n- It was open.\n- The pipe cost {amount}. [^S2]\n"
    assert money(tmp_path, body) == [("figure-without-year", BODY_LINE + 3)]


@pytest.mark.parametrize(
    "body",
    [
        "## Costs\n\n- The pipe cost SEK 40 in 2019. [^S2]\n",
        "## Costs\n\n- The pipe cost SEK 40. [^S2]\n- It was laid in 2019. [^S2]\n",
        "## Costs\n\n- The pipe cost SEK 40. [^S1]\n",
        "## Costs\n\n- The pipe cost SEK 40. [^S1][^S2]\n",
        "## Costs\n\n- The pipe cost little. [^S2]\n",
        "## Costs\n\n- The pipe is 40 m long. [^S2]\n",
        "## Open questions\n\n- Did the pipe cost SEK 40?\n",
    ],
    ids=[
        "in the statement",
        "in the section",
        "of the source",
        "of one source",
        "no figure",
        "no money",
        "a question",
    ],
)
def test_figures_without_year_when_a_year_is_known(tmp_path, body):
    """A year in the statement, its section or its sources is enough."""
    assert money(tmp_path, body) == []


def test_figures_without_year_when_the_year_is_that_of_another_section(tmp_path):
    """A year under another heading says nothing, nor does a figure like a year."""
    body = (
        "## Costs\n\n- SEK 40 for 2,019 m, 20190 mm or 2019.5 m. [^S2]\n\n"
        "## Timeline\n\n- It was laid in 2019. [^S2]\n"
    )
    assert money(tmp_path, body) == [("figure-without-year", BODY_LINE + 2)]


def test_figures_without_year_when_a_mark_has_no_source(tmp_path):
    """A mark that leads nowhere, which another rule reports, gives no year."""
    body = "## Costs\n\n- The pipe cost SEK 40. [^S9]\n"
    assert len(money(tmp_path, body)) == 1
