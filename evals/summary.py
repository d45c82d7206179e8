"""What an evaluation found: the shapes of `summary.json`, in the order of its keys."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from pydantic import TypeAdapter

NDCG = "case nDCG@10"
"""The measure that orders the worst questions."""
RECALL = "case R(rel=2)@5"
"""The first figure of the report."""
MUST_HOLD = "must-hold recall"


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95% bootstrap confidence interval."""

    mean: float
    low: float
    high: float
    n: int
    """Questions it is the mean of."""


Means = dict[str, Estimate]
"""By measure; a measure that says nothing about any of the questions is left out."""


@dataclass(frozen=True)
class Share:
    """A part of a whole, counted."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """The share, 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Refusals:
    """How often a system answers what it should refuse, and the other way round."""

    false_refusals: int
    answerable: int
    wrongly_answered: dict[str, int]
    """Answered questions without an answer, by kind, in the order of reports."""
    unanswerable: dict[str, int]
    """How many there are, by kind."""

    @property
    def refused(self) -> Share:
        """The questions with an answer that get none."""
        return Share(self.false_refusals, self.answerable)

    @property
    def answered(self) -> Share:
        """The questions without an answer that get one."""
        return Share(
            sum(self.wrongly_answered.values()), sum(self.unanswerable.values())
        )

    def answered_of(self, kind: str) -> Share:
        """Return the same of one kind; nothing of nothing where there is none."""
        return Share(self.wrongly_answered.get(kind, 0), self.unanswerable.get(kind, 0))


@dataclass(frozen=True)
class ReliabilityBin:
    """Questions of like confidence."""

    confidence: float
    """Their mean confidence."""
    answerable: float
    """The share of them that the corpus answers."""
    n: int


@dataclass(frozen=True)
class Reliability:
    """How far the confidence is from the share of questions with an answer."""

    error: float
    """Expected calibration error."""
    bins: list[ReliabilityBin]
    """By rising confidence."""


@dataclass(frozen=True)
class CurvePoint:
    """What a threshold of confidence would do, if it alone decided."""

    threshold: float
    false_refusal_rate: float
    wrong_answer_rates: dict[str, float]
    """By kind of unanswerable question."""


@dataclass(frozen=True)
class SourceLanguages:
    """How far sources in other languages than English are used."""

    cited: float
    """Share of non-English sources behind the statements shown."""
    judged: float
    """Share of non-English sources behind the statements judged 2."""


@dataclass(frozen=True)
class AnswerSummary:
    """How a system answers and refuses."""

    refusals: Refusals
    refusals_by_kind: dict[str, Refusals]
    refusals_by_language: dict[str, Refusals]
    calibration: Reliability | None
    curve: list[CurvePoint]
    source_languages: SourceLanguages
    statements_shown: float
    """Mean number of statements in an answer."""


@dataclass(frozen=True)
class WorstGroup:
    """The group with the lowest mean."""

    group: str
    mean: float


@dataclass(frozen=True)
class Percentiles:
    """Times in milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True)
class SystemSummary:
    """How good one system was found to be."""

    all: Means
    """Over all questions."""
    by_language: dict[str, Means]
    worst_language: dict[str, WorstGroup]
    """By measure, among languages with enough questions."""
    by_theme: dict[str, Means]
    by_kind: dict[str, Means]
    without_near_twins: Means
    """Over the questions without a near twin; empty where no question has one."""
    p_values: dict[str, float]
    """Of the difference to the baseline, by measure; empty for the baseline itself."""
    answers: AnswerSummary | None
    """None for a system that only retrieves."""
    speed_ms: dict[str, Percentiles]
    """By stage, the whole first."""


@dataclass(frozen=True)
class QuestionCounts:
    """How many questions there were."""

    all: int
    answerable: int
    unanswerable: int
    information_needs: int
    """Different things asked for; a question and its translations are one."""
    languages: list[str]


@dataclass(frozen=True)
class WorstQuestion:
    """A question that went badly."""

    qid: str
    lang: str
    kind: str
    text: str
    abstained: bool
    reason: str
    """Of the abstention, in a sentence; empty where there is none."""
    value: float | None
    """Its `NDCG`; None where it was not measured."""
    found: list[str]
    """Ids of the first cases of the ranking."""
    wanted: list[str]
    """Ids of the cases that answer it, sorted."""


@dataclass(frozen=True)
class RunConditions:
    """What was run, and on what."""

    set: str
    """Name of the question set."""
    command: str
    settings_digest: str
    index: str
    """Generation of the index."""
    corpus_digest: str
    model: str
    """Embedding model and what ran it."""


@dataclass(frozen=True)
class RunSummary(RunConditions):
    """What systems did with one question set."""

    date: datetime
    questions: QuestionCounts
    near_twins: dict[str, str]
    """By question id, the question that it is a near twin of."""
    baseline: str | None
    """The system that the others are compared with; None where it was not run."""
    systems: dict[str, SystemSummary]
    worst_questions: list[WorstQuestion]
    """Of the first system that answers."""

    @property
    def answering(self) -> dict[str, AnswerSummary]:
        """The answers of each system that answers."""
        return {name: s.answers for name, s in self.systems.items() if s.answers}


def summary_json(summary: RunSummary) -> str:
    """Return a summary as JSON."""
    return json.dumps(
        asdict(summary), ensure_ascii=False, indent=1, default=datetime.isoformat
    )


def parse_summary(text: str) -> RunSummary:
    """Return the summary that `summary_json` wrote.

    Raises:
        ValidationError: It is none; a ValueError.
    """
    return TypeAdapter(RunSummary).validate_json(text)
