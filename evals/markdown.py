"""The report's main tables as Markdown, for a README or a memo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from evals.summary import Summary

_SHOWN = (
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


def tables(summary: Summary) -> str:
    """Return tables of systems, languages, answers, refusals and speed."""
    answering = [name for name, s in summary["systems"].items() if s["answers"]]
    parts = [
        f"Set `{summary['set']}`, {summary['questions']['answerable']} answerable and "
        f"{summary['questions']['unanswerable']} unanswerable questions, "
        f"{summary['date'][:10]}, `{summary['command']}`.",
        _systems(summary),
    ]
    if answering:
        system = summary["systems"][answering[0]]
        parts += [
            _groups("language", system["by_language"], _BY_LANGUAGE),
            _groups("kind", system["by_kind"], _BY_KIND),
            _answers(system),
            _twins(summary, system),
            _refusals(system),
            _refusals_by_language(system),
            _calibration(system),
        ]
    parts.append(_speed(summary))
    return "\n\n".join(part for part in parts if part) + "\n"


def _systems(summary: Summary) -> str:
    measures = [m for m in _SHOWN if any(m in s["all"] for s in _all(summary))]
    best = {
        m: max(s["all"][m]["mean"] for s in _all(summary) if m in s["all"])
        for m in measures
    }
    rows = [
        [name, *(_cell(system, m, best[m]) for m in measures)]
        for name, system in summary["systems"].items()
    ]
    return _table(["system", *measures], rows)


def _all(summary: Summary) -> Iterable[dict[str, Any]]:
    return list(summary["systems"].values())


def _cell(system: dict[str, Any], measure: str, best: float) -> str:
    if measure not in system["all"]:
        return "–"
    value = system["all"][measure]["mean"]
    # Bold marks what is best as printed, so that equal figures look equal.
    shown = f"{value:.3f}"
    return f"**{shown}**" if shown == f"{best:.3f}" else shown


def _groups(what: str, groups: dict[str, Any], measures: Sequence[str]) -> str:
    rows = [
        [group, str(means[measures[0]]["n"]), *_means(means, measures)]
        for group, means in groups.items()
        if measures[0] in means
    ]
    return _table([what, "questions", *measures], rows) if rows else ""


def _means(means: dict[str, Any], measures: Sequence[str]) -> list[str]:
    return [
        f"{means[m]['mean']:.3f} [{means[m]['low']:.2f}, {means[m]['high']:.2f}]"
        if m in means
        else "–"
        for m in measures
    ]


def _answers(system: dict[str, Any]) -> str:
    measures = [m for m in _ANSWERS if m in system["all"]]
    rows = [[m, *_means(system["all"], [m])] for m in measures]
    return _table(["answers", "mean [95% interval]"], rows)


def _twins(summary: Summary, system: dict[str, Any]) -> str:
    without = system["without_near_twins"]
    measures = [m for m in (*_BY_LANGUAGE, *_ANSWERS) if m in without]
    rows = [[m, *_means(system["all"], [m]), *_means(without, [m])] for m in measures]
    title = f"without {len(summary['near_twins'])} near twins"
    return _table(["measure", "all", title], rows) if rows else ""


def _refusals_by_language(system: dict[str, Any]) -> str:
    rows = [
        [
            language,
            *_share("false_refusals", "answerable", counted),
            *_share("answered", "unanswerable", _in_all(counted)),
        ]
        for language, counted in system["answers"]["refusals_by_language"].items()
    ]
    head = ["language", "wrongly refused", "of", "share"]
    head += ["wrongly answered", "of", "share"]
    return _table(head, rows) if rows else ""


def _in_all(counted: dict[str, Any]) -> dict[str, int]:
    return {
        "answered": sum(counted["wrongly_answered"].values()),
        "unanswerable": sum(counted["unanswerable"].values()),
    }


def _calibration(system: dict[str, Any]) -> str:
    calibration = system["answers"]["calibration"]
    if not calibration:
        return ""
    return f"Expected calibration error: {calibration['error']:.3f}."


def _refusals(system: dict[str, Any]) -> str:
    refusals = system["answers"]["refusals"]
    rows = [
        ["answerable", "refused", *_share("false_refusals", "answerable", refusals)]
    ]
    rows += [
        [kind, "answered", str(n), str(total), f"{n / total:.0%}"]
        for kind, n in refusals["wrongly_answered"].items()
        if (total := refusals["unanswerable"][kind])
    ]
    return _table(["questions", "wrongly", "n", "of", "share"], rows)


def _share(part: str, whole: str, counts: dict[str, int]) -> list[str]:
    n, total = counts[part], counts[whole]
    return [str(n), str(total), f"{n / total:.0%}" if total else "–"]


def _speed(summary: Summary) -> str:
    rows = [
        [name, stage, f"{times['p50']:.0f}", f"{times['p95']:.0f}"]
        for name, system in summary["systems"].items()
        for stage, times in system["speed_ms"].items()
        if stage.startswith("search") or system["answers"]
    ]
    shown = [row for row in rows if not row[0].startswith("ours-")]
    return _table(["system", "stage", "p50 ms", "p95 ms"], shown)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
