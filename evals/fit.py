"""Fit what a reader's log-odds are worth, and where off topic begins.

Only on judged questions that the reader was not trained on: else it would seem surer
than it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from evals.qrels import RELEVANT
from evals.reader.readings import QuestionReading, ReadText
from kb.abstain import decision_values
from kb.errors import QuestionSetError
from kb.reader.calibration import Calibration, Logistic, Provenance
from kb.topic import TopicLimit

FALSE_REFUSAL_RATE = 0.035
"""Most of the answerable questions that the decision may refuse."""
OFF_TOPIC_RATE = 0.005
"""Most of them that may be refused as off topic."""
HELPING_SHARE = 0.75
"""Of the statements that are shown, at least this share must help."""
OPEN_SHARE = 0.7
"""Of the open questions that are called what was asked, at least this share must be."""
COMMAND = "mentorkb eval fit --write"
_LEAST_QUESTIONS = 50
_REGULARISATION = 1.0
_STEPS = np.linspace(0.02, 0.98, 97)


def fit(readings: Sequence[QuestionReading], fitted_on: str) -> Calibration:
    """Return the calibration of the reader that made some readings.

    Chances come from logistic regressions without weighing classes, so that they mean
    what they say on questions like these, of which about half have no answer.

    Args:
        readings: Of questions that the reader has not seen.
        fitted_on: What the questions are, in words.

    Raises:
        QuestionSetError: There are too few with or without an answer.
    """
    answerable = np.array([r.is_answerable for r in readings])
    if min(answerable.sum(), (~answerable).sum()) < _LEAST_QUESTIONS:
        raise QuestionSetError(
            "too few of the questions have an answer, or have none.",
            f"At least {_LEAST_QUESTIONS} of either are needed.",
        )
    judged = [t for r in readings for t in r.statements if t.grade is not None]
    grades = np.array([text.grade for text in judged])
    names = ("answers", "helps", "behind")
    answers = _regress(_values(judged, names), grades >= RELEVANT, names)
    helps = _regress(_values(judged, names), grades >= 1, names)
    open_texts = [t for r in readings for t in r.open_questions if t.grade is not None]
    is_asked = np.array([bool(text.grade) for text in open_texts])
    open_question = _regress(_values(open_texts, ("answers",)), is_asked, ("answers",))
    seen = [
        decision_values([answers.chance(_of(t)) for t in r.statements], r.topic)
        for r in readings
    ]
    decided = ("best", "second", "topic")
    decision = _regress(
        np.array([[values[name] for name in decided] for values in seen]),
        answerable,
        decided,
    )
    confidence = np.array([decision.chance(values) for values in seen])
    least = float(np.quantile(confidence[answerable], FALSE_REFUSAL_RATE))
    answered = [
        (reading, confident)
        for reading, confident in zip(readings, confidence, strict=True)
        if reading.is_answerable and confident >= least
    ]
    known = _known(answered)
    return Calibration(
        answers=answers,
        helps=helps,
        open_question=open_question,
        decision=decision,
        least_confidence=round(least, 4),
        least_answers=_fairest_line(
            [(answers.chance(_of(t)), g >= RELEVANT) for t, g in known]
        ),
        least_helps=_line_of_share(
            [(helps.chance(_of(t)), g >= 1) for t, g in known], HELPING_SHARE
        ),
        least_open=_line_of_share(
            [
                (open_question.chance({"answers": t.answers}), bool(t.grade))
                for t in open_texts
            ],
            OPEN_SHARE,
        ),
        provenance=Provenance(
            fitted_on=fitted_on,
            date=date.today().isoformat(),
            command=COMMAND,
            answerable=int(answerable.sum()),
            unanswerable=int((~answerable).sum()),
            false_refusal_rate=round(float((confidence[answerable] < least).mean()), 4),
        ),
    )


def fit_topic(
    readings: Sequence[QuestionReading], fitted_on: str, embedding_model: str
) -> TopicLimit:
    """Return where off topic begins: a share of the answerable questions lies below.

    Args:
        readings: Of questions.
        fitted_on: What the questions are, in words.
        embedding_model: The model of the index that they were asked of.
    """
    topics = [reading.topic for reading in readings if reading.is_answerable]
    return TopicLimit(
        least=round(float(np.quantile(topics, OFF_TOPIC_RATE)), 4),
        fitted_on=fitted_on,
        embedding_model=embedding_model,
        date=date.today().isoformat(),
        command=COMMAND,
        false_refusal_rate=OFF_TOPIC_RATE,
    )


def _regress(
    values: NDArray[np.float64], is_so: NDArray[np.bool_], names: Sequence[str]
) -> Logistic:
    """Return a logistic regression over (n, len(names)) values."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_REGULARISATION, max_iter=1_000).fit(values, is_so)
    return Logistic(
        weights={
            name: round(float(weight), 6)
            for name, weight in zip(names, model.coef_[0], strict=True)
        },
        intercept=round(float(model.intercept_[0]), 6),
    )


def _values(texts: Sequence[ReadText], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[_of(text)[name] for name in names] for text in texts])


def _of(text: ReadText) -> dict[str, float]:
    """Return the values that the chances of a text are made of, by name."""
    return {"answers": text.answers, "helps": text.helps, "behind": text.behind}


def _known(
    answered: Sequence[tuple[QuestionReading, float]],
) -> list[tuple[ReadText, int]]:
    return [
        (text, text.grade)
        for reading, _ in answered
        for text in reading.statements
        if text.grade is not None
    ]


def _line_of_share(chances: Sequence[tuple[float, bool]], share: float) -> float:
    """Return the lowest line above which at least a share of the items is right."""
    for line in _STEPS:
        above = [right for chance, right in chances if chance >= line]
        if above and sum(above) / len(above) >= share:
            return round(float(line), 2)
    return round(float(_STEPS[-1]), 2)


def _fairest_line(chances: Sequence[tuple[float, bool]]) -> float:
    """Return the line with the best F1, the harmonic mean of precision and recall."""
    n_right = sum(right for _, right in chances)

    def f1(line: float) -> float:
        above = [right for chance, right in chances if chance >= line]
        return 2 * sum(above) / (len(above) + n_right) if n_right else 0.0

    return round(float(max(_STEPS, key=f1)), 2)
