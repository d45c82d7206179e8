"""When to say nothing: whether the evidence found carries an answer at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from kb.composing import city_of, read_first
from kb.names import Vocabulary, names_elsewhere
from kb.nonsense import is_nonsense
from kb.reading import Reading
from kb.search import Ranking, ScoredStatement
from kb.topic import nearness, topic_limit
from kb.types import AbstentionReason, OpenQuestion


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to answer, and if not, why."""

    reason_code: AbstentionReason
    """Empty when the question can be answered."""
    reason: str
    confidence: float
    """Estimated chance that the sources answer the question, 0 to 1."""
    unknown_names: tuple[str, ...] = ()
    """What the question names and the evidence does not; only with ``elsewhere``."""
    left_open: OpenQuestion | None = None
    """The open question that was asked; only with ``open-question``."""


def judge(
    reading: Reading, open_questions: Sequence[tuple[OpenQuestion, float]]
) -> Verdict:
    """Decide whether the statements that were read answer the question.

    Args:
        reading: Of the question.
        open_questions: The nearest ones, each with its chance to be what was asked,
            likeliest first.
    """
    calibration = reading.calibration
    values = values_of(reading)
    confidence = round(calibration.decision.chance(values), 3)
    if confidence >= calibration.least_confidence:
        return Verdict("", "", confidence)
    for question, chance in open_questions[:1]:
        if chance >= calibration.least_open:
            code: AbstentionReason = "open-question"
            return Verdict(code, _REASONS[code], confidence, left_open=question)
    code = "no-direct-answer"
    return Verdict(code, _REASONS[code], confidence)


def values_of(reading: Reading) -> dict[str, float]:
    """Return what the decision on a question is made of, by name."""
    chances = [read.answers for read in read_first(reading)]
    return decision_values(chances, likeness_values(reading.ranking))


def decision_values(
    chances: Sequence[float], likeness: Mapping[str, float]
) -> dict[str, float]:
    """Return what the decision to answer is made of, by name.

    Args:
        chances: Of each statement that was read first, to answer; the best two count,
            on the log-odds scale.
        likeness: What `likeness_values` says of the question.
    """
    best = sorted((log(c / (1 - c)) for c in chances), reverse=True)
    first, second, *_ = [*best, _LEAST_ODDS, _LEAST_ODDS]
    return {"best": first, "second": second, **likeness}


def likeness_values(ranking: Ranking) -> dict[str, float]:
    """Return what a question's evidence is like, without reading it, by name.

    They are how near it is to what the cases cover, to everyday topics, how much of it
    the best case has words for, and how much better cities fit that it does not name.
    """
    found = ranking.statements
    inside = [item for item in found if city_of(item) in ranking.named_cities]
    outside = [item for item in found if city_of(item) not in ranking.named_cities]
    return {
        "topic": nearness(ranking),
        "everyday": ranking.everyday_similarity,
        "covered": found[0].case_coverage if found else 0.0,
        "elsewhere": _best_fit(outside) - _best_fit(inside)
        if inside and outside
        else 0.0,
    }


def _best_fit(items: Sequence[ScoredStatement]) -> float:
    """Return how well the best of them fits in meaning and words."""
    return max(item.bare_similarity + _WORDS * item.case_coverage for item in items)


def judge_without_reader(ranking: Ranking, topic: Verdict, margin: float) -> Verdict:
    """Decide by likeness alone, where nothing reads: most questions are answered.

    Args:
        ranking: What the question found.
        topic: What `judge_topic` said; it lets the question pass.
        margin: How much nearer than any statement an open question must be.
    """
    best = max(item.similarity for item in ranking.statements)
    nearest_open = max(ranking.open_questions.values(), default=0.0)
    if nearest_open - best > margin:
        return _abstain("open-question", topic.confidence)
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
    if is_nonsense(ranking.query.text, vocabulary):
        return _abstain("off-topic", 0.0)
    beyond = nearness(ranking) - topic_limit().least
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


def _squash(value: float) -> float:
    """Return a number between 0 and 1; 0.5 for 0."""
    return round(1 / (1 + exp(-value)), 3)


# Weight of words beside likeness, when the cities named are compared with the rest.
_WORDS = 0.2
# Of a statement that is as far from answering as can be.
_LEAST_ODDS = -12.0
