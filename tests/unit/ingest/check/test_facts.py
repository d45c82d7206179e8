"""Whether the figures, conditions and steps of a case still stand in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.check.facts import facts_hold
from ingest.check.quoted import says
from ingest.documents import Document, Facts, Units
from kb.types import Condition, KeyFigure, Step
from tests.support.made_up import CASE, statement

PIPE = statement(f"{CASE.case_id}#costs.1a2b3c4d", "In 2019 it cost SEK 7.5 million.")
FIGURE = KeyFigure(
    PIPE.statement_id, "SEK 7.5 million", "investment", "it", 7.5e6, "SEK", year=2019
)
GONE = f"{CASE.case_id}#costs.99999999"
LINES: dict[tuple[str, ...], int] = {
    ("figures", "0"): 30,
    ("figures", "0", "quote"): 31,
    ("figures", "0", "value"): 32,
}


def found(**facts):
    """Return the findings about a case with one statement."""
    document = Document(CASE.path, CASE, lines=LINES, facts=Facts(**facts))
    units = Units([CASE], statements=[PIPE])
    return list(facts_hold(document, units, date(2026, 12, 1)))


def test_facts_that_hold():
    """What the statement says is no problem; nor is a value that nobody can give."""
    unknown = replace(FIGURE, value=None, year=None)
    step = Step("2019", "Pay", (PIPE.statement_id,))
    assert found(figures=(FIGURE, unknown), steps=(step,)) == []
    assert list(facts_hold(Document(CASE.path, None), None, date.today())) == []


@pytest.mark.parametrize(
    ("changes", "rule", "line", "reason"),
    [
        ({"statement_id": GONE}, "fact-without-statement", 30, "names no statement"),
        ({"quote": "SEK 7.5 millions"}, "figure-quote", 31, "does not stand in"),
        ({"value": 8e6}, "figure-value", 32, "8,000,000 is not what"),
        ({"value_to": 9e6}, "figure-value", 30, "value_to 9,000,000"),
        ({"unit": "crowns"}, "figure-unit", 30, "no unit of money"),
        ({"kind": "energy"}, "figure-unit", 30, "none of money"),
        ({"kind": "energy", "unit": "MWX"}, "figure-unit", 30, "not known"),
        ({"year": 2018}, "figure-dated", 30, "2018 does not stand"),
    ],
)
def test_figure_that_its_statement_does_not_give(changes, rule, line, reason):
    """Each fault is an error of its own, with line, reason and remedy."""
    (problem,) = found(figures=(replace(FIGURE, **changes),))
    assert (problem.path, problem.line, problem.rule) == (CASE.path, line, rule)
    assert problem.severity == "error"
    assert reason in problem.reason
    assert problem.remedy.endswith((".", "homes."))


def test_condition_and_step_of_statements_that_are_gone():
    """Each mark that names nothing is told, also beside one that does."""
    ids = (PIPE.statement_id, GONE)
    condition = Condition("other", "x", "helped", "y?", ids)
    rules = [
        p.rule for p in found(conditions=(condition,), steps=(Step("", "x", ids),))
    ]
    assert rules == ["fact-without-statement"] * 2


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("EUR 81 million", 81_000_000),
        ("EUR 15 to 18 million", 15_000_000),
        ("1.5 bn", 1_500_000_000),
        ("2,500 homes", 2_500),
        ("2\u00a0500 homes", 2_500),
        ("2.500 Wohnungen", 2_500),
        ("3,5 %", 3.5),
        ("one third", 33.3),
        ("three quarters", 75),
        ("halved", 50),
        ("twenty-five homes", 25),
        ("three dozen", 36),
        ("half a million", 500_000),
        ("four and a half", 4.5),
        ("2.19 cents", 0.0219),
        ("-15 °C", -15),
    ],
)
def test_numbers_as_people_write_them(quote, value):
    """A value agrees with its quote in each notation, and another does not."""
    assert says(quote, value)
    assert not says(quote, value * 1.37)
