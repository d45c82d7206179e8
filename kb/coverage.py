"""What the cases cover: one row a city, theme and kind of section, gaps included."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import Any, TextIO

from kb.sections import kind_of_section
from kb.types import Case, Source, Statement

_CORPUS_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What the cases of one city under one theme say in one kind of section."""

    city: str
    """Slug of the city."""
    theme: str
    """Slug of the theme."""
    section: str
    """Heading of the sections, for example ``Costs``."""
    cases: int
    """Cases with at least one statement in such a section."""
    statements: int
    sources: int
    """Sources that these statements rest on, by distinct address."""
    non_english_share: float | None
    """Share of these sources that are not in English, 0 to 1; None without sources."""
    median_source_year: float | None
    """Median year of publication of these sources, half years possible; one of which
    only the earliest possible year is known counts as of that year. None where no year
    is known."""
    dated_sources: int
    """How many of them state a year,"""
    bounded_sources: int
    """of how many only the earliest possible year is known,"""
    undated_sources: int
    """and of how many none."""
    checked_statements: int
    """Statements that were compared with stored copies of their sources."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """How far the statements of one city are dated and compared with their sources."""

    city: str
    """Slug of the city."""
    statements: int
    checked_statements: int
    """How many of them were compared with stored copies of their sources."""
    sources: int
    """Sources that the statements rest on, by distinct address."""
    dated_sources: int
    bounded_sources: int
    undated_sources: int


def coverage(
    cases: Iterable[Case],
    statements: Iterable[Statement],
    *,
    cities: Sequence[str],
    themes: Sequence[str],
    sections: Sequence[str],
) -> list[CoverageRow]:
    """Count what there is for each city, theme and kind of section, and what is not.

    A case under two themes counts for both, so the rows of a city cannot be added up.
    A source that several cases list counts once, as the first of them gives it.
    Statements in other sections, such as those of reports, are not counted.

    Args:
        cases: The cases.
        statements: Their statements.
        cities: Slugs of the cities, in the order of the rows.
        themes: Slugs of the themes, in the order of the rows.
        sections: Headings, in the order of the rows.

    Returns:
        One row for every combination of the three, also where there is nothing.
    """
    cases_by_id = {case.case_id: case for case in cases}
    cells: defaultdict[tuple[str, str, str], list[Statement]] = defaultdict(list)
    for statement in statements:
        case = cases_by_id[statement.case_id]
        section = kind_of_section(statement.section)
        for theme in set(case.themes):
            cells[case.city, theme, section].append(statement)
    return [
        _row((city, theme, section), cells[city, theme, section], cases_by_id)
        for city in cities
        for theme in themes
        for section in sections
    ]


def evidence(
    cases: Iterable[Case], statements: Iterable[Statement], cities: Sequence[str]
) -> list[EvidenceRow]:
    """Count how far each city's statements are dated and compared, in their order.

    Statements in every section count, each once, whatever its case's themes are.

    Args:
        cases: The cases.
        statements: Statements of these cases; those of others are passed over.
        cities: Slugs of the cities, in the order of the rows.
    """
    cases_by_id = {case.case_id: case for case in cases}
    of_city: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.case_id in cases_by_id:
            of_city[statement.city].append(statement)
    rows = []
    for city in cities:
        sources = _sources_behind(of_city[city], cases_by_id)
        rows.append(
            EvidenceRow(
                city,
                len(of_city[city]),
                _n_checked(of_city[city]),
                len(sources),
                *_by_date(sources),
            )
        )
    return rows


def _sources_behind(
    statements: Iterable[Statement], cases: Mapping[str, Case]
) -> list[Source]:
    """Return the sources of statements, each address once."""
    sources: dict[str, Source] = {}
    for statement in statements:
        for source in cases[statement.case_id].sources:
            if source.source_id in statement.source_ids:
                sources.setdefault(source.url, source)
    return list(sources.values())


def _by_date(sources: Collection[Source]) -> tuple[int, int, int]:
    """Return how many state a year, have an earliest year only, and have none."""
    dated = sum(source.year is not None for source in sources)
    known = sum(source.earliest_year is not None for source in sources)
    return dated, known - dated, len(sources) - known


def _n_checked(statements: Iterable[Statement]) -> int:
    return sum(statement.checked_on is not None for statement in statements)


def _row(
    place: tuple[str, str, str], found: list[Statement], cases: dict[str, Case]
) -> CoverageRow:
    sources = _sources_behind(found, cases)
    foreign = sum(source.language != _CORPUS_LANGUAGE for source in sources)
    years = [year for s in sources if (year := s.earliest_year) is not None]
    dated, bounded, undated = _by_date(sources)
    city, theme, section = place
    return CoverageRow(
        city=city,
        theme=theme,
        section=section,
        cases=len({statement.case_id for statement in found}),
        statements=len(found),
        sources=len(sources),
        non_english_share=foreign / len(sources) if sources else None,
        median_source_year=float(median(years)) if years else None,
        dated_sources=dated,
        bounded_sources=bounded,
        undated_sources=undated,
        checked_statements=_n_checked(found),
    )


def coverage_records(rows: Iterable[CoverageRow]) -> list[dict[str, Any]]:
    """Return the rows as JSON objects, in the same order."""
    return [asdict(row) for row in rows]


def write_coverage(rows: Iterable[CoverageRow], file: TextIO) -> None:
    """Write the rows as CSV with a header; what is None stays empty.

    Args:
        rows: The rows, in the order of the file.
        file: Opened for text with ``newline=""``.
    """
    writer = csv.DictWriter(file, [field.name for field in fields(CoverageRow)])
    writer.writeheader()
    writer.writerows(coverage_records(rows))
