"""A knowledge base and a question set to measures of retrieval and refusals."""

from __future__ import annotations

import time
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, Measure, Qrel, R, ScoredDoc, Success, nDCG

from evals.questions import RELEVANT, Question
from kb import KnowledgeBase
from kb.types import Query

DEPTH = 10
MEASURES: tuple[Measure, ...] = (
    Success(rel=RELEVANT) @ 5,
    R @ 5,
    RR(rel=RELEVANT) @ 10,
    nDCG @ 10,
)


@dataclass(frozen=True)
class Outcome:
    """What the knowledge base did with one question."""

    question: Question
    cases: list[str]
    """Case ids of the best passages, best first, each once."""
    abstained: bool
    ask_ms: float


@dataclass(frozen=True)
class Summary:
    """Measures over a question set; None where no question of the kind exists."""

    n_answerable: int
    n_unanswerable: int
    measures: dict[str, float]
    """Mean over the answerable questions, by the measure's usual name, of cases."""
    false_refusals: int
    refusals: int
    """Unanswerable questions that were refused."""
    ask_ms_p50: float
    ask_ms_p95: float


def ask_all(kb: KnowledgeBase, questions: list[Question]) -> list[Outcome]:
    """Search and ask each question once; the first question is asked twice.

    The repetition keeps the time of loading the model out of the measured times.
    """
    if questions:
        kb.ask(Query(questions[0].text))
    outcomes = []
    for question in questions:
        query = Query(question.text, query_id=question.qid)
        hits = kb.search(query, DEPTH)
        started = time.perf_counter()
        answer = kb.ask(query)
        outcomes.append(
            Outcome(
                question=question,
                cases=list(dict.fromkeys(hit.case.case_id for hit in hits)),
                abstained=answer.abstained,
                ask_ms=(time.perf_counter() - started) * 1000,
            )
        )
    return outcomes


def summarise(outcomes: list[Outcome]) -> Summary:
    """Return the measures over all outcomes; a question without hits counts as 0.

    Raises:
        ValueError: ``outcomes`` is empty.
    """
    if not outcomes:
        raise ValueError("no outcomes to summarise")
    answerable = [o for o in outcomes if o.question.is_answerable]
    qrels = [
        Qrel(o.question.qid, case_id, grade)
        for o in answerable
        for case_id, grade in o.question.cases.items()
    ]
    run = [
        ScoredDoc(o.question.qid, case_id, -float(rank))
        for o in answerable
        for rank, case_id in enumerate(o.cases)
    ]
    measured = ir_measures.calc_aggregate(MEASURES, qrels, run) if qrels else {}
    times = np.array([o.ask_ms for o in outcomes])
    return Summary(
        n_answerable=len(answerable),
        n_unanswerable=len(outcomes) - len(answerable),
        measures={str(measure): float(value) for measure, value in measured.items()},
        false_refusals=sum(o.abstained for o in answerable),
        refusals=sum(o.abstained for o in outcomes if not o.question.is_answerable),
        ask_ms_p50=float(np.percentile(times, 50)),
        ask_ms_p95=float(np.percentile(times, 95)),
    )


def is_miss(outcome: Outcome) -> bool:
    """Say whether an outcome is wrong: a refusal, an answer or the cases found."""
    question = outcome.question
    if outcome.abstained == question.is_answerable:
        return True
    wanted = {c for c, grade in question.cases.items() if grade == RELEVANT}
    return question.is_answerable and not wanted & set(outcome.cases[:5])
