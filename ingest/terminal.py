"""What the terminal shows of problems and reports, as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.publishing import Rollback
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


def findings_text(
    problems: Sequence[Problem], counts: Mapping[str, int], n_files: int | None
) -> str:
    """Return what a check has found, and in how many files if not in all."""
    told = ", ".join(f"{count} {name}s" for name, count in counts.items())
    where = "" if n_files is None else f" in {n_files} of the corpus's files"
    return "\n".join([*map(problem_text, problems), f"{told}{where}."])


def rollback_text(step: Rollback) -> str:
    """Return which index was left for which, and how to go on."""
    taken = step.taken
    further = (
        f"`mentorkb rollback` can step back further {step.older} times. "
        if step.older > 1
        else "`mentorkb rollback` can step back once more. "
        if step.older
        else "It is the oldest that is kept. "
    )
    passed = "".join(
        f"Passed over: generation {name}, because {reason}\n"
        for name, reason in step.passed.items()
    )
    return (
        f"{passed}Published again: the index of {taken.created_at} with "
        f"{taken.counts.cases} cases (generation {taken.generation}), in place of "
        f"generation {step.left}. {further}The next `mentorkb ingest` reads the corpus "
        "anew, so correct it first."
    )


def report_text(report: IngestReport) -> str:
    """Return what an ingestion did: each file that is new or gone, then the counts."""
    lines = [f"left out: {problem_text(problem)}" for problem in report.rejected]
    lines += [f"warning: {problem_text(problem)}" for problem in report.warnings]
    lines += [f"to confirm: {problem_text(problem)}" for problem in report.to_confirm]
    news = [o for o in report.outcomes if o.state in ("added", "changed", "removed")]
    lines += [
        f"{outcome.state}: {outcome.path}"
        + (f" ({outcome.seconds:.1f} s)" if outcome.state != "removed" else "")
        for outcome in news[:_MOST_LISTED]
    ]
    if len(news) > _MOST_LISTED:
        lines.append(f"… and {len(news) - _MOST_LISTED} more.")
    if report.damage:
        lines.append(f"Built again, because it was damaged: {report.damage}")
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
