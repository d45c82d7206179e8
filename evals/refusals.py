"""Refusals: wrongly answered and wrongly refused questions, always both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evals.questions import UNANSWERABLE, Question
from evals.runs import Run, RunEntry
from evals.summary import CurvePoint, Refusals

_STEPS = 101


def count_refusals(run: Run) -> Refusals:
    """Count both errors."""
    answerable = [e for e in run.entries if e.question.is_answerable]
    return Refusals(
        false_refusals=sum(_refused(e) for e in answerable),
        answerable=len(answerable),
        wrongly_answered={
            kind: sum(not _refused(e) for e in entries)
            for kind, entries in _by_kind(run).items()
        },
        unanswerable={kind: len(entries) for kind, entries in _by_kind(run).items()},
    )


def refusals_by(run: Run, group_of: Callable[[Question], str]) -> dict[str, Refusals]:
    """Count both errors in each group of questions, the groups in order of name.

    Args:
        run: What was asked.
        group_of: Returns a question's group; the empty one is left out.
    """
    groups = sorted({group_of(e.question) for e in run.entries} - {""})
    return {
        group: count_refusals(
            Run(run.system, [e for e in run.entries if group_of(e.question) == group])
        )
        for group in groups
    }


def decided_rightly(run: Run) -> dict[str, float]:
    """Return 1 or 0 by question id: answered if answerable, else refused."""
    return {
        entry.question.qid: float(_refused(entry) != entry.question.is_answerable)
        for entry in run.entries
        if entry.response.answer
    }


def refusal_curve(run: Run) -> list[CurvePoint]:
    """Return both error rates for thresholds of confidence from 0 to 1."""
    answerable = [_confidence(e) for e in run.entries if e.question.is_answerable]
    by_kind = {
        kind: [_confidence(e) for e in entries]
        for kind, entries in _by_kind(run).items()
    }
    thresholds = [step / (_STEPS - 1) for step in range(_STEPS)]
    return [
        CurvePoint(
            threshold,
            _rate([confidence < threshold for confidence in answerable]),
            {
                kind: _rate([confidence >= threshold for confidence in confidences])
                for kind, confidences in by_kind.items()
            },
        )
        for threshold in thresholds
    ]


def is_miss(entry: RunEntry, right_cases: set[str]) -> bool:
    """Say whether an entry is wrong: a refusal, an answer or the cases found."""
    if entry.response.answer and _refused(entry) == entry.question.is_answerable:
        return True
    if not entry.question.is_answerable or not right_cases:
        return False
    return not right_cases & set(entry.response.cases[:5])


def _by_kind(run: Run) -> dict[str, list[RunEntry]]:
    found = {
        kind: [e for e in run.entries if e.question.kind == kind]
        for kind in UNANSWERABLE
    }
    return {kind: entries for kind, entries in found.items() if entries}


def _refused(entry: RunEntry) -> bool:
    return entry.response.answer is not None and entry.response.answer.abstained


def _confidence(entry: RunEntry) -> float:
    return entry.response.answer.confidence if entry.response.answer else 1.0


def _rate(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
