"""Whether a question is about what the cases cover at all.

It is not when it is nearer to everyday topics than to any statement. The limit was
fitted on judged development questions and is data, not code: `topic.json` names what it
was fitted on. `mentorkb eval fit` writes it anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from kb.search import Ranking

FILE = Path(__file__).with_name("topic.json")
# Weight of the similarity to everyday topics. Of 35 off-topic development questions, 1
# refuses 80% at 1% false refusals, 0.65 refuses 83%.
_EVERYDAY = 0.65


class TopicLimit(BaseModel):
    """Where off topic begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least: float
    """A question is off topic below this nearness."""
    fitted_on: str
    embedding_model: str
    date: str
    command: str
    false_refusal_rate: float
    """Share of the answerable questions that it refuses."""


def nearness(ranking: Ranking) -> float:
    """Return how much nearer a question is to a statement than to everyday topics.

    A ranking without statements is as far away as can be.
    """
    if not ranking.statements:
        return -1.0
    best = max(item.bare_similarity for item in ranking.statements)
    return best - _EVERYDAY * ranking.everyday_similarity


@cache
def topic_limit(path: Path = FILE) -> TopicLimit:
    """Read the fitted limit."""
    return TopicLimit.model_validate_json(path.read_text(encoding="utf-8"))
