"""When to say nothing: whether the evidence found carries an answer at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import exp

from kb.answerability import TOPIC, load_model, signals
from kb.names import Vocabulary, names_elsewhere
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
    unknown_names: tuple[str, ...] = ()
    """What the question names and the evidence does not; only with ``elsewhere``."""


def judge(
    ranking: Ranking,
    evidence_words: Callable[[], Collection[str]],
    vocabulary: Vocabulary,
    settings: Settings,
) -> Verdict:
    """Decide whether the statements found can carry an answer.

    Four things speak against it, in this order: the question names no mentor city but
    a place that the evidence does not mention, or a name that the corpus never uses; it
    is nearer to an everyday topic than to any statement; an open question of a case is
    nearer to it than any statement; it names a mentor city, and what was found there
    does not look like an answer (see `kb.answerability`).

    Args:
        ranking: What the question found.
        evidence_words: Returns the folded words of the best statements and their cases;
            called only if a place is named, because it takes some milliseconds.
        vocabulary: Every word of the corpus.
        settings: Holds the margins.
    """
    topic = judge_topic(ranking, evidence_words, vocabulary)
    if topic.reason_code:
        return topic
    best = max(item.similarity for item in ranking.statements)
    nearest_open = max(ranking.open_questions.values(), default=0.0)
    if nearest_open - best > settings.open_question_margin:
        return _abstain("open-question", topic.confidence)
    model, seen = load_model(), signals(ranking)
    if model.applies_to(seen):
        confidence = round(model.confidence(seen), 3)
        if confidence < _ANSWERS_FROM:
            reason = _REASONS["no-direct-answer"]
            return Verdict("no-direct-answer", reason, confidence)
        return Verdict("", "", confidence)
    return topic


def judge_topic(
    ranking: Ranking,
    evidence_words: Callable[[], Collection[str]],
    vocabulary: Vocabulary,
) -> Verdict:
    """Decide whether the question is about what the cases cover at all.

    Args:
        ranking: What the question found.
        evidence_words: As for `judge`.
        vocabulary: Every word of the corpus.

    Returns:
        A verdict that abstains because nothing was found, or as ``elsewhere`` or
        ``off-topic``; otherwise one without a reason.
    """
    if not ranking.statements:
        return Verdict("weak-evidence", "No case passes the chosen filters.", 0.0)
    beyond = signals(ranking)[TOPIC] - load_model().topic_threshold
    confidence = _squash(beyond / _SCALE)
    elsewhere = names_elsewhere(
        ranking.query.text,
        ranking.language,
        ranking.named_cities,
        evidence_words,
        vocabulary,
    )
    if elsewhere:
        return _abstain("elsewhere", confidence, elsewhere)
    if beyond < 0:
        return _abstain("off-topic", confidence)
    return Verdict("", "", confidence)


_REASONS: dict[AbstentionReason, str] = {
    "elsewhere": "The cases that come nearest say nothing about {names}.",
    "off-topic": "This question is not about what the cases of the nine cities cover.",
    "no-direct-answer": "No statement answers this directly; these come closest.",
    "open-question": "The sources leave this open: it is closer to a question that the "
    "case notes as unanswered than to anything that they state.",
}


def _abstain(
    code: AbstentionReason, confidence: float, names: Sequence[str] = ()
) -> Verdict:
    reason = _REASONS[code].format(names=", ".join(names))
    return Verdict(
        code, reason, min(confidence, _MOST_WHEN_ABSTAINING), unknown_names=tuple(names)
    )


# Half of the answerable development questions lie more than .037 above the threshold.
_SCALE = 0.03
_MOST_WHEN_ABSTAINING = 0.4
_ANSWERS_FROM = 0.5


def _squash(value: float) -> float:
    """Return a number between 0 and 1; 0.5 for 0."""
    return round(1 / (1 + exp(-value)), 3)
