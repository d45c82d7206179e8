"""Fit the answerability model on judged questions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.questions import Question
from kb import KnowledgeBase
from kb.answerability import FARTHEST, TOPIC, AnswerabilityModel, Provenance
from kb.errors import QuestionSetError
from kb.types import Answer, Query

FALSE_REFUSAL_RATE = 0.03
"""Most of the answerable development questions that may be refused, in all."""
OFF_TOPIC_RATE = 0.005
"""Most of them that may be refused as off topic."""

_REGULARISATION = 0.3
_FOLDS = 10
_SEED = 0
# A signal that never varies is divided by this instead of 0.
_LEAST_SCALE = 1e-9


def fit(
    kb: KnowledgeBase, questions: Sequence[Question], path: Path, settings_digest: str
) -> AnswerabilityModel:
    """Fit weights and threshold on questions that name a mentor city.

    The weights are those of a logistic regression with both classes weighed alike. The
    threshold is the highest that keeps false refusals, by the other rules and this one
    together, at `FALSE_REFUSAL_RATE`; probabilities for it come from cross-validation
    over information needs, so that it is not fitted on what the weights have seen.

    Args:
        kb: Answers the questions; of its present model only the topic threshold counts,
            which decides what the other rules refuse already.
        questions: The development questions.
        path: Where they were read from.
        settings_digest: Digest of the settings that the answers were made with.

    Raises:
        QuestionSetError: Too few questions name a city.
    """
    asked = [(q, kb.ask(Query(q.text))) for q in questions]
    fitted = [(q, a) for q, a in asked if a.signals.keys() > {TOPIC}]
    answerable = np.array([q.is_answerable for q, _ in fitted], dtype=bool)
    needs = [q.judged_as for q, _ in fitted]
    _require_enough(answerable, needs, path)
    names, values = _values([answer for _, answer in fitted])
    means, scales = values.mean(axis=0), values.std(axis=0) + _LEAST_SCALE
    standard = np.clip((values - means) / scales, -FARTHEST, FARTHEST)
    held_out = _cross_validated(standard, answerable, needs)
    threshold, rate = _threshold(asked, fitted, held_out)
    weights, intercept = _regress(standard, answerable, needs)
    return AnswerabilityModel(
        means=_by_name(names, means),
        scales=_by_name(names, scales),
        weights=_by_name(names, weights),
        intercept=round(intercept, 6),
        threshold=round(threshold, 4),
        topic_threshold=round(_topic_threshold(asked), 4),
        provenance=_provenance(path, settings_digest, kb, answerable, rate),
    )


def _provenance(
    path: Path,
    settings_digest: str,
    kb: KnowledgeBase,
    answerable: NDArray[np.bool_],
    rate: float,
) -> Provenance:
    return Provenance(
        fitted_on=path.name,
        questions_digest=hashlib.sha256(path.read_bytes()).hexdigest()[:16],
        settings_digest=settings_digest,
        embedding_model=kb.manifest.model_id,
        date=date.today().isoformat(),
        command="mentorkb eval fit --write",
        answerable=int(answerable.sum()),
        unanswerable=int((~answerable).sum()),
        false_refusal_rate=round(rate, 4),
    )


def _require_enough(
    answerable: NDArray[np.bool_], needs: Sequence[str], path: Path
) -> None:
    if min(answerable.sum(), (~answerable).sum(), len(set(needs))) < _FOLDS:
        raise QuestionSetError(
            "too few of its questions name a mentor city and are answered or refused.",
            f"At least {_FOLDS} of either are needed.",
            path=str(path),
        )


def _values(answers: Sequence[Answer]) -> tuple[list[str], NDArray[np.float64]]:
    """Return the names of the signals, and (n_answers, n_signals) values."""
    names = [name for name in answers[0].signals if name != TOPIC]
    return names, np.array([[a.signals[name] for name in names] for a in answers])


def _by_name(names: Sequence[str], values: NDArray[np.float64]) -> dict[str, float]:
    return {
        name: round(float(value), 6) for name, value in zip(names, values, strict=True)
    }


def _regress(
    standard: NDArray[np.float64], answerable: NDArray[np.bool_], needs: Sequence[str]
) -> tuple[NDArray[np.float64], float]:
    """Return weights and intercept; a need in n languages weighs as root n."""
    from sklearn.linear_model import LogisticRegression

    counts = {need: needs.count(need) for need in set(needs)}
    model = LogisticRegression(C=_REGULARISATION, class_weight="balanced")
    model.fit(standard, answerable, sample_weight=[counts[n] ** -0.5 for n in needs])
    return model.coef_[0], float(model.intercept_[0])


def _cross_validated(
    standard: NDArray[np.float64], answerable: NDArray[np.bool_], needs: Sequence[str]
) -> NDArray[np.float64]:
    """Return each question's probability by a model that has not seen its need."""
    from sklearn.model_selection import GroupKFold

    probability = np.zeros(len(needs))
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=_SEED)
    for seen, unseen in folds.split(standard, answerable, needs):
        weights, intercept = _regress(
            standard[seen], answerable[seen], [needs[i] for i in seen]
        )
        total = standard[unseen] @ weights + intercept
        probability[unseen] = 1 / (1 + np.exp(-total))
    return probability


def _topic_threshold(asked: Sequence[tuple[Question, Answer]]) -> float:
    values = [a.signals[TOPIC] for q, a in asked if q.is_answerable and a.signals]
    return float(np.quantile(values, OFF_TOPIC_RATE))


def _threshold(
    asked: Sequence[tuple[Question, Answer]],
    fitted: Sequence[tuple[Question, Answer]],
    probability: NDArray[np.float64],
) -> tuple[float, float]:
    """Return the threshold, and the share of answerable questions it refuses."""
    n_answerable = sum(q.is_answerable for q, _ in asked)
    by_rules = sum(
        q.is_answerable and a.reason_code not in ("", "no-direct-answer")
        for q, a in asked
    )
    candidates = sorted(
        float(p)
        for (q, a), p in zip(fitted, probability, strict=True)
        if q.is_answerable and a.reason_code in ("", "no-direct-answer")
    )
    allowed = max(0, int(FALSE_REFUSAL_RATE * n_answerable) - by_rules)
    threshold = candidates[min(allowed, len(candidates) - 1)]
    return threshold, (by_rules + allowed) / n_answerable
