"""What the terminal shows of problems and reports, as plain text."""

from __future__ import annotations

from ingest.report import IngestReport
from kb.index.embed import ENGLISH_ONLY_WARNING
from kb.types import Problem

_MOST_LISTED = 20


def problem_text(problem: Problem) -> str:
    """Return a problem as one line: place, severity, rule, reason, remedy."""
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    return (
        f"{place}: {problem.severity} [{problem.rule}] "
        f"{problem.reason} {problem.remedy}"
    )


def report_text(report: IngestReport) -> str:
    """Return what an ingestion did: each file that is new or gone, then the counts."""
    lines = [f"left out: {problem_text(problem)}" for problem in report.rejected]
    lines += [f"warning: {problem_text(problem)}" for problem in report.warnings]
    news = [o for o in report.outcomes if o.state in ("added", "changed", "removed")]
    lines += [
        f"{outcome.state}: {outcome.path}"
        + (f" ({outcome.seconds:.1f} s)" if outcome.state != "removed" else "")
        for outcome in news[:_MOST_LISTED]
    ]
    if len(news) > _MOST_LISTED:
        lines.append(f"… and {len(news) - _MOST_LISTED} more.")
    counted = ", ".join(f"{n} {state}" for state, n in report.states.items())
    lines.append(f"{report.files} files: {counted}.")
    if report.counts is None:
        return "\n".join(
            [
                *lines,
                "Nothing was published: no file holds a statement that can be used.",
            ]
        )
    counts = report.counts
    lines.append(
        f"{'Already up to date' if report.unchanged else 'Published'}: "
        f"{counts.cases} cases of {counts.cities} cities, "
        f"{counts.passages} passages, {counts.statements} statements, "
        f"{counts.open_questions} open questions. "
        f"{report.embedded} vectors computed, {report.from_cache} from the cache."
    )
    steps = [
        f"{name} {seconds:.1f}" for name, seconds in report.seconds_by_step.items()
    ]
    of_which = f" ({', '.join(steps).lower()})" if steps else ""
    lines.append(f"{report.seconds:.1f} s{of_which}.")
    if not report.multilingual:
        lines.append(f"Warning: {ENGLISH_ONLY_WARNING}")
    return "\n".join(lines)
