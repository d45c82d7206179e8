"""The JSON of `kb.records` as the API describes it; a test holds the two together.

Keys may be added within a version; none is removed or changes its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, Field

from kb.types import (
    AbstentionReason,
    AnswerBlock,
    AnswerPart,
    Condition,
    KeyFigure,
    NearestCase,
    OpenQuestion,
    Problem,
    Review,
    ReviewStatus,
    Step,
    Theme,
    Why,
)

__all__ = [
    "Answer",
    "Cases",
    "City",
    "Comparison",
    "FullCase",
    "Health",
    "Hit",
    "Status",
    "Theme",
]


_UNCERTAIN = "Whether its figures may not be as on the page: compare them with it."


class Source(BaseModel):
    """A public source."""

    id: str
    title: str
    publisher: str
    url: str
    language: str
    year: int | None = Field(description="Of publication; null where it states none.")
    not_before: int | None = Field(
        description="Where `year` is null: it is from this year or later."
    )


class Citation(BaseModel):
    """The record behind one number in an answer."""

    n: int
    statement_id: str
    passage_id: str
    case_id: str
    title: str
    city: str
    section: str
    page: int | None
    passage: str
    start: int = Field(description="Where the statement begins in the passage.")
    end: int
    sources: list[Source]
    review_status: ReviewStatus
    language: str
    checked_on: str | None
    uncertain: bool = Field(description=_UNCERTAIN)
    why: Why | None


class AnswerStatement(BaseModel):
    """One statement of an answer, in the words of the corpus, with citation numbers."""

    text: str
    citations: list[int]
    city: str
    case_id: str
    score: float
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigure(KeyFigure):
    """A key figure of a statement of an answer."""

    citation: int
    """Number of the statement in the answer."""


class Answer(BaseModel):
    """An answer, or why there is none."""

    question: str
    understood_as: str
    language: str
    abstained: bool = Field(description="Whether the sources do not answer.")
    reason: str = Field(description="Why they do not; empty where they do.")
    reason_code: AbstentionReason
    headline: str
    statements: list[AnswerStatement] = Field(description="Word for word, cited.")
    closest: list[AnswerStatement] = Field(
        description="What comes nearest where nothing answers; it is no answer."
    )
    blocks: list[AnswerBlock]
    more_cases: list[NearestCase]
    parts: list[AnswerPart]
    silent_cities: list[str]
    left_open: OpenQuestion | None
    citations: list[Citation]
    confidence: float
    open_questions: list[OpenQuestion]
    nearest_cases: list[NearestCase]
    figures: list[AnswerFigure] = Field(
        description="Read from the statements by people; the statement is the evidence."
    )
    timings_ms: dict[str, float]


class Hit(BaseModel):
    """A passage that is near a question, which does not mean that it answers."""

    rank: int
    score: float
    passage_id: str
    case_id: str
    title: str
    city: str
    themes: list[str]
    section: str
    page: int | None
    text: str
    uncertain: bool = Field(description=_UNCERTAIN)
    sources: list[Source]
    path: str


class Column(BaseModel):
    """What one city's cases say."""

    city: str
    cases: list[NearestCase]
    nearest: NearestCase | None
    cells: dict[str, list[AnswerStatement]]
    silent: list[str] = Field(
        description="Kinds of section of which everything was read and nothing answers."
    )
    open_questions: list[OpenQuestion]


class Comparison(BaseModel):
    """Two to four cities side by side."""

    question: str
    language: str
    abstained: bool
    reason: str
    reason_code: AbstentionReason
    unknown_names: list[str]
    rows: list[str]
    columns: list[Column]
    citations: list[Citation]
    other_cities: list[str]
    figures: list[AnswerFigure]
    timings_ms: dict[str, float]


class ListedCase(BaseModel):
    """A case as a line of a list."""

    case_id: str
    title: str
    city: str
    themes: list[str]
    period: str
    summary: str
    review: Review
    sources: list[str] = Field(description="Addresses.")


class Cases(BaseModel):
    """A page of the cases."""

    total: int = Field(description="How many there are on all pages.")
    cases: list[ListedCase]


class Statement(BaseModel):
    """A sentence of a case with its source marks."""

    statement_id: str
    section: str
    text: str
    sources: list[str] = Field(description="Ids of the case's sources.")
    checked_on: str | None = Field(
        description="When it was compared with a stored copy of its source."
    )
    uncertain: bool = Field(description=_UNCERTAIN)


class FullCase(BaseModel):
    """A whole case."""

    case_id: str
    title: str
    city: str
    themes: list[str]
    period: str
    actors: list[str]
    summary: str
    language: str
    review: Review
    sources: list[Source]
    path: str
    statements: list[Statement]
    open_questions: list[OpenQuestion]
    figures: list[KeyFigure] = Field(description="Read from the statements by people.")
    conditions: list[Condition]
    steps: list[Step] = Field(description="In the order of the practice.")


class City(BaseModel):
    """A mentor city."""

    slug: str
    name: str
    country: str
    country_code: str
    population: int
    population_year: int | None
    population_source: Source
    latitude: float
    longitude: float
    mentor_theme: str
    mission_status: str
    mission_sources: list[Source]


class Status(BaseModel):
    """What is published."""

    generation: str
    format_version: int
    created_at: str
    seconds: float
    model_id: str
    backend: str
    multilingual: bool
    dimension: int
    splitter_version: int
    passage_tokens: int
    corpus_digest: str
    cities: int
    cases: int
    passages: int
    statements: int
    open_questions: int
    rejected: list[Problem]
    warnings: list[Problem]
    to_confirm: list[Problem]
    previous: str | None
    is_partial: bool


class Health(BaseModel):
    """That all is well."""

    status: str
