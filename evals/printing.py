"""What the `mentorkb eval` commands print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from evals.summary import AnswerSummary, RunSummary

if TYPE_CHECKING:
    from evals.compare import Comparison
    from evals.figure_reading import FigureReading
    from evals.gate import Check


def print_summary(summary: RunSummary) -> None:
    """Print each system's measures, errors and times."""
    for name, system in summary.systems.items():
        typer.echo(f"\n{name}")
        for measure, found in system.all.items():
            worst = system.worst_language.get(measure)
            typer.echo(
                f"  {measure:24} {found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]"
                + (f"  worst language {worst.group} {worst.mean:.3f}" if worst else "")
            )
        if system.answers:
            _print_answers(system.answers)
        if system.without_near_twins:
            n = len(summary.near_twins)
            typer.echo(f"  {n} near twins of learnt questions; see the report")
        for stage, times in system.speed_ms.items():
            typer.echo(f"  {stage:24} p50 {times.p50:.0f} ms, p95 {times.p95:.0f} ms")


def _print_answers(answers: AnswerSummary) -> None:
    refused = answers.refusals.refused
    typer.echo(f"  {'false refusals':24} {refused.part} of {refused.whole}")
    for kind in answers.refusals.wrongly_answered:
        answered = answers.refusals.answered_of(kind)
        typer.echo(f"  answered, {kind:15} {answered.part} of {answered.whole}")
    if answers.calibration:
        typer.echo(f"  {'calibration error':24} {answers.calibration.error:.3f}")


def print_checks(checks: Sequence[Check]) -> None:
    """Print each measure of the gate, before and now."""
    for check in checks:
        verdict = "WORSE" if check.is_worse else "ok"
        typer.echo(
            f"{check.set_name:10} {check.measure:24} "
            f"{check.before:.3f} -> {check.now:.3f}  p = {check.p_value:.3f}  {verdict}"
        )


def print_comparison(comparison: Comparison) -> None:
    """Print what differs, then the questions won and lost."""
    for d in comparison.differences:
        typer.echo(
            f"{d.measure:24} {d.a:.3f} -> {d.b:.3f}  {d.b - d.a:+.3f}  "
            f"p = {d.p_value:.3f}  n = {d.n}"
        )
    for title, changed in (("Won", comparison.won), ("Lost", comparison.lost)):
        typer.echo(f"\n{title}: {len(changed)}")
        for item in changed:
            typer.echo(f"  {item.qid} {item.text!r}: {item.a} -> {item.b}")


def figure_reading_record(reading: FigureReading) -> dict[str, Any]:
    """Return how figures were read as one JSON object."""
    groups = [
        {
            **asdict(group),
            "precision": group.precision,
            "recall": group.recall,
            "kind": group.kind,
        }
        for group in reading.groups
    ]
    return {
        "groups": groups,
        "misread": [asdict(outcome) for outcome in reading.misread],
        "unjudged": [asdict(outcome) for outcome in reading.unjudged],
    }


def print_figure_reading(reading: FigureReading) -> None:
    """Print a line for each group: precision, recall, kind, and the counts of them."""
    width = max(len(group.group) for group in reading.groups)
    typer.echo(
        f"{'':{width}} listed  right  wrong unlisted judged right  "
        "precision recall  kind"
    )
    for group in reading.groups:
        shares = (group.precision, group.recall, group.kind)
        typer.echo(
            f"{group.group:{width}} {group.listed:6} {group.right:6} {group.wrong:6} "
            f"{group.unlisted:8} {group.judged:6} {group.judged_right:5}  "
            + "  ".join(
                "    -" if share is None else f"{share:.3f}" for share in shares
            )
        )
