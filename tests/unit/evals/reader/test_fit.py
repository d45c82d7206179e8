"""Fitting a calibration on made-up readings whose right answers are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

from evals.errors import QuestionSetError
from evals.reader.fit import (
    COMMAND,
    FALSE_REFUSAL_RATE,
    HELPING_SHARE,
    OFF_TOPIC_RATE,
    OPEN_SHARE,
    fit,
    fit_topic,
)
from evals.reader.readings import QuestionReading, ReadText
from kb.answer.abstain import decision_values
from kb.reader.calibration import Calibration

ANSWERABLE, UNANSWERABLE = 120, 100
FITTED_ON = "invented questions"


@pytest.fixture(autouse=True)
def _one_thread():
    """Compute in one thread: waiting for others takes longer than these small fits."""
    with threadpool_limits(1):
        yield


def _text(name: str, odds: float, grade: int | None, behind: float = 0.0) -> ReadText:
    return ReadText(name, answers=odds, helps=odds + 1, behind=behind, grade=grade)


def _readings(seed: int = 1) -> list[QuestionReading]:
    """Return readings by a reader that is mostly right.

    What answers gets log-odds of about 3, what helps about -1, anything else about -4.
    Every second question without an answer asks what its case leaves open.
    """
    draw = np.random.default_rng(seed)
    readings = []
    for n in range(ANSWERABLE + UNANSWERABLE):
        is_answerable = n < ANSWERABLE
        grades = [2, 1, 0, 0, 0, 0] if is_answerable else [0] * 6
        means = {2: 3.0, 1: -1.0, 0: -4.0}
        asked = [2, 0] if not is_answerable and n % 2 else [0, 0]
        readings.append(
            QuestionReading(
                qid=f"q{n}",
                language="en",
                kind="fact" if is_answerable else "absent",
                case="exampleton/heat",
                is_answerable=is_answerable,
                topic=n / 1_000,
                statements=[
                    _text(f"s{i}", float(draw.normal(means[grade], 1.5)), grade, -i / 9)
                    for i, grade in enumerate(grades)
                ],
                open_questions=[
                    _text(f"o{i}", float(draw.normal(means[grade], 1.5)), grade)
                    for i, grade in enumerate(asked)
                ],
            )
        )
    return readings


@pytest.fixture(scope="module")
def readings():
    """Readings by a reader that is mostly right."""
    return _readings()


@pytest.fixture(scope="module")
def fitted(readings):
    """What is fitted on them."""
    with threadpool_limits(1):
        return fit(readings, FITTED_ON)


def _values(text: ReadText) -> dict[str, float]:
    return {"answers": text.answers, "helps": text.helps, "behind": text.behind}


def _confidence(calibration: Calibration, reading: QuestionReading) -> float:
    """Return the confidence as an answer has it: with three digits."""
    chances = [calibration.answers.chance(_values(t)) for t in reading.statements]
    return round(calibration.decision.chance(decision_values(chances)), 3)


def _is_refused(calibration: Calibration, reading: QuestionReading) -> bool:
    return _confidence(calibration, reading) < calibration.least_confidence


@pytest.mark.parametrize(
    ("name", "least_grade"), [("answers", 2), ("helps", 1)], ids=["answers", "helps"]
)
def test_chances_mean_what_they_say(fitted, readings, name, least_grade):
    """On average a chance is the share of statements that it was fitted on."""
    texts = [t for r in readings for t in r.statements]
    chances = [getattr(fitted, name).chance(_values(t)) for t in texts]
    share = np.mean([(t.grade or 0) >= least_grade for t in texts])
    assert np.mean(chances) == pytest.approx(share, abs=0.005)


def test_chances_tell_what_answers(fitted):
    """What the reader finds sure is likely to answer, what it does not is not."""
    sure, unsure = _text("s1", 4.0, None), _text("s2", -5.0, None)
    assert fitted.answers.chance(_values(sure)) > 0.9
    assert fitted.answers.chance(_values(unsure)) < 0.05
    assert fitted.open_question.chance({"answers": 4.0}) > 0.9
    assert fitted.open_question.chance({"answers": -5.0}) < 0.1


def test_decision_keeps_false_refusals_within_the_rate(fitted, readings):
    """No more answerable questions are refused than agreed, and the share is told."""
    refused = [_is_refused(fitted, r) for r in readings if r.is_answerable]
    assert 0 < np.mean(refused) <= FALSE_REFUSAL_RATE
    told = fitted.provenance.false_refusal_rate
    assert told == pytest.approx(np.mean(refused), abs=1 / ANSWERABLE)
    assert told <= FALSE_REFUSAL_RATE


def test_decision_refuses_what_has_no_answer(fitted, readings):
    """Where the reader is mostly right, most without an answer are refused."""
    refused = [_is_refused(fitted, r) for r in readings if not r.is_answerable]
    assert np.mean(refused) > 0.9


def test_decision_of_a_reader_that_knows_nothing(readings):
    """A reader that reads all alike refuses no more: the rate holds for it as well."""
    blind = [
        replace(r, statements=[replace(t, answers=n % 7.0, helps=0.0)])
        for n, r in enumerate(readings)
        for t in r.statements[:1]
    ]
    made = fit(blind, FITTED_ON)
    refused = [_is_refused(made, r) for r in blind if r.is_answerable]
    assert np.mean(refused) <= FALSE_REFUSAL_RATE


def test_line_for_answers_parts_most_of_them(fitted, readings):
    """Above the line for answers lies most of what answers, and little else."""
    texts = [t for r in readings[:ANSWERABLE] for t in r.statements]
    above = [
        t for t in texts if fitted.answers.chance(_values(t)) >= fitted.least_answers
    ]
    right = sum(t.grade == 2 for t in above)
    assert right / len(above) > 0.8
    assert right / ANSWERABLE > 0.8


def test_line_for_help_keeps_the_share(fitted, readings):
    """Of what lies above the line in answered questions, the agreed share helps."""
    above = [
        t
        for r in readings
        if r.is_answerable and not _is_refused(fitted, r)
        for t in r.statements
        if fitted.helps.chance(_values(t)) >= fitted.least_helps
    ]
    assert np.mean([bool(t.grade) for t in above]) >= HELPING_SHARE


def test_line_for_open_questions_keeps_the_share(fitted, readings):
    """Of the open questions above the line, the agreed share was asked."""
    above = [
        t
        for r in readings
        for t in r.open_questions
        if fitted.open_question.chance(_values(t)) >= fitted.least_open
    ]
    assert above
    assert np.mean([bool(t.grade) for t in above]) >= OPEN_SHARE


def test_fit_leaves_out_what_nobody_judged(fitted, readings):
    """A statement that nobody judged teaches nothing about statements."""
    unknown = _text("unknown", -20.0, None)
    more = [replace(r, statements=[*r.statements, unknown]) for r in readings]
    again = fit(more, FITTED_ON)
    assert (again.answers, again.helps) == (fitted.answers, fitted.helps)
    assert again.least_helps == fitted.least_helps


def test_fit_when_a_question_found_nothing(readings):
    """A question for which nothing was read counts as one that nothing answers."""
    nothing = [
        replace(r, qid=f"nothing{n}", statements=[], open_questions=[], topic=-1.0)
        for n, r in enumerate(readings[-30:])
    ]
    made = fit([*readings, *nothing], FITTED_ON)
    assert made.provenance.unanswerable == UNANSWERABLE + 30
    assert all(_is_refused(made, reading) for reading in nothing)


def test_fit_says_what_it_was_fitted_on(fitted):
    """The calibration names the questions, their numbers and the command."""
    found = fitted.provenance
    assert (found.fitted_on, found.command) == (FITTED_ON, COMMAND)
    assert (found.answerable, found.unanswerable) == (ANSWERABLE, UNANSWERABLE)


def test_fit_when_its_calibration_is_stored(fitted):
    """The calibration comes back from its text as it was."""
    assert Calibration.model_validate_json(fitted.model_dump_json()) == fitted


@pytest.mark.parametrize(
    "keep",
    [lambda n: n < ANSWERABLE, lambda n: n >= ANSWERABLE, lambda n: n < 169, None],
    ids=["answerable only", "unanswerable only", "49 unanswerable", "nothing"],
)
def test_fit_when_there_are_too_few_questions(readings, keep):
    """Fifty of either kind are needed."""
    few = [r for n, r in enumerate(readings) if keep and keep(n)]
    with pytest.raises(QuestionSetError, match="too few.*At least 50"):
        fit(few, FITTED_ON)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"open_questions": []}, "of 0 texts .*, 0 have grade 2"),
        ({"statements": [_text("s1", 1.0, 1)]}, "of 220 texts .*, 0 have grade 2"),
        ({"statements": [_text("s1", 1.0, 2)]}, "of 220 texts .*, 220 have grade 2"),
    ],
    ids=["no open questions", "nothing answers", "everything answers"],
)
def test_fit_when_all_is_judged_alike(readings, changes, message):
    """Where everything read was judged alike there is nothing to tell apart."""
    alike = [replace(r, **changes) for r in readings]
    with pytest.raises(QuestionSetError, match=f"{message}.*some must not"):
        fit(alike, FITTED_ON)


def test_topic_limit_is_a_quantile_of_the_answerable(readings):
    """A twohundredth of the answerable questions lies below; others do not count.

    Their values are 0.000, 0.001 ... 0.119: the quantile lies at position
    119 * 0.005 = 0.595, which is 0.0006 with four digits.
    """
    assert OFF_TOPIC_RATE == 0.005
    limit = fit_topic(readings, FITTED_ON, "fake")
    assert limit.least == 0.0006
    assert (limit.fitted_on, limit.embedding_model) == (FITTED_ON, "fake")
    assert limit.false_refusal_rate == OFF_TOPIC_RATE
