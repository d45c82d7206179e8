"""Tables of the evaluation report: the numbers of a summary, ready to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.answers import ANSWER_MEASURES
from evals.ranking import JUDGED
from evals.runs import LEVELS, Level
from evals.summary import HEADLINE, Summary

RECALL = "case R(rel=2)@5"
"""The first figure of the report."""
MUST_HOLD = "must-hold recall"
NOT_MEASURED = "not measured"
_GROUP_MEASURES = (
    RECALL,
    HEADLINE,
    "passage nDCG@10",
    MUST_HOLD,
    "citation recall",
    "statement recall",
    "first statement answers",
    "decided rightly",
)
_KEPT_WITHOUT_TWINS = (*_GROUP_MEASURES, "statement precision")
_SIGNIFICANT = 0.05
_CURVE_STEP = 5
"""Every which point of the curve stands in its table."""

Means = Mapping[str, Mapping[str, float]]
"""Mean, interval and number of questions by measure."""


@dataclass(frozen=True)
class Cell:
    """A number with what belongs to it, each detail on a line of its own."""

    text: str
    details: tuple[str, ...] = ()
    is_best: bool = False


@dataclass(frozen=True)
class Row:
    """A header and a cell for each further column."""

    header: str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """A caption, the columns' headers, rows."""

    caption: str
    columns: list[str]
    rows: list[Row]


def short_name(measure: str) -> str:
    """Return a measure's name without its level: ``case R(rel=2)@5`` is Recall@5."""
    name = re.sub(r"\(rel=\d\)", "", re.sub(r"^(case|passage) ", "", measure))
    return re.sub(r"^R@", "Recall@", name)


def interval(estimate: Mapping[str, float]) -> str:
    """Return the bounds of an estimate's interval in words."""
    return f"{estimate['low']:.3f} to {estimate['high']:.3f}"


def estimate_cell(estimate: Mapping[str, float] | None, *details: str) -> Cell:
    """Return a mean over its interval, with further details."""
    if not estimate:
        return Cell(NOT_MEASURED)
    return Cell(f"{estimate['mean']:.3f}", (interval(estimate), *details))


def count_of(part: int, whole: int) -> str:
    """Return ``3 of 12 (25.0%)``; no percentage of nothing."""
    percent = f" ({part / whole:.1%})" if whole else ""
    return f"{part} of {whole}{percent}"


def compare(summary: Summary, level: Level) -> Table | None:
    """Return all systems' rankings of a level; None where no system ranks it.

    Differences to the baseline count as significant after Benjamini and Hochberg's
    correction over the systems of one measure.
    """
    systems = summary["systems"]
    all_names = _union(system["all"] for system in systems.values())
    ranked = [name for name in all_names if name.startswith(f"{level} ")]
    names = [name for name in ranked if not name.endswith(str(JUDGED))]
    if not names:
        return None
    columns = {name: _compare_one(summary, name) for name in names}
    rows = [
        Row(
            _system_name(summary, system),
            [columns[name][system] for name in names]
            + [_unjudged(systems[system]["all"].get(f"{level} {JUDGED}"))],
        )
        for system in systems
    ]
    return Table(
        f"Rankings of {level}s by system: mean, 95% interval, difference to the "
        "baseline",
        ["System", *map(short_name, names), "Unjudged in the top ten"],
        rows,
    )


def _compare_one(summary: Summary, measure: str) -> dict[str, Cell]:
    """Return one measure of every system, with significance and the best value."""
    systems = summary["systems"]
    corrected = _correct(
        {
            name: system["p_values"][measure]
            for name, system in systems.items()
            if measure in system["p_values"]
        }
    )
    baseline = systems.get(summary.get("baseline"), {"all": {}})["all"].get(measure)
    means = {
        name: system["all"][measure]["mean"]
        for name, system in systems.items()
        if measure in system["all"]
    }
    # As shown: two values that look the same are both the best.
    best = f"{max(means.values()):.3f}" if len(means) > 1 else None
    cells = {}
    for name, system in systems.items():
        details = []
        if name in corrected and name in means and baseline:
            higher = means[name] > baseline["mean"]
            details.append(_difference(corrected[name], higher=higher))
        cell = estimate_cell(system["all"].get(measure), *details)
        cells[name] = Cell(cell.text, cell.details, cell.text == best)
    return cells


def _correct(p_values: Mapping[str, float]) -> dict[str, float]:
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


def _unjudged(judged: Mapping[str, float] | None) -> Cell:
    if not judged:
        return Cell(NOT_MEASURED)
    bounds = f"{1 - judged['high']:.1%} to {1 - judged['low']:.1%}"
    return Cell(f"{1 - judged['mean']:.1%}", (bounds,))


def _system_name(summary: Summary, system: str) -> str:
    return f"{system} (baseline)" if system == summary.get("baseline") else system


def by_group(
    caption: str,
    column: str,
    groups: Mapping[str, Means],
    names: Mapping[str, str],
    worst: Mapping[str, Mapping[str, Any]],
) -> Table:
    """Return measures of one system by group, in the order of the groups.

    Args:
        caption: The table's caption.
        column: What the groups are.
        groups: Means by group; a group without any is said to be not measured.
        names: The groups' names as readers know them.
        worst: The worst group by measure, where known.
    """
    measures = [m for m in _GROUP_MEASURES if any(m in g for g in groups.values())]

    def cell(group: str, measure: str) -> Cell:
        is_worst = worst.get(measure, {}).get("group") == group
        return estimate_cell(
            groups[group].get(measure), *(["▼ lowest"] if is_worst else [])
        )

    rows = []
    for group, means in groups.items():
        size = max((means[m]["n"] for m in measures if m in means), default=0)
        cells = [cell(group, measure) for measure in measures]
        rows.append(Row(names[group], [Cell(str(size)), *cells]))
    headers = [_with_level(measure) for measure in measures]
    return Table(caption, [column, "Questions", *headers], rows)


def _with_level(measure: str) -> str:
    level = measure.partition(" ")[0]
    return f"{short_name(measure)}, {level}s" if level in LEVELS else measure


def define_answers(means: Means) -> Table:
    """Return each answer measure of one system with what it means."""
    rows = [
        Row(
            name,
            [
                estimate_cell(means.get(name)),
                Cell(str(means[name]["n"]) if name in means else "0"),
                Cell(definition),
            ],
        )
        for name, definition in ANSWER_MEASURES.items()
    ]
    columns = ["Measure", "Value", "Questions", "Definition"]
    return Table("Answers: value with 95% interval, and definition", columns, rows)


def compare_answers(answering: Mapping[str, Any]) -> Table:
    """Return the answer measures of every system that answers."""

    def row(name: str, system: Mapping[str, Any]) -> Row:
        languages = system["answers"]["source_languages"]
        return Row(
            name,
            [
                *(estimate_cell(system["all"].get(m)) for m in ANSWER_MEASURES),
                Cell(f"{languages['cited']:.1%}"),
                Cell(f"{system['answers']['statements_shown']:.1f}"),
            ],
        )

    extra = ["Sources not in English", "Statements shown"]
    return Table(
        "Answers by system: mean and 95% interval",
        ["System", *ANSWER_MEASURES, *extra],
        [row(name, system) for name, system in answering.items()],
    )


def without_twins(means: Means, without: Means) -> Table:
    """Return measures of one system with and without questions with a near twin."""
    return Table(
        "All questions, and those without a near twin: mean and 95% interval",
        ["Measure", "All", "Without near twins"],
        [
            Row(
                _with_level(m), [estimate_cell(means.get(m)), estimate_cell(without[m])]
            )
            for m in _KEPT_WITHOUT_TWINS
            if m in without
        ],
    )


def calibration(bins: Sequence[Mapping[str, float]]) -> Table:
    """Return the confidence of groups of questions, and how many have an answer."""
    return Table(
        "Confidence and answers, by group of questions of like confidence",
        ["Mean confidence", "Share with an answer", "Questions"],
        [
            Row(
                f"{one['confidence']:.3f}",
                [Cell(f"{one['answerable']:.1%}"), Cell(str(one["n"]))],
            )
            for one in bins
        ],
    )


def both_errors(
    caption: str, column: str, groups: Mapping[str, Any], names: Mapping[str, str]
) -> Table:
    """Return wrong refusals and wrong answers by group of questions.

    Args:
        caption: The table's caption.
        column: What the groups are.
        groups: Counts by group.
        names: The groups' names as readers know them, where they differ.
    """
    return Table(
        caption,
        [column, "Wrongly refused", "Wrongly answered"],
        [
            Row(
                names.get(group, group),
                [
                    _count_cell(counted["false_refusals"], counted["answerable"]),
                    _count_cell(*_all_wrong(counted)),
                ],
            )
            for group, counted in groups.items()
        ],
    )


def wrong_answers(refusals: Mapping[str, Any]) -> Table:
    """Return one system's answers to questions that have none, by kind."""
    rows = [
        Row(kind, [Cell(count_of(refusals["wrongly_answered"][kind], total))])
        for kind, total in refusals["unanswerable"].items()
    ]
    rows.append(Row("All kinds", [Cell(count_of(*_all_wrong(refusals)))]))
    return Table(
        "Wrongly answered, by kind of question", ["Kind", "Wrongly answered"], rows
    )


def count_refusals(answering: Mapping[str, Any]) -> Table:
    """Return both errors of every system that answers."""
    counts = {name: system["answers"]["refusals"] for name, system in answering.items()}
    kinds = _union(count["unanswerable"] for count in counts.values())

    def row(name: str, count: Mapping[str, Any]) -> Row:
        refused = _count_cell(count["false_refusals"], count["answerable"])
        answered, asked = count["wrongly_answered"], count["unanswerable"]
        wrong = [_count_cell(answered.get(k, 0), asked.get(k, 0)) for k in kinds]
        return Row(name, [refused, *wrong, _count_cell(*_all_wrong(count))])

    return Table(
        "Wrong refusals, and wrong answers by kind of question without an answer",
        ["System", "Wrongly refused", *kinds, "Wrongly answered, all kinds"],
        [row(name, count) for name, count in counts.items()],
    )


def _count_cell(part: int, whole: int) -> Cell:
    return Cell(f"{part} of {whole}", (f"{part / whole:.1%}",)) if whole else Cell("–")


def _all_wrong(refusals: Mapping[str, Any]) -> tuple[int, int]:
    return (
        sum(refusals["wrongly_answered"].values()),
        sum(refusals["unanswerable"].values()),
    )


def curve(points: Sequence[Mapping[str, Any]]) -> Table:
    """Return both error rates at some of the thresholds."""
    kinds = _union(point["wrong_answer_rates"] for point in points)
    rows = [
        Row(
            f"{point['threshold']:.2f}",
            [
                Cell(f"{rate:.1%}")
                for rate in (
                    point["false_refusal_rate"],
                    *(point["wrong_answer_rates"][kind] for kind in kinds),
                )
            ],
        )
        for point in points[::_CURVE_STEP]
    ]
    return Table(
        "Errors by threshold of confidence",
        ["Threshold", "Wrongly refused", *kinds],
        rows,
    )


def speed(systems: Mapping[str, Any]) -> Table:
    """Return p50 and p95 of every stage that a system names."""
    times = [system["speed_ms"] for system in systems.values()]
    # The first stage is the whole; systems name it differently.
    stages = _union([[stage for one in times for stage in list(one)[:1]], *times])

    def cell(times: Mapping[str, float] | None) -> Cell:
        if not times:
            return Cell("–")
        return Cell(f"{times['p50']:.1f}", (f"p95 {times['p95']:.1f}",))

    return Table(
        "Milliseconds by system and stage: p50, and p95 below it",
        ["System", *stages],
        [
            Row(name, [cell(system["speed_ms"].get(stage)) for stage in stages])
            for name, system in systems.items()
        ],
    )


def _union(names: Iterable[Iterable[str]]) -> list[str]:
    """Return every name once, in the order of first sight."""
    return list(dict.fromkeys(name for some in names for name in some))
