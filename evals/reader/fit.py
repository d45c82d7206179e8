"""Fit what a reader's log-odds are worth, and where off topic begins.

Only on judged questions that the reader was not trained on: else it would seem surer
than it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from evals.errors import QuestionSetError
from evals.qrels import RELEVANT
from evals.reader.readings import QuestionReading, ReadText
from kb.answer.abstain import decision_values
from kb.answer.topic import TopicLimit
from kb.reader.calibration import Calibration, Logistic, Provenance

FALSE_REFUSAL_RATE = 0.025
"""Most of the answerable questions that the decision may refuse."""
OFF_TOPIC_RATE = 0.005
"""Most of them that may be refused as off topic."""
HELPING_SHARE = 0.4
"""Of the statements whose chance to help is high enough to be shown, at least this
share must help; those read for questions without an answer are counted, too."""
OPEN_SHARE = 0.7
"""Of the open questions that are called what was asked, at least this share must be."""
COMMAND = "mentorkb eval fit --write"
_LEAST_QUESTIONS = 50
_REGULARISATION = 1.0
_LEAST_SPREAD = 1e-6
_STEPS = np.linspace(0.02, 0.98, 97)


def fit(readings: Sequence[QuestionReading], fitted_on: str) -> Calibration:
    """Return the calibration of the reader that made some readings.

    Chances come from logistic regressions without weighing classes, so that they mean
    what they say on questions like these, of which about half have no answer.

    Args:
        readings: Of questions that the reader has not seen.
        fitted_on: What the questions are, in words.

    Raises:
        QuestionSetError: There are too few with or without an answer, or what was read
            for them was judged all alike.
    """
    answerable = np.array([r.is_answerable for r in readings], dtype=bool)
    if min(answerable.sum(), (~answerable).sum()) < _LEAST_QUESTIONS:
        raise QuestionSetError(
            "too few of the questions have an answer, or have none.",
            f"At least {_LEAST_QUESTIONS} of either are needed.",
        )
    statements = _judged(t for r in readings for t in r.statements)
    answers = _chance_of(statements, RELEVANT, ("answers", "helps", "behind"))
    helps = _chance_of(statements, 1, ("answers", "helps", "behind"))
    near = _judged(t for r in readings for t in r.open_questions)
    open_question = _chance_of(near, RELEVANT, ("answers",))
    decision, confidence = _decision(readings, answers, answerable)
    least = _least_confidence(confidence[answerable])
    known = _judged(
        text
        for reading, sure in zip(readings, confidence, strict=True)
        if reading.is_answerable and sure >= least
        for text in reading.statements
    )
    return Calibration(
        answers=answers,
        helps=helps,
        open_question=open_question,
        decision=decision,
        least_confidence=least,
        least_answers=_fairest_line(_chances(known, answers, RELEVANT)),
        least_helps=_line_of_share(_chances(known, helps, 1), HELPING_SHARE),
        least_open=_line_of_share(_chances(near, open_question, RELEVANT), OPEN_SHARE),
        provenance=_provenance(fitted_on, answerable, confidence < least),
    )


def _provenance(
    fitted_on: str, answerable: NDArray[np.bool_], refused: NDArray[np.bool_]
) -> Provenance:
    return Provenance(
        fitted_on=fitted_on,
        date=date.today().isoformat(),
        command=COMMAND,
        answerable=int(answerable.sum()),
        unanswerable=int((~answerable).sum()),
        false_refusal_rate=round(float(refused[answerable].mean()), 4),
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


def _judged(texts: Iterable[ReadText]) -> list[ReadText]:
    return [text for text in texts if text.grade is not None]


def _is(text: ReadText, least_grade: int) -> bool:
    return (text.grade or 0) >= least_grade


def _chance_of(
    texts: Sequence[ReadText], least_grade: int, names: Sequence[str]
) -> Logistic:
    """Return the chance that a text has a grade at least, from the named values.

    Raises:
        QuestionSetError: All texts have it, or none.
    """
    truth = np.array([_is(text, least_grade) for text in texts], dtype=bool)
    if len(set(truth.tolist())) < len((True, False)):
        raise QuestionSetError(
            f"of {len(texts)} texts that were read and judged, {truth.sum()} have "
            f"grade {least_grade} or more.",
            "Some must have it and some must not.",
        )
    values = np.array([[_values(text)[name] for name in names] for text in texts])
    return _regress(values, truth, names)


def _decision(
    readings: Sequence[QuestionReading],
    answers: Logistic,
    answerable: NDArray[np.bool_],
) -> tuple[Logistic, NDArray[np.float64]]:
    """Return the chance that a question is answered, and that of each reading."""
    seen = [
        decision_values(answers.chance(_values(t)) for t in r.statements)
        for r in readings
    ]
    names = list(seen[0])
    values = np.array([[each[name] for name in names] for each in seen])
    decision = _regress(values, answerable, names)
    return decision, np.array([decision.chance(each) for each in seen])


def _least_confidence(confidence: NDArray[np.float64]) -> float:
    """Return the line below which no more than the agreed share of questions lies.

    It is rounded down, to the digits that `kb.answer.abstain` compares.
    """
    least = float(np.quantile(confidence, FALSE_REFUSAL_RATE, method="lower"))
    return math.floor(least * 1_000) / 1_000


def _chances(
    texts: Iterable[ReadText], chance: Logistic, least_grade: int
) -> list[tuple[float, bool]]:
    """Return each text's chance to have a grade at least, and whether it has it."""
    return [(chance.chance(_values(text)), _is(text, least_grade)) for text in texts]


def _regress(
    values: NDArray[np.float64], is_so: NDArray[np.bool_], names: Sequence[str]
) -> Logistic:
    """Return a logistic regression over (n, len(names)) values."""
    from sklearn.linear_model import LogisticRegression

    # Regularisation must not favour values that spread widely.
    spread = values.std(axis=0) + _LEAST_SPREAD
    model = LogisticRegression(C=_REGULARISATION, max_iter=1_000)
    model.fit(values / spread, is_so)
    return Logistic(
        weights={
            name: round(float(weight), 6)
            for name, weight in zip(names, model.coef_[0] / spread, strict=True)
        },
        intercept=round(float(model.intercept_[0]), 6),
    )


def _values(text: ReadText) -> dict[str, float]:
    """Return the values that the chances of a text are made of, by name."""
    return {"answers": text.answers, "helps": text.helps, "behind": text.behind}


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
