"""Coverage: the counts of each city, theme and kind of section, gaps included."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from kb.coverage import (
    CoverageRow,
    EvidenceRow,
    coverage,
    coverage_records,
    evidence,
    write_coverage,
)
from kb.sections import SUBSECTION
from tests.support.made_up import SOURCE, case, statement

S1 = SOURCE  # English, 2021
S2 = replace(
    SOURCE, source_id="S2", url="https://two.example", language="sv", year=2018
)
S3 = replace(
    SOURCE, source_id="S3", url="https://three.example", language="fi", year=2010
)
S4 = replace(SOURCE, source_id="S4", url="https://four.example", year=None)

HEAT = case("exampleton/heat", themes=("heating", "financing"), sources=(S1, S2, S3))
# Its S1 has another meaning than that of HEAT, and its S9 the address of HEAT's S2.
PIPE = case(
    "exampleton/pipe",
    themes=("heating",),
    sources=(replace(S4, source_id="S1"), replace(S2, source_id="S9", year=1999)),
)
BRICKS = case("sampleby/bricks", themes=("building",), sources=(S4,))


def said(case_id: str, section: str, *source_ids: str, number: int = 1):
    """Return a statement of a case with its section and marks."""
    return statement(
        f"{case_id}#s.{number}", "Said.", section=section, source_ids=source_ids
    )


STATEMENTS = [
    said("exampleton/heat", "Costs", "S1", "S2", number=1),
    said("exampleton/heat", f"Costs{SUBSECTION}Pipes", "S1", number=2),
    said("exampleton/pipe", "Costs", "S1", "S9"),
    said("exampleton/heat", "Results", "S3", number=3),
    said("sampleby/bricks", "Results", "S4"),
    said("sampleby/bricks", "", "S4", number=2),
]


def rows(**named: list[str]) -> list[CoverageRow]:
    """Return the coverage of the made-up cases."""
    wanted = {
        "cities": ["exampleton", "sampleby"],
        "themes": ["heating", "financing", "building"],
        "sections": ["Costs", "Results"],
    }
    return coverage([HEAT, PIPE, BRICKS], STATEMENTS, **(wanted | named))


def row(city: str, theme: str, section: str) -> CoverageRow:
    """Return one row of the coverage."""
    (found,) = rows(cities=[city], themes=[theme], sections=[section])
    return found


def test_coverage_has_a_row_for_every_combination():
    """Rows come in the caller's order, gaps included."""
    assert [(r.city, r.theme, r.section) for r in rows()] == [
        ("exampleton", "heating", "Costs"),
        ("exampleton", "heating", "Results"),
        ("exampleton", "financing", "Costs"),
        ("exampleton", "financing", "Results"),
        ("exampleton", "building", "Costs"),
        ("exampleton", "building", "Results"),
        ("sampleby", "heating", "Costs"),
        ("sampleby", "heating", "Results"),
        ("sampleby", "financing", "Costs"),
        ("sampleby", "financing", "Results"),
        ("sampleby", "building", "Costs"),
        ("sampleby", "building", "Results"),
    ]


def test_coverage_when_two_cases_share_a_source():
    """Sources count once by address, as the first case gives them.

    Two statements of heat (one below a sub-heading) and one of pipe. Addresses: heat's
    S1 (en, 2021) and S2 (sv, 2018); pipe's S1 (en, no year); pipe's S9 is heat's S2.
    Not English: 1 of 3. Median of 2018 and 2021: 2019.5.
    """
    assert row("exampleton", "heating", "Costs") == CoverageRow(
        city="exampleton",
        theme="heating",
        section="Costs",
        cases=2,
        statements=3,
        sources=3,
        non_english_share=1 / 3,
        median_source_year=2019.5,
        dated_sources=2,
        bounded_sources=0,
        undated_sources=1,
        checked_statements=0,
    )


def test_coverage_when_a_case_has_two_themes():
    """A case counts under each of its themes; pipe is not about financing.

    Sources S1 (en, 2021) and S2 (sv, 2018): half not English, median 2019.5.
    """
    found = row("exampleton", "financing", "Costs")
    assert (found.cases, found.statements, found.sources) == (1, 2, 2)
    assert (found.non_english_share, found.median_source_year) == (0.5, 2019.5)


def test_coverage_when_one_source_is_behind_it():
    """One Finnish source of 2010: all not English, its year is the median."""
    found = row("exampleton", "heating", "Results")
    assert (found.sources, found.non_english_share) == (1, 1.0)
    assert found.median_source_year == 2010.0


def test_coverage_when_no_source_has_a_year():
    """The median is unknown, not zero."""
    found = row("sampleby", "building", "Results")
    assert (found.cases, found.statements, found.sources) == (1, 1, 1)
    assert (found.non_english_share, found.median_source_year) == (0.0, None)


def test_coverage_when_only_the_earliest_year_is_known():
    """Such a source counts as of the earliest year that it can be from."""
    heat = replace(HEAT, sources=(S2, replace(S4, not_before=2016)))
    (found,) = coverage(
        [heat],
        [said(HEAT.case_id, "Costs", "S2", "S4")],
        cities=["exampleton"],
        themes=["heating"],
        sections=["Costs"],
    )
    assert found.median_source_year == 2017.0
    assert (found.dated_sources, found.bounded_sources) == (1, 1)


def test_evidence_counts_each_city_once():
    """All sections count, a source once by its address; no case counts as nothing.

    Exampleton rests on heat's S1 (2021), S2 (2018), S3 (2010) and pipe's S1, which is
    given an earliest year here; pipe's S9 is heat's S2. Sampleby rests on S4 alone.
    """
    first, *others = PIPE.sources
    pipe = replace(PIPE, sources=(replace(first, not_before=2020), *others))
    compared = [replace(STATEMENTS[0], checked_on="2026-11-30"), *STATEMENTS[1:]]
    found = evidence(
        [HEAT, pipe, BRICKS], compared, ["exampleton", "sampleby", "elsewhere"]
    )
    assert found == [
        EvidenceRow("exampleton", 4, 1, 4, 3, 1, 0),
        EvidenceRow("sampleby", 2, 0, 1, 0, 0, 1),
        EvidenceRow("elsewhere", 0, 0, 0, 0, 0, 0),
    ]
    assert evidence([HEAT], compared, ["sampleby"]) == [
        EvidenceRow("sampleby", 0, 0, 0, 0, 0, 0)
    ]


def test_coverage_when_there_is_nothing():
    """A gap has zeros, and no share of nothing."""
    assert row("sampleby", "heating", "Costs") == CoverageRow(
        "sampleby", "heating", "Costs", 0, 0, 0, None, None, 0, 0, 0, 0
    )
    assert coverage([], [], cities=[], themes=["a"], sections=["b"]) == []


def test_coverage_when_a_case_names_a_theme_twice():
    """The theme counts once."""
    twice = replace(BRICKS, themes=("building", "building"))
    (found,) = coverage(
        [twice],
        [said("sampleby/bricks", "Results", "S4")],
        cities=["sampleby"],
        themes=["building"],
        sections=["Results"],
    )
    assert found.statements == 1


def test_coverage_records_are_the_columns():
    """A record holds every column by name, in the order of the rows."""
    (record,) = coverage_records([row("exampleton", "heating", "Results")])
    assert record == {
        "city": "exampleton",
        "theme": "heating",
        "section": "Results",
        "cases": 1,
        "statements": 1,
        "sources": 1,
        "non_english_share": 1.0,
        "median_source_year": 2010.0,
        "dated_sources": 1,
        "bounded_sources": 0,
        "undated_sources": 0,
        "checked_statements": 0,
    }


def test_write_coverage_leaves_unknown_values_empty():
    """The file has a header, a line a row, and nothing where nothing is known."""
    file = io.StringIO(newline="")
    write_coverage(rows(cities=["sampleby"], themes=["building"]), file)
    lines = list(csv.reader(io.StringIO(file.getvalue(), newline="")))
    assert lines == [
        [
            "city",
            "theme",
            "section",
            "cases",
            "statements",
            "sources",
            "non_english_share",
            "median_source_year",
            *("dated_sources", "bounded_sources", "undated_sources"),
            "checked_statements",
        ],
        ["sampleby", "building", "Costs", "0", "0", "0", "", "", *"0000"],
        ["sampleby", "building", "Results", "1", "1", "1", "0.0", "", *"0010"],
    ]
