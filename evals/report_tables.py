"""Tables of the HTML report: which rows they show, under which headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.answers import ANSWER_MEASURES
from evals.ranking import JUDGED
from evals.rows import (
    Cell,
    Row,
    Value,
    measure_rows,
    ranking_rows,
    refusal_rows,
    renamed,
)
from evals.runs import LEVELS, Level
from evals.summary import (
    MUST_HOLD,
    NDCG,
    RECALL,
    AnswerSummary,
    CurvePoint,
    Estimate,
    Means,
    Percentiles,
    Refusals,
    ReliabilityBin,
    RunSummary,
    Share,
    SystemSummary,
    WorstGroup,
)

NOT_MEASURED = "not measured"
_NOTHING = "–"
_GROUP_MEASURES = (
    RECALL,
    NDCG,
    "passage nDCG@10",
    MUST_HOLD,
    "citation recall",
    "statement recall",
    "first statement answers",
    "decided rightly",
)
_WITHOUT_TWINS = (*_GROUP_MEASURES, "statement precision")
_CURVE_STEP = 5
"""The table of the curve shows every fifth point."""


@dataclass(frozen=True)
class ReportTable:
    """A caption, the columns' headings, rows."""

    caption: str
    columns: list[str]
    rows: list[Row]


def short_name(measure: str) -> str:
    """Return a measure's name without its level: ``case R(rel=2)@5`` is Recall@5."""
    name = re.sub(r"\(rel=\d\)", "", re.sub(r"^(case|passage) ", "", measure))
    return re.sub(r"^R@", "Recall@", name)


def interval(estimate: Estimate) -> str:
    """Return the bounds of an estimate's interval in words."""
    return f"{estimate.low:.3f} to {estimate.high:.3f}"


def in_lines(value: Value) -> tuple[str, ...]:
    """Return a value as it is shown: what counts, then what belongs to it."""
    match value:
        case None:
            return (NOT_MEASURED,)
        case Estimate():
            return f"{value.mean:.3f}", interval(value)
        case Percentiles():
            return f"{value.p50:.1f}", f"p95 {value.p95:.1f}"
        case Share(rate=None):
            return (_NOTHING,)
        case Share():
            return f"{value.part} of {value.whole}", f"{value.rate:.1%}"
    return (value,)


def compare(summary: RunSummary, level: Level) -> ReportTable | None:
    """Return all systems' rankings of a level; None where no system ranks it."""
    ranked = [
        name
        for name in _union(system.all for system in summary.systems.values())
        if name.startswith(f"{level} ") and not name.endswith(str(JUDGED))
    ]
    if not ranked:
        return None
    rows = [
        Row(
            f"{row.header} (baseline)"
            if row.header == summary.baseline
            else row.header,
            [*row.cells, _unjudged(summary.systems[row.header], level)],
        )
        for row in ranking_rows(summary, ranked, least_compared=2)
    ]
    return ReportTable(
        f"Rankings of {level}s by system: mean, 95% interval, difference to the "
        "baseline",
        ["System", *map(short_name, ranked), "Unjudged in the top ten"],
        rows,
    )


def _unjudged(system: SystemSummary, level: Level) -> Cell:
    judged = system.all.get(f"{level} {JUDGED}")
    if not judged:
        return Cell(None)
    bounds = f"{1 - judged.high:.1%} to {1 - judged.low:.1%}"
    return Cell(f"{1 - judged.mean:.1%}", (bounds,))


def by_group(
    caption: str,
    column: str,
    groups: Mapping[str, Means],
    names: Mapping[str, str],
    worst: Mapping[str, WorstGroup],
) -> ReportTable:
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
        is_worst = measure in worst and worst[measure].group == group
        return Cell(groups[group].get(measure), ("▼ lowest",) if is_worst else ())

    rows = []
    for group, means in groups.items():
        size = max((means[m].n for m in measures if m in means), default=0)
        cells = [cell(group, measure) for measure in measures]
        rows.append(Row(names[group], [Cell(str(size)), *cells]))
    return ReportTable(
        caption,
        [column, "Questions", *map(_with_level, measures)],
        rows,
    )


def _with_level(measure: str) -> str:
    level = measure.partition(" ")[0]
    return f"{short_name(measure)}, {level}s" if level in LEVELS else measure


def define_answers(means: Means) -> ReportTable:
    """Return each answer measure of one system with what it means."""
    rows = [
        Row(
            name,
            [
                Cell(means.get(name)),
                Cell(str(means[name].n) if name in means else "0"),
                Cell(definition),
            ],
        )
        for name, definition in ANSWER_MEASURES.items()
    ]
    columns = ["Measure", "Value", "Questions", "Definition"]
    return ReportTable(
        "Answers: value with 95% interval, and definition", columns, rows
    )


def compare_answers(summary: RunSummary) -> ReportTable:
    """Return the answer measures of every system that answers."""
    rows = [
        Row(
            name,
            [
                *(Cell(summary.systems[name].all.get(m)) for m in ANSWER_MEASURES),
                Cell(f"{answers.source_languages.cited:.1%}"),
                Cell(f"{answers.statements_shown:.1f}"),
            ],
        )
        for name, answers in summary.answering.items()
    ]
    extra = ["Sources not in English", "Statements shown"]
    return ReportTable(
        "Answers by system: mean and 95% interval",
        ["System", *ANSWER_MEASURES, *extra],
        rows,
    )


def without_twins(means: Means, without: Means) -> ReportTable:
    """Return measures of one system with and without questions with a near twin."""
    measures = [measure for measure in _WITHOUT_TWINS if measure in without]
    return ReportTable(
        "All questions, and those without a near twin: mean and 95% interval",
        ["Measure", "All", "Without near twins"],
        renamed(measure_rows(measures, means, without), _with_level),
    )


def calibration(bins: Sequence[ReliabilityBin]) -> ReportTable:
    """Return the confidence of groups of questions, and how many have an answer."""
    return ReportTable(
        "Confidence and answers, by group of questions of like confidence",
        ["Mean confidence", "Share with an answer", "Questions"],
        [
            Row(
                f"{one.confidence:.3f}",
                [Cell(f"{one.answerable:.1%}"), Cell(str(one.n))],
            )
            for one in bins
        ],
    )


def both_errors(
    caption: str, column: str, groups: Mapping[str, Refusals], names: Mapping[str, str]
) -> ReportTable:
    """Return wrong refusals and wrong answers by group of questions.

    Args:
        caption: The table's caption.
        column: What the groups are.
        groups: Counts by group.
        names: The groups' names as readers know them, where they differ.
    """
    return ReportTable(
        caption,
        [column, "Wrongly refused", "Wrongly answered"],
        renamed(refusal_rows(groups), lambda group: names.get(group, group)),
    )


def wrong_answers(refusals: Refusals) -> ReportTable:
    """Return one system's answers to questions that have none, by kind."""
    shares = {kind: refusals.answered_of(kind) for kind in refusals.unanswerable}
    shares["All kinds"] = refusals.answered
    return ReportTable(
        "Wrongly answered, by kind of question",
        ["Kind", "Wrongly answered"],
        [Row(name, [Cell(_in_a_line(share))]) for name, share in shares.items()],
    )


def _in_a_line(share: Share) -> str:
    """Return ``3 of 12 (25.0%)``; no percentage of nothing."""
    percent = "" if share.rate is None else f" ({share.rate:.1%})"
    return f"{share.part} of {share.whole}{percent}"


def count_refusals(answering: Mapping[str, AnswerSummary]) -> ReportTable:
    """Return both errors of every system that answers."""
    kinds = _union(answers.refusals.unanswerable for answers in answering.values())

    def row(name: str, refusals: Refusals) -> Row:
        by_kind = [refusals.answered_of(kind) for kind in kinds]
        shares = [refusals.refused, *by_kind, refusals.answered]
        return Row(name, [Cell(share) for share in shares])

    return ReportTable(
        "Wrong refusals, and wrong answers by kind of question without an answer",
        ["System", "Wrongly refused", *kinds, "Wrongly answered, all kinds"],
        [row(name, answers.refusals) for name, answers in answering.items()],
    )


def curve(points: Sequence[CurvePoint]) -> ReportTable:
    """Return both error rates at some of the thresholds."""
    kinds = _union(point.wrong_answer_rates for point in points)

    def row(point: CurvePoint) -> Row:
        wrong = [point.wrong_answer_rates[kind] for kind in kinds]
        rates = [point.false_refusal_rate, *wrong]
        return Row(f"{point.threshold:.2f}", [Cell(f"{rate:.1%}") for rate in rates])

    return ReportTable(
        "Errors by threshold of confidence",
        ["Threshold", "Wrongly refused", *kinds],
        [row(point) for point in points[::_CURVE_STEP]],
    )


def speed(systems: Mapping[str, SystemSummary]) -> ReportTable:
    """Return p50 and p95 of every stage that a system names."""
    times = [system.speed_ms for system in systems.values()]
    # The first stage is the whole; systems name it differently.
    stages = _union([[stage for one in times for stage in list(one)[:1]], *times])
    return ReportTable(
        "Milliseconds by system and stage: p50, and p95 below it",
        ["System", *stages],
        [
            Row(name, [Cell(system.speed_ms.get(stage, _NOTHING)) for stage in stages])
            for name, system in systems.items()
        ],
    )


def _union(names: Iterable[Iterable[str]]) -> list[str]:
    """Return every name once, in the order of first sight."""
    return list(dict.fromkeys(name for some in names for name in some))
