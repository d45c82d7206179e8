"""Rows of an evaluation's tables, as values: the report and Markdown write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from evals.summary import (
    Estimate,
    Means,
    Percentiles,
    Refusals,
    RunSummary,
    Share,
)

_SIGNIFICANT = 0.05

Value = Estimate | Share | Percentiles | str | None
"""What a cell holds; None for what was not measured."""


@dataclass(frozen=True)
class Cell:
    """A value and what belongs to it."""

    value: Value
    notes: tuple[str, ...] = ()
    is_best: bool = False


@dataclass(frozen=True)
class Row:
    """A header and a cell for each further column."""

    header: str
    cells: list[Cell]


def ranking_rows(
    summary: RunSummary, measures: Iterable[str], *, least_compared: int = 1
) -> list[Row]:
    """Return measures of every system, with the best value and the significance.

    Differences to the baseline count as significant after Benjamini and Hochberg's
    correction over the systems of one measure.

    Args:
        summary: What was measured.
        measures: The columns.
        least_compared: How many systems must have a measure for a value to be the best.
    """
    columns = [_ranking_column(summary, m, least_compared) for m in measures]
    return [Row(name, [column[name] for column in columns]) for name in summary.systems]


def _ranking_column(
    summary: RunSummary, measure: str, least_compared: int
) -> dict[str, Cell]:
    systems = summary.systems
    found = {name: s.all[measure] for name, s in systems.items() if measure in s.all}
    p_values = _corrected(
        {
            name: s.p_values[measure]
            for name, s in systems.items()
            if measure in s.p_values
        }
    )
    # As shown: two values that look the same are both the best.
    best = f"{max(f.mean for f in found.values()):.3f}" if found else ""
    cells = dict.fromkeys(systems, Cell(None))
    for name, estimate in found.items():
        notes: tuple[str, ...] = ()
        if name in p_values and summary.baseline in found:
            higher = estimate.mean > found[summary.baseline].mean
            notes = (_difference(p_values[name], higher=higher),)
        is_best = len(found) >= least_compared and f"{estimate.mean:.3f}" == best
        cells[name] = Cell(estimate, notes, is_best)
    return cells


def _corrected(p_values: Mapping[str, float]) -> dict[str, float]:
    from scipy.stats import false_discovery_control

    if not p_values:
        return {}
    corrected = false_discovery_control(list(p_values.values()), method="bh")
    return dict(zip(p_values, map(float, corrected), strict=True))


def _difference(p_value: float, *, higher: bool) -> str:
    shown = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
    if p_value >= _SIGNIFICANT:
        return shown
    return f"▲ better, {shown}" if higher else f"▼ worse, {shown}"


def measure_rows(measures: Iterable[str], *columns: Means) -> list[Row]:
    """Return a row for each measure, over one or several sets of questions."""
    return [Row(m, [Cell(means.get(m)) for means in columns]) for m in measures]


def refusal_rows(groups: Mapping[str, Refusals]) -> list[Row]:
    """Return wrong refusals and wrong answers by group of questions."""
    return [
        Row(group, [Cell(counted.refused), Cell(counted.answered)])
        for group, counted in groups.items()
    ]


def renamed(rows: Iterable[Row], name_of: Callable[[str], str]) -> list[Row]:
    """Return rows with the headers that readers know."""
    return [Row(name_of(row.header), row.cells) for row in rows]
