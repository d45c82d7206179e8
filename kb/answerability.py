"""Whether the evidence found answers what was asked, estimated from what it looks like.

Similarity alone does not tell that a case exists and does not say the thing asked. Four
signals together do so in part; a logistic regression weighs them. Its weights and its
threshold were fitted on judged development questions and are data, not code: the file
`answerability.json` names what they were fitted on. `mentorkb eval fit` writes it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import exp, log
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from kb.search import Ranking, ScoredStatement

FILE = Path(__file__).with_name("answerability.json")
TOPIC = "nearer than everyday topics"
FARTHEST = 2.0
"""No signal counts as farther from its mean than this many standard deviations, so that
one alone cannot refuse a question."""
# Weight of the similarity to everyday topics. Of 35 off-topic development questions, 1
# refuses 80% at 1% false refusals, 0.65 refuses 83%.
_EVERYDAY = 0.65
# Weight of the words that a case covers beside its likeness, when the cities named are
# compared with the rest: refuses 54% instead of 52% of the unanswerable development
# questions that name a city, at 8% false refusals among those.
_WORDS = 0.2


class Provenance(BaseModel):
    """What a model was fitted on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fitted_on: str
    """The question set and its split."""
    questions_digest: str
    settings_digest: str
    embedding_model: str
    date: str
    command: str
    answerable: int
    unanswerable: int
    false_refusal_rate: float
    """Share of all answerable questions that the threshold refuses, by cross-validation
    over information needs."""


class AnswerabilityModel(BaseModel):
    """A logistic regression over standardised signals, and the threshold to refuse."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    means: dict[str, float]
    scales: dict[str, float]
    weights: dict[str, float]
    intercept: float
    threshold: float
    """A question is refused below this probability."""
    topic_threshold: float
    """A question is off topic below this much of the signal `TOPIC`."""
    provenance: Provenance

    def applies_to(self, signals: dict[str, float]) -> bool:
        """Say whether all signals are there that the regression weighs."""
        return self.weights.keys() <= signals.keys()

    def confidence(self, signals: dict[str, float]) -> float:
        """Return the estimate that the evidence answers, 0 to 1, 0.5 at the threshold.

        The probability is moved on the log-odds scale, so that one number means the
        same for every model.
        """
        total = self.intercept + sum(
            weight * self._standard(name, signals[name])
            for name, weight in self.weights.items()
        )
        return 1 / (1 + exp(-(total - log(self.threshold / (1 - self.threshold)))))

    def _standard(self, name: str, value: float) -> float:
        """Return a signal in standard deviations from its mean, within `FARTHEST`."""
        standard = (value - self.means[name]) / self.scales[name]
        return min(max(standard, -FARTHEST), FARTHEST)


def signals(ranking: Ranking) -> dict[str, float]:
    """Return what the evidence for a question looks like, by name.

    `TOPIC` is there for every question. The others compare the cities that the question
    names with the rest, so that they are there only when it names one and something was
    found in it. An empty mapping when nothing was found at all.
    """
    found = ranking.statements
    if not found:
        return {}
    best = max(item.bare_similarity for item in found)
    seen = {TOPIC: best - _EVERYDAY * ranking.everyday_similarity}
    inside = [item for item in found if _is_of(item, ranking.named_cities)]
    if not inside:
        return seen
    outside = [item for item in found if not _is_of(item, ranking.named_cities)]
    return seen | {
        "similarity to everyday topics": ranking.everyday_similarity,
        "words held by the case": ranking.held,
        "words covered by the case": found[0].case_coverage,
        "better elsewhere": _best_fit(outside) - _best_fit(inside),
    }


def _is_of(item: ScoredStatement, cities: frozenset[str]) -> bool:
    return item.statement.case_id.partition("/")[0] in cities


def _best_fit(items: Sequence[ScoredStatement]) -> float:
    """Return how well the best of them fits in meaning and words, 0 for none."""
    fits = (item.bare_similarity + _WORDS * item.case_coverage for item in items)
    return max(fits, default=0.0)


@cache
def load_model(path: Path = FILE) -> AnswerabilityModel:
    """Read the fitted model."""
    return AnswerabilityModel.model_validate_json(path.read_text(encoding="utf-8"))
