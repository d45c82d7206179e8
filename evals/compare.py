"""Two runs over the same questions: what differs, and which questions are won."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evals.errors import QuestionSetError
from evals.results import QuestionResult
from evals.statistics import paired_p_value
from evals.summary import NDCG

Results = dict[str, QuestionResult]
"""By question id."""

_NOTICEABLE = 0.05
"""A question is won or lost when the headline measure moves by more than this."""


@dataclass(frozen=True)
class Difference:
    """One measure of two runs, over the questions that both have it for."""

    measure: str
    a: float
    b: float
    p_value: float
    n: int


@dataclass(frozen=True)
class Changed:
    """A question that the second run does better or worse."""

    qid: str
    text: str
    a: str
    b: str


@dataclass(frozen=True)
class Comparison:
    """Everything that two runs differ in."""

    differences: list[Difference]
    won: list[Changed]
    lost: list[Changed]


def compare(a: Iterable[QuestionResult], b: Iterable[QuestionResult]) -> Comparison:
    """Compare two runs on the questions that they share.

    Raises:
        QuestionSetError: They share none.
    """
    of_a = {result.qid: result for result in a}
    of_b = {result.qid: result for result in b if result.qid in of_a}
    of_a = {qid: result for qid, result in of_a.items() if qid in of_b}
    if not of_a:
        raise QuestionSetError(
            "the two results share no question.", "Compare runs over the same set."
        )
    names = sorted({name for result in of_a.values() for name in result.measures})
    differences = [_difference(name, of_a, of_b) for name in names]
    gains = {qid: _gain(of_a[qid], of_b[qid]) for qid in of_a}

    def changed(qids: Iterable[str]) -> list[Changed]:
        return [
            Changed(qid, of_a[qid].text, _did(of_a[qid]), _did(of_b[qid]))
            for qid in qids
        ]

    return Comparison(
        [difference for difference in differences if difference],
        won=changed(qid for qid, gain in gains.items() if gain > _NOTICEABLE),
        lost=changed(qid for qid, gain in gains.items() if gain < -_NOTICEABLE),
    )


def _difference(name: str, of_a: Results, of_b: Results) -> Difference | None:
    """Return how a measure differs; None where no question has it in both runs."""
    common = [
        qid for qid in of_a if name in of_a[qid].measures and name in of_b[qid].measures
    ]
    if not common:
        return None
    a, b = (
        {qid: results[qid].measures[name] for qid in common} for results in (of_a, of_b)
    )
    return Difference(
        measure=name,
        a=sum(a.values()) / len(common),
        b=sum(b.values()) / len(common),
        p_value=paired_p_value(b, a, {qid: of_a[qid].need for qid in common}),
        n=len(common),
    )


def _gain(a: QuestionResult, b: QuestionResult) -> float:
    """Return what a question gained: a right refusal or answer counts like a rank."""
    return sum(
        b.measures[name] - a.measures[name]
        for name in (NDCG, "decided rightly")
        if name in a.measures and name in b.measures
    )


def _did(result: QuestionResult) -> str:
    if result.answer and result.answer.abstained:
        return f"refused ({result.answer.reason_code})"
    first = result.cases[0] if result.cases else "nothing"
    value = result.measures.get(NDCG)
    return first if value is None else f"{first} ({NDCG} {value:.2f})"
