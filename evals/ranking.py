"""Measures of a ranking, question by question, by way of ir-measures."""

from __future__ import annotations

import ir_measures
from ir_measures import RR, Judged, Measure, P, Qrel, R, ScoredDoc, Success, nDCG

from evals.qrels import RELEVANT, Judgements, Qrels
from evals.runs import LEVELS, Level, Run

MEASURES: tuple[Measure, ...] = (
    nDCG @ 10,
    R(rel=RELEVANT) @ 5,
    R(rel=RELEVANT) @ 10,
    RR(rel=RELEVANT) @ 10,
    P(rel=1) @ 5,
    Success(rel=RELEVANT) @ 5,
)
"""nDCG weighs grades 1 and 2; Recall, RR and Success ask for grade 2, P for 1 or 2."""
JUDGED = Judged @ 10

PerQuestion = dict[str, dict[str, float]]
"""Value by measure and question id."""


def qrels_at(judgements: Judgements, level: Level) -> Qrels:
    """Return the judgements of a level, of questions with something relevant."""
    qrels = judgements.cases if level == "case" else judgements.passages
    return {
        qid: grades
        for qid, grades in qrels.items()
        if any(grade >= RELEVANT for grade in grades.values())
    }


def measure_ranking(run: Run, judgements: Judgements) -> PerQuestion:
    """Return every measure of a run, named like ``case nDCG@10``.

    A question that is judged but found nothing counts as 0. Questions without an answer
    have no place in the measures of a ranking, and neither have levels that the system
    does not rank.
    """
    values: PerQuestion = {}
    for level in LEVELS:
        if not run.ranks(level):
            continue
        answerable = {e.question.qid for e in run.entries if e.question.is_answerable}
        qrels = {
            qid: grades
            for qid, grades in qrels_at(judgements, level).items()
            if qid in answerable
        }
        for measure, by_question in _calculate(run, qrels, level).items():
            values[f"{level} {measure}"] = by_question
    return values


def _calculate(run: Run, qrels: Qrels, level: Level) -> PerQuestion:
    judged = [
        Qrel(qid, doc_id, grade)
        for qid, grades in qrels.items()
        for doc_id, grade in grades.items()
    ]
    scored = [
        ScoredDoc(entry.question.qid, doc_id, 1 / rank)
        for entry in run.entries
        for rank, doc_id in enumerate(entry.ranking(level), start=1)
    ]
    values: PerQuestion = {
        str(measure): dict.fromkeys(qrels, 0.0) for measure in (*MEASURES, JUDGED)
    }
    if judged and scored:
        for metric in ir_measures.iter_calc([*MEASURES, JUDGED], judged, scored):
            values[str(metric.measure)][metric.query_id] = float(metric.value)
    return values
