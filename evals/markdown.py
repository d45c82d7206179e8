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
    "citation precision",
    "citation recall",
    "citation support",
    "cities covered",
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
        parts += [_languages(system), _answers(system), _refusals(system)]
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


def _languages(system: dict[str, Any]) -> str:
    rows = [
        [language, str(means[_BY_LANGUAGE[0]]["n"]), *_means(means, _BY_LANGUAGE)]
        for language, means in system["by_language"].items()
        if _BY_LANGUAGE[0] in means
    ]
    return _table(["language", "questions", *_BY_LANGUAGE], rows) if rows else ""


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
