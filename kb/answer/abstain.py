"""When to say nothing: whether the evidence found carries an answer at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

from kb.answer.composing import read_first
from kb.answer.parts import Part
from kb.answer.reading import Reading, ReadStatement
from kb.answer.topic import nearness, topic_limit
from kb.question.comparing import asks_for_overview
from kb.question.names import Vocabulary, names_elsewhere
from kb.question.nonsense import is_nonsense
from kb.reasons import ABSTENTIONS, in_english
from kb.search import Ranking
from kb.types import AbstentionReason, OpenQuestion

BEST = "best"
"""Value that the decision to answer is made of."""
_NEAREST = 3
"""An open question counts when it is of the case of one of so many best statements."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to answer, and if not, why."""

    reason_code: AbstentionReason
    """Empty when the question can be answered."""
    confidence: float
    """Estimated chance that the sources answer the question, 0 to 1."""
    unknown_names: tuple[str, ...] = ()
    """What the question names and the evidence does not; only with ``elsewhere``."""
    left_open: OpenQuestion | None = None
    """The open question that was asked; only with ``open-question``."""

    @property
    def reason(self) -> str:
        """One plain sentence; empty when the question can be answered."""
        return in_english(ABSTENTIONS[self.reason_code], {"names": self.unknown_names})


def judge(
    reading: Reading,
    parts: Sequence[Part],
    open_questions: Callable[[], Sequence[tuple[OpenQuestion, float]]],
) -> Decision:
    """Decide whether the statements that were read answer the question, or a part.

    Args:
        reading: Of the question.
        parts: Of a question of several; one that is answered is enough.
        open_questions: Returns the nearest ones, each with its chance to be what was
            asked, likeliest first; read only where no statement answers.
    """
    calibration = reading.calibration
    first = read_first(reading)
    read_for = [first, *(answering for _, answering in parts)]
    confidence = max(calibration.decision.chance(values_of(read)) for read in read_for)
    confidence = round(confidence, 3)
    if confidence >= calibration.least_confidence:
        return Decision("", confidence)
    nearest = {read.case_id for read in first[:_NEAREST]}
    for question, chance in open_questions():
        if chance >= calibration.least_open and question.case_id in nearest:
            return Decision("open-question", confidence, left_open=question)
    return Decision("no-direct-answer", confidence)


def judge_by_cases(
    decision: Decision, ranking: Ranking, about: Collection[str]
) -> Decision:
    """Decide again where whole cases tell more than single statements do.

    What a city did on a topic is what its cases on it are, though none of their
    statements may say so. And a question that names several cities of which none has a
    case on it is not answered by what else they did. (Of the 48 answerable ones of
    `dev` and `broad-dev` that name several, every one has such a case.)

    Args:
        decision: What `judge` said.
        ranking: What the question found.
        about: Ids of the cases that are about it.
    """
    query, named = ranking.query, ranking.named_cities
    if decision.reason_code == "no-direct-answer":
        if about and asks_for_overview(query.text, named):
            return Decision("", decision.confidence)
    elif not decision.reason_code and len(named) > 1:
        is_filtered = query.cities or query.themes  # what is on it may be hidden
        if not (about or is_filtered):
            return Decision("no-direct-answer", decision.confidence)
    return decision


def values_of(read: Iterable[ReadStatement]) -> dict[str, float]:
    """Return what the decision on a question is made of, by name.

    Args:
        read: For the question, or a part of it.
    """
    return decision_values([each.answers for each in read])


def decision_values(chances: Iterable[float]) -> dict[str, float]:
    """Return what the decision to answer is made of, by name.

    It is the best chance alone, on the log-odds scale: the second best, open questions
    and four signals of likeness add nothing to it (evals/README.md, "What was tried").

    Args:
        chances: Of each statement that was read first, to answer.
    """
    return {BEST: max((log(c / (1 - c)) for c in chances), default=_LEAST_ODDS)}


def judge_without_reader(ranking: Ranking, topic: Decision, margin: float) -> Decision:
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
) -> Decision:
    """Decide whether the question is about what the cases cover at all.

    Args:
        ranking: What the question found.
        evidence_words: Returns every word of what the question found.
        vocabulary: Every word of the corpus.

    Returns:
        A decision that abstains because nothing was found, or as ``elsewhere`` or
        ``off-topic``; otherwise one without a reason.
    """
    if not ranking.statements:
        return Decision("weak-evidence", 0.0)
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
    return Decision("", confidence)


def _abstain(
    code: AbstentionReason, confidence: float, names: Sequence[str] = ()
) -> Decision:
    confidence = min(confidence, _MOST_WHEN_ABSTAINING)
    return Decision(code, confidence, unknown_names=tuple(names))


# Half of the answerable development questions lie more than .037 above the threshold.
_SCALE = 0.03
_MOST_WHEN_ABSTAINING = 0.4


def _squash(value: float) -> float:
    """Return a number between 0 and 1; 0.5 for 0."""
    return round(1 / (1 + exp(-value)), 3)


# Of a statement that is as far from answering as can be.
_LEAST_ODDS = -12.0
