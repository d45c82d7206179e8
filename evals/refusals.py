"""Refusals: wrongly answered and wrongly refused questions, always both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.questions import UNANSWERABLE, Question
from evals.runs import Outcome, Run

_STEPS = 101


@dataclass(frozen=True)
class Refusals:
    """How often a system answers what it should refuse, and the other way round."""

    false_refusals: int
    answerable: int
    wrongly_answered: dict[str, int]
    """Answered questions without an answer, by kind."""
    unanswerable: dict[str, int]
    """How many there are, by kind."""


@dataclass(frozen=True)
class CurvePoint:
    """What a threshold of confidence would do, if it alone decided."""

    threshold: float
    false_refusal_rate: float
    wrong_answer_rates: dict[str, float]
    """By kind of unanswerable question."""


def count_refusals(run: Run) -> Refusals:
    """Count both errors."""
    answerable = [o for o in run.outcomes if o.question.is_answerable]
    return Refusals(
        false_refusals=sum(_refused(o) for o in answerable),
        answerable=len(answerable),
        wrongly_answered={
            kind: sum(not _refused(o) for o in outcomes)
            for kind, outcomes in _by_kind(run).items()
        },
        unanswerable={kind: len(outcomes) for kind, outcomes in _by_kind(run).items()},
    )


def refusals_by(run: Run, group_of: Callable[[Question], str]) -> dict[str, Refusals]:
    """Count both errors in each group of questions, the groups in order of name.

    Args:
        run: What was asked.
        group_of: Returns a question's group; the empty one is left out.
    """
    groups = sorted({group_of(o.question) for o in run.outcomes} - {""})
    return {
        group: count_refusals(
            Run(run.system, [o for o in run.outcomes if group_of(o.question) == group])
        )
        for group in groups
    }


def decided_rightly(run: Run) -> dict[str, float]:
    """Return 1 or 0 by question id: answered if answerable, else refused."""
    return {
        outcome.question.qid: float(_refused(outcome) != outcome.question.is_answerable)
        for outcome in run.outcomes
        if outcome.found.answer
    }


def refusal_curve(run: Run) -> list[CurvePoint]:
    """Return both error rates for thresholds of confidence from 0 to 1."""
    answerable = [_confidence(o) for o in run.outcomes if o.question.is_answerable]
    by_kind = {
        kind: [_confidence(o) for o in outcomes]
        for kind, outcomes in _by_kind(run).items()
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


def is_miss(outcome: Outcome, right_cases: set[str]) -> bool:
    """Say whether an outcome is wrong: a refusal, an answer or the cases found."""
    if outcome.found.answer and _refused(outcome) == outcome.question.is_answerable:
        return True
    if not outcome.question.is_answerable or not right_cases:
        return False
    return not right_cases & set(outcome.found.cases[:5])


def _by_kind(run: Run) -> dict[str, list[Outcome]]:
    found = {
        kind: [o for o in run.outcomes if o.question.kind == kind]
        for kind in UNANSWERABLE
    }
    return {kind: outcomes for kind, outcomes in found.items() if outcomes}


def _refused(outcome: Outcome) -> bool:
    return outcome.found.answer is not None and outcome.found.answer.abstained


def _confidence(outcome: Outcome) -> float:
    return outcome.found.answer.confidence if outcome.found.answer else 1.0


def _rate(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
