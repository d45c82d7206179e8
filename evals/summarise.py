"""Measured runs and judgements to one summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from types import MappingProxyType

import numpy as np

from evals.answers import source_languages
from evals.calibration import confidences, measure_reliability
from evals.collection import Collection
from evals.measuring import MeasuredRun
from evals.qrels import RELEVANT, Judgements
from evals.questions import Question
from evals.ranking import JUDGED, PerQuestion
from evals.refusals import count_refusals, is_miss, refusal_curve, refusals_by
from evals.runs import Run, RunEntry
from evals.statistics import estimate, paired_p_value
from evals.summary import (
    NDCG,
    AnswerSummary,
    Means,
    Percentiles,
    QuestionCounts,
    RunConditions,
    RunSummary,
    SystemSummary,
    WorstGroup,
    WorstQuestion,
)

_WORST = 20
_NOT_BETTER_WHEN_HIGHER = (f"case {JUDGED}", f"passage {JUDGED}", "statements unjudged")
_FEW = 5
"""A language with fewer questions is no candidate for the worst."""


def summarise(
    measured: Sequence[MeasuredRun],
    judgements: Judgements,
    collection: Collection,
    *,
    baseline: str,
    conditions: RunConditions,
    twins: Mapping[str, str] = MappingProxyType({}),
) -> RunSummary:
    """Return one summary of runs over the same questions.

    Args:
        measured: At least one.
        judgements: Filed under the questions' own ids.
        collection: What was searched.
        baseline: The system that the others are compared with, if it is among them.
        conditions: What was run, and on what.
        twins: Of the questions with a near twin that was learnt from, its id.
    """
    questions = [entry.question for entry in measured[0].run.entries]
    reference = next((m for m in measured if m.run.system == baseline), None)
    answering = next((m for m in measured if m.run.has_answers), None)

    def summary_of(one: MeasuredRun) -> SystemSummary:
        by_language = _by(questions, one.values, lambda question: question.lang)
        apart = [q for q in questions if q.qid not in twins] if twins else []
        return SystemSummary(
            all=_means(questions, one.values),
            by_language=by_language,
            worst_language=_worst_group(by_language, one.values),
            by_theme=_by(questions, one.values, lambda question: question.theme),
            by_kind=_by(questions, one.values, lambda question: question.kind),
            without_near_twins=_means(apart, one.values),
            p_values=_p_values(questions, one, reference),
            answers=_answers(one.run, judgements, collection),
            speed_ms=_speed(one.run),
        )

    return RunSummary(
        **asdict(conditions),
        date=datetime.now(UTC).replace(microsecond=0),
        questions=_count_questions(questions),
        near_twins=dict(twins),
        baseline=baseline if reference else None,
        systems={one.run.system: summary_of(one) for one in measured},
        worst_questions=_worst(answering, judgements) if answering else [],
    )


def _count_questions(questions: Sequence[Question]) -> QuestionCounts:
    answerable = sum(question.is_answerable for question in questions)
    return QuestionCounts(
        all=len(questions),
        answerable=answerable,
        unanswerable=len(questions) - answerable,
        information_needs=len({question.judged_as for question in questions}),
        languages=sorted({question.lang for question in questions}),
    )


def _by(
    questions: Sequence[Question],
    values: PerQuestion,
    group_of: Callable[[Question], str],
) -> dict[str, Means]:
    """Return the means of each group that has answerable questions, by name."""
    groups = sorted({group_of(q) for q in questions if q.is_answerable} - {""})
    return {
        group: _means([q for q in questions if group_of(q) == group], values)
        for group in groups
    }


def _means(questions: Iterable[Question], values: PerQuestion) -> Means:
    need_of = {question.qid: question.judged_as for question in questions}
    means = {
        name: estimate(
            {qid: v for qid, v in by_question.items() if qid in need_of}, need_of
        )
        for name, by_question in values.items()
    }
    return {name: mean for name, mean in means.items() if mean}


def _worst_group(
    groups: Mapping[str, Means], measures: Iterable[str]
) -> dict[str, WorstGroup]:
    """Return, by measure, the group with the lowest mean among those of some size."""
    worst = {}
    for name in measures:
        found = [
            WorstGroup(group, means[name].mean)
            for group, means in groups.items()
            if name in means and means[name].n >= _FEW
        ]
        if found and name not in _NOT_BETTER_WHEN_HIGHER:
            worst[name] = min(found, key=lambda one: (one.mean, one.group))
    return worst


def _p_values(
    questions: Sequence[Question], one: MeasuredRun, reference: MeasuredRun | None
) -> dict[str, float]:
    """Return the significance of each difference to the baseline."""
    if reference is None or one is reference:
        return {}
    need_of = {question.qid: question.judged_as for question in questions}
    return {
        name: paired_p_value(by_question, reference.values[name], need_of)
        for name, by_question in one.values.items()
        if name in reference.values and not name.endswith(str(JUDGED))
    }


def _answers(
    run: Run, judgements: Judgements, collection: Collection
) -> AnswerSummary | None:
    if not run.has_answers:
        return None
    answerable = {e.question.qid: e.question.is_answerable for e in run.entries}
    lengths = [
        len(answer.statements)
        for entry in run.entries
        if (answer := entry.response.answer) and not answer.abstained
    ]
    return AnswerSummary(
        refusals=count_refusals(run),
        refusals_by_kind=refusals_by(run, lambda question: question.kind),
        refusals_by_language=refusals_by(run, lambda question: question.lang),
        calibration=measure_reliability(confidences(run), answerable),
        curve=refusal_curve(run),
        source_languages=source_languages(run, judgements, collection),
        statements_shown=float(np.mean(lengths or [0])),
    )


def _speed(run: Run) -> dict[str, Percentiles]:
    """Return the times of the whole and of each stage."""
    whole = "search and answer" if run.has_answers else "search"
    stages = {whole: [entry.ms for entry in run.entries]}
    for entry in run.entries:
        for stage, ms in entry.response.timings_ms.items():
            stages.setdefault(stage, []).append(ms)
    return {
        stage: Percentiles(*map(float, np.percentile(times, [50, 95])))
        for stage, times in stages.items()
    }


def _worst(measured: MeasuredRun, judgements: Judgements) -> list[WorstQuestion]:
    """Return the questions that went worst: wrong refusals and answers, then rank."""
    values = measured.values.get(NDCG, {})

    def order(entry: RunEntry) -> tuple[bool, float, str]:
        qid = entry.question.qid
        missed = is_miss(entry, _right_cases(judgements, qid))
        return not missed, values.get(qid, 1.0), qid

    def described(entry: RunEntry) -> WorstQuestion:
        question, answer = entry.question, entry.response.answer
        return WorstQuestion(
            qid=question.qid,
            lang=question.lang,
            kind=question.kind,
            text=question.text,
            abstained=bool(answer and answer.abstained),
            reason=answer.reason if answer else "",
            value=values.get(question.qid),
            found=entry.response.cases[:5],
            wanted=sorted(_right_cases(judgements, question.qid)),
        )

    answerable = [e for e in measured.run.entries if e.question.is_answerable]
    return [described(entry) for entry in sorted(answerable, key=order)[:_WORST]]


def _right_cases(judgements: Judgements, qid: str) -> set[str]:
    grades = judgements.cases.get(qid, {})
    return {case_id for case_id, grade in grades.items() if grade >= RELEVANT}
