"""A run with all its measures."""

from __future__ import annotations

from dataclasses import dataclass

from evals.answers import measure_answers
from evals.collection import Collection
from evals.qrels import Judgements
from evals.ranking import PerQuestion, measure_ranking
from evals.refusals import decided_rightly
from evals.runs import Run


@dataclass(frozen=True)
class MeasuredRun:
    """A run, and how good it was question by question."""

    run: Run
    values: PerQuestion
    """Of rankings and, where the system answers, of answers and decisions."""


def measure(run: Run, judgements: Judgements, collection: Collection) -> MeasuredRun:
    """Measure a run.

    Args:
        run: Of any system.
        judgements: Filed under the questions' own ids.
        collection: What was searched.
    """
    values = measure_ranking(run, judgements)
    if run.has_answers:
        values |= measure_answers(run, judgements, collection)
        values["decided rightly"] = decided_rightly(run)
    return MeasuredRun(run, values)
