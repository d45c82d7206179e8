"""What the terminal shows of problems and reports, as plain text."""

from __future__ import annotations

from ingest.report import IngestReport
from kb.embed import ENGLISH_ONLY_WARNING
from kb.types import Problem


def problem_text(problem: Problem) -> str:
    """Return a problem as one line: place, severity, rule, reason, remedy."""
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    return (
        f"{place}: {problem.severity} [{problem.rule}] "
        f"{problem.reason} {problem.remedy}"
    )


def report_text(report: IngestReport) -> str:
    """Return what an ingestion did: a line for each file left out, then the counts."""
    lines = [f"left out: {problem_text(problem)}" for problem in report.rejected]
    if report.counts is None:
        return "\n".join([*lines, "Nothing was published: no file could be used."])
    counts = report.counts
    lines.append(
        f"{'Already up to date' if report.unchanged else 'Published'}: "
        f"{counts.cases} cases of {counts.cities} cities, "
        f"{counts.passages} passages, {counts.statements} statements, "
        f"{counts.open_questions} open questions. "
        f"{report.embedded} vectors computed, {report.from_cache} from the cache; "
        f"{report.seconds:.1f} s."
    )
    if not report.multilingual:
        lines.append(f"Warning: {ENGLISH_ONLY_WARNING}")
    return "\n".join(lines)
