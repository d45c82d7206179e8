"""When to say nothing: whether the evidence found carries an answer at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import exp

from kb.names import Vocabulary
from kb.places import named_places
from kb.search import Ranking
from kb.settings import Settings
from kb.types import AbstentionReason


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to answer, and if not, why."""

    reason_code: AbstentionReason
    """Empty when the question can be answered."""
    reason: str
    confidence: float
    """0 to 1; below 0.5 exactly when the verdict is to abstain."""


def judge(
    ranking: Ranking,
    evidence_words: Collection[str],
    vocabulary: Vocabulary,
    language: str,
    settings: Settings,
) -> Verdict:
    """Decide whether the statements found can carry an answer.

    Three things speak against it, in this order: the question names no mentor city but
    a place that the evidence does not mention, or a name that the corpus never uses; it
    is nearer to an everyday topic than to any statement; an open question of a case is
    nearer to it than any statement.

    Args:
        ranking: What the question found.
        evidence_words: The folded words of the best statements and their cases.
        vocabulary: Every word of the corpus.
        language: ISO 639-1 code of the question's language.
        settings: Holds the margins.
    """
    if not ranking.statements:
        return Verdict("weak-evidence", "No case passes the chosen filters.", 0.0)
    best = max(item.similarity for item in ranking.statements)
    strength = _strength(ranking, best) - settings.topic_margin
    confidence = _squash(strength / _SCALE)
    elsewhere = _names_elsewhere(ranking, evidence_words, vocabulary, language)
    if elsewhere:
        return _abstain("elsewhere", confidence, ", ".join(elsewhere))
    if strength < 0:
        return _abstain("off-topic", confidence)
    nearest_open = max(ranking.open_questions.values(), default=0.0)
    if nearest_open - best > settings.open_question_margin:
        return _abstain("open-question", confidence)
    return Verdict("", "", confidence)


def _strength(ranking: Ranking, best: float) -> float:
    """Return how much nearer the question is to a statement than to other topics."""
    covered = max(item.coverage for item in ranking.statements)
    return best - ranking.everyday_similarity + _COVERAGE_WEIGHT * covered


_REASONS: dict[AbstentionReason, str] = {
    "elsewhere": "The cases that come nearest say nothing about {names}.",
    "off-topic": "This question is not about what the cases of the nine cities cover.",
    "open-question": "The sources leave this open: it is closer to a question that the "
    "case notes as unanswered than to anything that they state.",
}


def _abstain(code: AbstentionReason, confidence: float, names: str = "") -> Verdict:
    reason = _REASONS[code].format(names=names)
    return Verdict(code, reason, min(confidence, _MOST_WHEN_ABSTAINING))


def _names_elsewhere(
    ranking: Ranking,
    evidence_words: Collection[str],
    vocabulary: Vocabulary,
    language: str,
) -> list[str]:
    if ranking.named_cities:
        return []
    text = ranking.query.text
    words = frozenset(evidence_words)
    places = named_places(text)
    elsewhere = [name for name, aka in places.items() if not aka & words]
    unknown = vocabulary.unknown_names(text, language)
    elsewhere += [name for name in unknown if name not in places]
    return list(dict.fromkeys(elsewhere))


# Words that match count a little: without them, single words such as "schools" are
# refused (3 of 39 such development queries with this weight, 6 without).
_COVERAGE_WEIGHT = 0.05
# Half of the answerable development questions are more than .06 nearer to a statement.
_SCALE = 0.03
_MOST_WHEN_ABSTAINING = 0.4


def _squash(value: float) -> float:
    """Return a number between 0 and 1; 0.5 for 0."""
    return round(1 / (1 + exp(-value)), 3)
