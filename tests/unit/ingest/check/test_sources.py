"""Sources: how old they are, and whether they say so."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.check.sources import aged_sources, undated_sources
from ingest.documents import Document
from tests.unit.ingest.check.written import CASE, HEADER, places, read_case

BODY = "## Costs\n\n- One. [^S1][^S2]\n"
TODAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("year", "max_age", "n_found"),
    [(2008, 15, 1), (2009, 15, 0), (2024, 0, 0), (2023, 0, 1), (2025, 15, 0)],
)
def test_aged_sources_at_the_limit(tmp_path, year, max_age, n_found):
    """A source counts as recent up to and with the limit."""
    header = HEADER.replace("year: 2021", f"year: {year}")
    problems = list(
        aged_sources(read_case(tmp_path, BODY, header=header), max_age, TODAY)
    )
    assert places(problems) == [(CASE, 14, "old-source")] * n_found


def test_aged_sources_names_source_and_year(tmp_path):
    """The finding names the source, its year and the limit; no year is no age."""
    header = HEADER.replace("year: 2021", "year: 1999")
    document = read_case(tmp_path, BODY, header=header)
    (problem,) = aged_sources(document, 15, TODAY)
    assert problem.reason == "the source S1 is from 1999, more than 15 years ago."
    assert problem.severity == "hint"


def test_aged_sources_when_only_the_earliest_year_is_known(tmp_path):
    """A source that may be too old is reported as such, at the line of that year."""
    header = HEADER.replace("year: null", "year: null\n    not_before: 2004")
    document = read_case(tmp_path, BODY, header=header)
    (problem,) = aged_sources(document, 15, TODAY)
    assert places([problem]) == [(CASE, 21, "old-source")]
    assert problem.reason == (
        "the source S2 is from 2004 or later and may be more than 15 years old."
    )
    assert list(aged_sources(document, 20, TODAY)) == []


def test_undated_sources_are_named_together(tmp_path):
    """All sources without a year are one finding, at the line of the first."""
    document = read_case(tmp_path, BODY)
    (problem,) = undated_sources(document)
    assert places([problem]) == [(CASE, 20, "source-without-year")]
    assert problem.reason == "1 of 2 sources have no year: S2."
    header = HEADER.replace("year: 2021", "year: null")
    (problem,) = undated_sources(read_case(tmp_path, BODY, header=header))
    assert problem.line == 14
    assert problem.reason == "2 of 2 sources have no year: S1, S2."


@pytest.mark.parametrize("year", ["year: 2020", "year: null\n    not_before: 2020"])
def test_undated_sources_when_all_have_a_year(tmp_path, year):
    """Nothing is reported when every source has a year, or an earliest one."""
    header = HEADER.replace("year: null", year)
    assert list(undated_sources(read_case(tmp_path, BODY, header=header))) == []


def test_sources_when_the_front_matter_lies_beside_the_file(tmp_path):
    """The finding names the file in which the year has to be added."""
    path = tmp_path / "exampleton" / "notes.md.yaml"
    path.parent.mkdir()
    path.write_text(HEADER.strip().strip("-"), encoding="utf-8")
    document = read_case(tmp_path, BODY, header="", name="exampleton/notes.md")
    (undated,) = undated_sources(document)
    (aged,) = aged_sources(document, 1, TODAY)
    assert undated.path == aged.path == "exampleton/notes.md.yaml"


def test_sources_when_the_front_matter_was_rejected():
    """A case that could not be read has no sources to judge."""
    rejected = Document("exampleton/x.md", None)
    assert list(aged_sources(rejected, 15, TODAY)) == []
    assert list(undated_sources(rejected)) == []
