"""Runs and judgements to one summary: what the report shows and scripts read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import numpy as np

from evals.answers import measure_answers, source_languages
from evals.calibration import calibrate, confidences
from evals.collection import Collection
from evals.qrels import RELEVANT, Judgements
from evals.questions import Question
from evals.ranking import JUDGED, PerQuestion, measure_ranking
from evals.refusals import (
    Refusals,
    count_refusals,
    decided_rightly,
    is_miss,
    refusal_curve,
    refusals_by,
)
from evals.runs import Outcome, Record, Run
from evals.statistics import estimate, paired_p_value
from kb.types import Answer

HEADLINE = "case nDCG@10"
"""The measure that orders the worst questions."""
_WORST = 20
_NOT_BETTER_WHEN_HIGHER = (f"case {JUDGED}", f"passage {JUDGED}", "statements unjudged")
_FEW = 5
"""A language or theme with fewer questions is no candidate for the worst."""

Summary = dict[str, Any]


def measure(run: Run, judgements: Judgements, collection: Collection) -> PerQuestion:
    """Return every measure of a run, by name and question id."""
    values = measure_ranking(run, judgements)
    if run.answers:
        values |= measure_answers(run, judgements, collection)
        values["decided rightly"] = decided_rightly(run)
    return values


def summarise(
    runs: Sequence[Run],
    judgements: Judgements,
    collection: Collection,
    *,
    baseline: str,
    about: Mapping[str, object],
    twins: Mapping[str, str] = MappingProxyType({}),
) -> Summary:
    """Return one JSON-ready summary of runs over the same questions.

    Args:
        runs: At least one.
        judgements: Filed under the questions' own ids.
        collection: What was searched.
        baseline: The system that the others are compared with, if it is among them.
        about: What was run: set, settings, model; kept as it is.
        twins: Of the questions with a near twin that was learnt from, its id.
    """
    questions = [outcome.question for outcome in runs[0].outcomes]
    measured = {run.system: measure(run, judgements, collection) for run in runs}
    reference = measured.get(baseline)
    answering = next((run for run in runs if run.answers), None)
    return {
        **about,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "questions": _count_questions(questions),
        "near_twins": dict(twins),
        "baseline": baseline if reference else None,
        "systems": {
            run.system: {
                **_tables(questions, measured[run.system]),
                "without_near_twins": _means(
                    [q for q in questions if q.qid not in twins], measured[run.system]
                )
                if twins
                else {},
                "p_values": _p_values(questions, measured[run.system], reference),
                "answers": _answers(run, judgements, collection),
                "speed_ms": _speed(run),
            }
            for run in runs
        },
        "worst_questions": _worst(answering, judgements, measured) if answering else [],
    }


def records(run: Run, values: PerQuestion) -> list[Record]:
    """Return what a system did with each question and how it was measured."""
    return [
        {
            "qid": outcome.question.qid,
            "need": outcome.question.judged_as,
            "lang": outcome.question.lang,
            "kind": outcome.question.kind,
            "text": outcome.question.text,
            "cases": outcome.found.cases[:10],
            "passages": outcome.found.passages[:10],
            "answer": _answer_record(outcome.found.answer),
            "measures": {
                name: by_question[outcome.question.qid]
                for name, by_question in values.items()
                if outcome.question.qid in by_question
            },
            "ms": round(outcome.ms, 2),
            "timings_ms": outcome.found.timings_ms,
        }
        for outcome in run.outcomes
    ]


def _answer_record(answer: Answer | None) -> Record | None:
    if answer is None:
        return None
    return {
        "abstained": answer.abstained,
        "reason_code": answer.reason_code,
        "confidence": answer.confidence,
        "statements": [citation.statement_id for citation in answer.citations],
    }


def _count_questions(questions: Sequence[Question]) -> dict[str, Any]:
    answerable = [question for question in questions if question.is_answerable]
    return {
        "all": len(questions),
        "answerable": len(answerable),
        "unanswerable": len(questions) - len(answerable),
        "information_needs": len({question.judged_as for question in questions}),
        "languages": sorted({question.lang for question in questions}),
    }


def _tables(questions: Sequence[Question], values: PerQuestion) -> dict[str, Any]:
    """Return the measures over all questions and over each language, theme and kind."""
    by_language = _by(questions, values, lambda question: question.lang)
    return {
        "all": _means(questions, values),
        "by_language": by_language,
        "worst_language": _worst_group(by_language, values),
        "by_theme": _by(questions, values, lambda question: question.theme),
        "by_kind": _by(questions, values, lambda question: question.kind),
    }


def _by(
    questions: Sequence[Question],
    values: PerQuestion,
    group_of: Callable[[Question], str],
) -> dict[str, Any]:
    groups = sorted({group_of(q) for q in questions if q.is_answerable} - {""})
    return {
        group: _means([q for q in questions if group_of(q) == group], values)
        for group in groups
    }


def _means(questions: Iterable[Question], values: PerQuestion) -> dict[str, Any]:
    need_of = {question.qid: question.judged_as for question in questions}
    means = {
        name: estimate(
            {qid: v for qid, v in by_question.items() if qid in need_of}, need_of
        )
        for name, by_question in values.items()
    }
    return {name: asdict(mean) for name, mean in means.items() if mean}


def _worst_group(groups: dict[str, Any], values: PerQuestion) -> dict[str, Any]:
    """Return, by measure, the group with the lowest mean among those of some size."""
    worst = {}
    for name in values:
        means = {
            group: means[name]["mean"]
            for group, means in groups.items()
            if name in means and means[name]["n"] >= _FEW
        }
        if means and name not in _NOT_BETTER_WHEN_HIGHER:
            group = min(means, key=lambda g: (means[g], g))
            worst[name] = {"group": group, "mean": means[group]}
    return worst


def _p_values(
    questions: Sequence[Question], values: PerQuestion, reference: PerQuestion | None
) -> dict[str, float]:
    """Return the significance of each difference to the baseline."""
    if reference is None or values is reference:
        return {}
    need_of = {question.qid: question.judged_as for question in questions}
    return {
        name: paired_p_value(by_question, reference[name], need_of)
        for name, by_question in values.items()
        if name in reference and not name.endswith(str(JUDGED))
    }


def _answers(
    run: Run, judgements: Judgements, collection: Collection
) -> dict[str, Any] | None:
    if not run.answers:
        return None
    truth = {o.question.qid: o.question.is_answerable for o in run.outcomes}
    calibration = calibrate(confidences(run), truth)
    return {
        "refusals": asdict(count_refusals(run)),
        "refusals_by_kind": _as_dicts(refusals_by(run, lambda q: q.kind)),
        "refusals_by_language": _as_dicts(refusals_by(run, lambda q: q.lang)),
        "calibration": asdict(calibration) if calibration else None,
        "curve": [asdict(point) for point in refusal_curve(run)],
        "source_languages": asdict(source_languages(run, judgements, collection)),
        "statements_shown": float(
            np.mean(
                [
                    len(o.found.answer.statements)
                    for o in run.outcomes
                    if o.found.answer and not o.found.answer.abstained
                ]
                or [0]
            )
        ),
    }


def _as_dicts(groups: Mapping[str, Refusals]) -> dict[str, Any]:
    return {group: asdict(counted) for group, counted in groups.items()}


def _speed(run: Run) -> dict[str, dict[str, float]]:
    """Return p50 and p95 of the whole and of each stage, in milliseconds."""
    stages: dict[str, list[float]] = {
        "search and answer" if run.answers else "search": [o.ms for o in run.outcomes]
    }
    for outcome in run.outcomes:
        for stage, ms in outcome.found.timings_ms.items():
            stages.setdefault(stage, []).append(ms)
    return {
        stage: {
            "p50": float(np.percentile(times, 50)),
            "p95": float(np.percentile(times, 95)),
        }
        for stage, times in stages.items()
    }


def _worst(
    run: Run, judgements: Judgements, measured: Mapping[str, PerQuestion]
) -> list[Record]:
    """Return the questions that went worst: wrong refusals and answers, then rank."""
    headline = measured[run.system].get(HEADLINE, {})

    def order(outcome: Outcome) -> tuple[bool, float, str]:
        qid = outcome.question.qid
        wanted = _right_cases(judgements, qid)
        return not is_miss(outcome, wanted), headline.get(qid, 1.0), qid

    answerable = [o for o in run.outcomes if o.question.is_answerable]
    return [
        {
            "qid": outcome.question.qid,
            "lang": outcome.question.lang,
            "kind": outcome.question.kind,
            "text": outcome.question.text,
            "abstained": bool(outcome.found.answer and outcome.found.answer.abstained),
            "reason": outcome.found.answer.reason if outcome.found.answer else "",
            "value": headline.get(outcome.question.qid),
            "found": outcome.found.cases[:5],
            "wanted": sorted(_right_cases(judgements, outcome.question.qid)),
        }
        for outcome in sorted(answerable, key=order)[:_WORST]
    ]


def _right_cases(judgements: Judgements, qid: str) -> set[str]:
    grades = judgements.cases.get(qid, {})
    return {case_id for case_id, grade in grades.items() if grade >= RELEVANT}
