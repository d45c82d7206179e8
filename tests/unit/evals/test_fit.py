"""Fitting the refusal model on a fake knowledge base whose signals are known."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

from evals.fit import FALSE_REFUSAL_RATE, fit
from evals.questions import Question
from kb import KnowledgeBase
from kb.answerability import TOPIC, AnswerabilityModel
from kb.errors import QuestionSetError
from kb.manifest import Manifest
from kb.types import Answer, Query
from tests.made_up import MANIFEST
from tests.unit.evals.made_up_runs import answer, question


class CannedKnowledgeBase(KnowledgeBase):
    """Gives the answer that was prepared for each question."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        """Keep the answers, by the text of the question."""
        self._answers = answers

    @property
    def manifest(self) -> Manifest:
        """See `KnowledgeBase.manifest`."""
        return MANIFEST

    def ask(self, query: Query) -> Answer:
        """See `KnowledgeBase.ask`."""
        return self._answers[query.text]


class Trial:
    """Questions with prepared answers, and the file that they came from."""

    def __init__(self, path: Path) -> None:
        """Begin with a file and no question."""
        self.path = path
        self.path.write_text("invented", encoding="utf-8")
        self.questions: list[Question] = []
        self.answers: dict[str, Answer] = {}

    def add(self, asked: Question, signals: dict[str, float], reason_code="") -> None:
        """Add a question and the signals that its answer will have."""
        found = answer(reason_code=reason_code)
        self.questions.append(asked)
        self.answers[asked.qid] = replace(found, signals=signals)

    def fit(self) -> AnswerabilityModel:
        """Fit a model on all questions added."""
        kb = CannedKnowledgeBase({q.text: self.answers[q.qid] for q in self.questions})
        return fit(kb, self.questions, self.path, "digest")


def probability(model: AnswerabilityModel, signals: dict[str, float]) -> float:
    """Return what the regression says before the threshold moves it."""
    return replace_threshold(model, 0.5).confidence(signals)


def replace_threshold(model: AnswerabilityModel, value: float) -> AnswerabilityModel:
    return model.model_copy(update={"threshold": value})


@pytest.fixture(autouse=True)
def _one_thread():
    """Compute in one thread: waiting for others takes longer than these small fits."""
    with threadpool_limits(1):
        yield


@pytest.fixture
def trial(tmp_path):
    """Return 100 answerable questions and 50 others that one signal tells apart.

    ``told`` is about 1 for what is answerable and about 0 else; ``noise`` says nothing.
    """
    made = Trial(tmp_path / "dev.jsonl")
    draw = np.random.default_rng(1)
    for n in range(150):
        is_answerable = n < 100
        made.add(
            question(f"q{n}", kind="" if is_answerable else "near-miss"),
            {
                TOPIC: 0.01 * n,
                "told": float(is_answerable + draw.normal(0, 0.3)),
                "noise": float(draw.normal(5, 2)),
            },
        )
    return made


def test_fit_when_one_signal_tells(trial):
    """The telling signal weighs for an answer, far more than noise."""
    model = trial.fit()
    assert set(model.weights) == {"told", "noise"}
    assert model.weights["told"] > 1
    assert abs(model.weights["noise"]) < 0.3 * model.weights["told"]


def test_fit_standardises_signals(trial):
    """Means and scales are those of the questions that were fitted on."""
    model = trial.fit()
    for name in ("told", "noise"):
        values = [found.signals[name] for found in trial.answers.values()]
        assert model.means[name] == pytest.approx(np.mean(values), abs=1e-6)
        assert model.scales[name] == pytest.approx(np.std(values), abs=1e-6)


def test_fit_keeps_false_refusals_within_the_rate(trial):
    """Of 100 answerable questions int(0.03 * 100) = 3 lie below the threshold.

    The probabilities behind it are of models that have not seen the question, so that
    the whole model's own ones may put one more or less there.
    """
    model = trial.fit()
    assert FALSE_REFUSAL_RATE == 0.03
    assert model.provenance.false_refusal_rate == 0.03
    refused = sum(
        probability(model, dict(trial.answers[q.qid].signals)) < model.threshold
        for q in trial.questions
        if q.is_answerable
    )
    assert 1 <= refused <= 5


def test_fit_counts_refusals_by_other_rules(trial):
    """What other rules refuse leaves less for the threshold: 3 - 2 = 1."""
    alone = trial.fit()
    for qid in ("q10", "q20"):
        trial.answers[qid] = replace(
            trial.answers[qid], abstained=True, reason_code="off-topic"
        )
    both = trial.fit()
    assert both.provenance.false_refusal_rate == 0.03
    assert both.threshold < alone.threshold


def test_fit_when_other_rules_refuse_too_much(trial):
    """Beyond the rate the threshold refuses nobody, and the whole share is told."""
    for n in range(10):
        trial.answers[f"q{n}"] = replace(
            trial.answers[f"q{n}"], abstained=True, reason_code="elsewhere"
        )
    assert trial.fit().provenance.false_refusal_rate == 0.1


def test_fit_does_not_look_at_its_own_refusals(trial):
    """What the present model refuses or answers does not change the new one."""
    before = trial.fit()
    for n in range(0, 150, 3):
        trial.answers[f"q{n}"] = replace(
            trial.answers[f"q{n}"], abstained=True, reason_code="no-direct-answer"
        )
    assert trial.fit() == before


def test_fit_finds_the_topic_threshold(trial):
    """It lies at the 0.5% quantile of all answerable questions.

    Their values are 0.00, 0.01 ... 0.99 and one question more, that names no city, has
    1.00: of 101 values the quantile lies at position 100 * 0.005 = 0.5, between 0.00
    and 0.01.
    """
    trial.add(question("no-city"), {TOPIC: 1.0})
    assert trial.fit().topic_threshold == pytest.approx(0.005)


def test_fit_leaves_out_what_names_no_city(trial):
    """Questions without the signals of a city are asked but not fitted on."""
    before = trial.fit()
    trial.add(question("no-city", kind="off-topic"), {TOPIC: 0.0})
    trial.add(question("nothing-found", kind="off-topic"), {})
    after = trial.fit()
    assert (after.weights, after.threshold) == (before.weights, before.threshold)
    assert (after.provenance.answerable, after.provenance.unanswerable) == (100, 50)


def test_fit_when_a_need_is_asked_in_many_languages(trial):
    """Translations of one need move the weights less than as many needs would."""
    many, same = Trial(trial.path), Trial(trial.path)
    for asked in trial.questions:
        for made in (many, same):
            made.add(asked, dict(trial.answers[asked.qid].signals))
    misleading = {TOPIC: 0.5, "told": -1.0, "noise": 5.0}
    for n in range(25):
        many.add(question(f"other{n}"), misleading)
        same.add(question(f"other{n}", need="other"), misleading)
    assert many.fit().weights["told"] < same.fit().weights["told"]


def test_fit_says_what_it_was_fitted_on(trial):
    """The model names set, settings, model and numbers."""
    found = trial.fit().provenance
    digest = hashlib.sha256(b"invented").hexdigest()
    assert found.fitted_on == "dev.jsonl"
    assert digest.startswith(found.questions_digest)
    assert (found.settings_digest, found.embedding_model) == ("digest", "fake")
    assert (found.answerable, found.unanswerable) == (100, 50)


def test_fit_when_its_model_is_stored(trial):
    """The model comes back from its file as it was and decides as it did."""
    model = trial.fit()
    stored = AnswerabilityModel.model_validate_json(model.model_dump_json())
    assert stored == model
    signals = {TOPIC: 1.0, "told": 1.0, "noise": 5.0}
    assert stored.applies_to(signals)
    assert stored.confidence(signals) > 0.5
    assert stored.confidence({**signals, "told": 0.0}) < 0.5


@pytest.mark.parametrize(
    "keep",
    [
        lambda q: q.is_answerable,
        lambda q: not q.is_answerable,
        lambda q: q.qid in ("q1", "q2", "q101", "q102"),
    ],
    ids=["answerable only", "unanswerable only", "few"],
)
def test_fit_when_there_are_too_few_questions(trial, keep):
    """Ten of either kind are needed; the file is named."""
    trial.questions = [q for q in trial.questions if keep(q)]
    with pytest.raises(QuestionSetError, match="too few.*At least 10") as caught:
        trial.fit()
    assert caught.value.path == str(trial.path)


def test_fit_when_there_are_too_few_needs(trial):
    """Many languages of a few needs are too few as well: folds are made of needs."""
    trial.questions = [
        q.model_copy(update={"need": f"q{(n % 4) + 100 * (not q.is_answerable)}"})
        for n, q in enumerate(trial.questions)
    ]
    with pytest.raises(QuestionSetError, match="too few.*At least 10"):
        trial.fit()


def test_fit_when_no_question_names_a_city(tmp_path):
    """Without the signals of a city there is nothing to fit on."""
    trial = Trial(tmp_path / "dev.jsonl")
    trial.add(question("q1"), {TOPIC: 1.0})
    with pytest.raises(QuestionSetError, match="too few.*At least 10"):
        trial.fit()
