"""The report's main tables as Markdown, for a README or a memo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evals.rows import Cell, Row, measure_rows, ranking_rows, refusal_rows
from evals.summary import (
    AnswerSummary,
    Estimate,
    Means,
    Percentiles,
    Refusals,
    RunSummary,
    Share,
    SystemSummary,
)

_NOTHING = "–"

_RANKINGS = (
    "case Success(rel=2)@5",
    "case R(rel=2)@5",
    "case R(rel=2)@10",
    "case nDCG@10",
    "case RR(rel=2)@10",
    "case P@5",
    "passage R(rel=2)@5",
    "passage nDCG@10",
    "passage RR(rel=2)@10",
    "passage P@5",
)
_BY_LANGUAGE = (
    "case Success(rel=2)@5",
    "case R(rel=2)@5",
    "case nDCG@10",
    "passage nDCG@10",
)
_ANSWERS = (
    "must-hold recall",
    "must-hold in passages",
    "statement precision",
    "statement recall",
    "first statement answers",
    "citation precision",
    "citation recall",
    "citation support",
    "cities covered",
    "named cities answered",
    "parts answered",
)
_BY_KIND = (
    "must-hold recall",
    "citation recall",
    "statement recall",
    "first statement answers",
)


def tables(summary: RunSummary) -> str:
    """Return tables of systems, languages, answers, refusals and speed."""
    questions = summary.questions
    parts = [
        f"Set `{summary.set}`, {questions.answerable} answerable and "
        f"{questions.unanswerable} unanswerable questions, "
        f"{summary.date:%Y-%m-%d}, `{summary.command}`.",
        _rankings(summary),
    ]
    for name, answers in list(summary.answering.items())[:1]:
        system = summary.systems[name]
        parts += [
            _groups("language", system.by_language, _BY_LANGUAGE),
            _groups("kind", system.by_kind, _BY_KIND),
            _answers(system.all),
            _twins(system, len(summary.near_twins)),
            _refusals(answers.refusals),
            _refusals_by_language(answers),
        ]
        if answers.calibration:
            error = answers.calibration.error
            parts.append(f"Expected calibration error: {error:.3f}.")
    parts.append(_speed(summary))
    return "\n\n".join(part for part in parts if part) + "\n"


def _rankings(summary: RunSummary) -> str:
    systems = summary.systems.values()
    measures = [m for m in _RANKINGS if any(m in system.all for system in systems)]
    lines = [
        [row.header, *map(_mean, row.cells)] for row in ranking_rows(summary, measures)
    ]
    return _lines(["system", *measures], lines)


def _mean(cell: Cell) -> str:
    """Return the mean alone, the best one bold."""
    if not isinstance(cell.value, Estimate):
        return _NOTHING
    mean = f"{cell.value.mean:.3f}"
    return f"**{mean}**" if cell.is_best else mean


def _groups(what: str, groups: Mapping[str, Means], measures: Sequence[str]) -> str:
    first = measures[0]
    rows = [
        Row(group, [Cell(str(means[first].n)), *(Cell(means.get(m)) for m in measures)])
        for group, means in groups.items()
        if first in means
    ]
    return _table([what, "questions", *measures], rows)


def _answers(means: Means) -> str:
    measures = [measure for measure in _ANSWERS if measure in means]
    rows = measure_rows(measures, means)
    return _lines(["answers", "mean [95% interval]"], map(_line, rows))


def _twins(system: SystemSummary, n_twins: int) -> str:
    without = system.without_near_twins
    measures = [m for m in (*_BY_LANGUAGE, *_ANSWERS) if m in without]
    rows = measure_rows(measures, system.all, without)
    return _table(["measure", "all", f"without {n_twins} near twins"], rows)


def _refusals(refusals: Refusals) -> str:
    rows = [Row("answerable", [Cell("refused"), Cell(refusals.refused)])]
    for kind in refusals.wrongly_answered:
        answered = refusals.answered_of(kind)
        if answered.whole:
            rows.append(Row(kind, [Cell("answered"), Cell(answered)]))
    return _table(["questions", "wrongly", "n", "of", "share"], rows)


def _refusals_by_language(answers: AnswerSummary) -> str:
    headings = ["language", "wrongly refused", "of", "share"]
    headings += ["wrongly answered", "of", "share"]
    return _table(headings, refusal_rows(answers.refusals_by_language))


def _speed(summary: RunSummary) -> str:
    rows = [
        Row(name, [Cell(stage), Cell(times)])
        for name, system in summary.systems.items()
        for stage, times in system.speed_ms.items()
        if not name.startswith("ours-")
        and (stage.startswith("search") or system.answers)
    ]
    return _lines(["system", "stage", "p50 ms", "p95 ms"], map(_line, rows))


def _table(headings: Sequence[str], rows: Sequence[Row]) -> str:
    """Return a table; nothing without rows."""
    return _lines(headings, map(_line, rows)) if rows else ""


def _lines(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    whole = [headings, ["---"] * len(headings), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in whole)


def _line(row: Row) -> list[str]:
    return [row.header, *(text for cell in row.cells for text in _columns(cell))]


def _columns(cell: Cell) -> list[str]:
    """Return a value in as many columns as it needs."""
    match value := cell.value:
        case None:
            return [_NOTHING]
        case Estimate():
            return [f"{value.mean:.3f} [{value.low:.2f}, {value.high:.2f}]"]
        case Percentiles():
            return [f"{value.p50:.0f}", f"{value.p95:.0f}"]
        case Share():
            rate = _NOTHING if value.rate is None else f"{value.rate:.0%}"
            return [str(value.part), str(value.whole), rate]
    return [value]
