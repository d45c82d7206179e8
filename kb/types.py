"""The vocabulary of the knowledge base: plain, frozen records that all packages share.

Conventions, stated once:

* Scores: higher is better everywhere. Equal scores are ordered by ascending id.
* Spans are half-open character offsets. A passage's span lies in its document's text,
  a statement's span in its passage's text: ``text[start:end]``.
* Ids are readable and the same on every machine. A case id is
  ``<city-slug>/<practice-slug>``; the ids of its parts begin with it.
* Ranks and pages start at 1; durations carry their unit in the name (``_ms``, ``_s``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kb.facts import Condition as Condition
from kb.facts import ConditionRole as ConditionRole
from kb.facts import FigureKind as FigureKind
from kb.facts import FigureState as FigureState
from kb.facts import KeyFigure as KeyFigure
from kb.facts import MoneyKind as MoneyKind
from kb.facts import Step as Step
from kb.ids import case_id_of as case_id_of
from kb.ids import city_of as city_of

Severity = Literal["error", "warning", "hint"]
ReviewStatus = Literal["draft", "checked", "reviewed"]
"""`kb.review` says what each of them means."""


@dataclass(frozen=True, slots=True)
class Source:
    """A public source as one case names it (``S1``); a draft's may lack anything."""

    source_id: str
    title: str = ""
    publisher: str = ""
    url: str = ""
    language: str = ""
    """ISO 639-1 code of the language that the source is written in."""
    year: int | None = None
    """Year of publication; None when the source states none."""
    not_before: int | None = None
    """Where it states none: the earliest year that it can be from, if that is known."""

    @property
    def earliest_year(self) -> int | None:
        """The year of publication, or else the earliest that it can be."""
        return self.not_before if self.year is None else self.year


@dataclass(frozen=True, slots=True)
class Review:
    """Whether an expert has read a case."""

    status: ReviewStatus = "draft"
    by: str | None = None
    on: str | None = None
    """ISO date of the review; of a checked case, on which the last was compared."""


@dataclass(frozen=True, slots=True)
class Case:
    """One practice of one city: what is known about the document as a whole."""

    case_id: str
    city: str
    """Slug of the city, as in ``cities.yaml``."""
    title: str
    themes: tuple[str, ...]
    period: str
    actors: tuple[str, ...]
    summary: str
    sources: tuple[Source, ...]
    review: Review
    path: str
    """File path below the corpus folder, with forward slashes."""
    language: str = "und"
    """ISO 639-1 code of the language that most of the file is written in."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A section, or a part of one, of a few hundred tokens: the retrieval unit."""

    passage_id: str
    case_id: str
    section: str
    page: int | None
    """Page of the original, 1-based; None for formats without pages."""
    start: int
    end: int
    text: str
    language: str = "und"
    """ISO 639-1 code of its detected language."""
    uncertain: bool = False
    """Whether its figures may not be as on the page, which was hard to read."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or bullet with its own source marks: the evidence unit."""

    statement_id: str
    passage_id: str
    case_id: str
    section: str
    start: int
    end: int
    text: str
    source_ids: tuple[str, ...]
    checked_on: str | None = None
    """ISO date on which it was compared with a stored copy of its source."""

    @property
    def city(self) -> str:
        """Slug of its city."""
        return city_of(self.case_id)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something that a case's sources leave open, noted by who wrote the case."""

    question_id: str
    case_id: str
    text: str


@dataclass(frozen=True, slots=True)
class FullCase:
    """A case with everything that its file says."""

    case: Case
    passages: list[Passage]
    statements: list[Statement]
    open_questions: list[OpenQuestion]
    figures: tuple[KeyFigure, ...] = ()
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()
    """In the order of the practice."""


@dataclass(frozen=True, slots=True)
class City:
    """A mentor city as ``cities.yaml`` describes it."""

    slug: str
    name: str
    country: str
    country_code: str
    aliases: tuple[str, ...]
    """Other names and stems of inflected names under which questions mention it."""
    population: int
    population_year: int | None
    population_source: Source
    latitude: float
    longitude: float
    mentor_theme: str
    mission_status: str
    mission_sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the four themes that cases are filed under."""

    slug: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its filters; empty filters mean everything."""

    text: str
    cities: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    query_id: str = ""
    after: str = ""
    """The question just before, in whose context it is understood; may be empty."""


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """A ranked passage with the case and the public sources behind it."""

    rank: int
    score: float
    passage: Passage
    case: Case
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why a question found a statement: what its score is made of, in plain parts."""

    words: tuple[str, ...]
    """Its words, or its section's or title's, that say what is asked; each once."""
    similarity: float
    """Cosine of question and statement with its city, case and section, as measured by
    the model; about 0.7 to 0.95 for the packaged one."""
    bare_similarity: float
    """Cosine of the question without its city and the statement alone."""
    case_similarity: float
    """Cosine of question and whole case."""
    coverage: float
    """Share of what the question asks for, by weight, that the statement has words
    for, 0 to 1."""
    names_city: bool
    """Whether the question names the statement's city."""
    question_language: str
    """ISO 639-1 code of the language that the question was read in."""


@dataclass(frozen=True, slots=True)
class Citation:
    """The full record behind one number in an answer."""

    n: int
    statement_id: str
    passage_id: str
    case_id: str
    title: str
    city: str
    section: str
    page: int | None
    passage: str
    start: int
    """Where the statement begins in ``passage``."""
    end: int
    sources: tuple[Source, ...]
    review_status: ReviewStatus
    language: str = "und"
    """ISO 639-1 code of the passage's detected language."""
    checked_on: str | None = None
    """As that of the statement."""
    uncertain: bool = False
    """As that of the passage."""
    why: Why | None = None
    """Why the question found it; None where no question did."""

    @property
    def statement(self) -> str:
        """The words of the cited statement."""
        return self.passage[self.start : self.end]


@dataclass(frozen=True, slots=True)
class AnswerStatement:
    """One statement of an answer, with the record behind its number."""

    citation: Citation
    score: float
    subject: str = ""
    """The title of its case, where its own words only point back; else empty."""

    @property
    def text(self) -> str:
        """Its words, which are those of the corpus."""
        return self.citation.statement

    @property
    def citations(self) -> tuple[int, ...]:
        """The number under which it is cited."""
        return (self.citation.n,)

    @property
    def city(self) -> str:
        """Slug of its city."""
        return self.citation.city

    @property
    def case_id(self) -> str:
        """Id of its case."""
        return self.citation.case_id


@dataclass(frozen=True, slots=True)
class AnswerBlock:
    """One case of an overview: what it is, and the statements that answer best."""

    case_id: str
    title: str
    city: str
    summary: str
    """The case's own summary sentence."""
    citations: tuple[int, ...]
    """Numbers of its statements in the answer, best first."""


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One of several things that a question asks at once."""

    text: str
    """The part in the question's own words."""
    citations: tuple[int, ...]
    """Numbers of the statements that answer it; empty where none does."""


@dataclass(frozen=True, slots=True)
class NearestCase:
    """A case that is near a question."""

    case_id: str
    title: str
    city: str
    score: float


AbstentionReason = Literal[
    "", "off-topic", "elsewhere", "open-question", "no-direct-answer", "weak-evidence"
]


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the knowledge base says to a question, or why it says nothing."""

    question: str
    language: str
    """ISO 639-1 code of the question's detected language."""
    abstained: bool
    reason: str
    """One plain sentence; empty when the question was answered."""
    reason_code: AbstentionReason
    statements: tuple[AnswerStatement, ...]
    confidence: float
    """Estimated chance that the sources answer the question, 0 to 1. Whether they were
    found to, only ``abstained`` tells: the line between is fitted, not one half, and
    who is refused for the topic can have more than who is answered."""
    unknown_names: tuple[str, ...] = ()
    """With the reason code ``elsewhere``, what the question names and no case does."""
    open_questions: tuple[OpenQuestion, ...] = ()
    """What the sources of the cases found leave open, nearest first."""
    closest: tuple[AnswerStatement, ...] = ()
    """When no statement answers directly, the few that come closest, cited."""
    nearest_cases: tuple[NearestCase, ...] = ()
    understood_as: str = ""
    """How a follow-up was read, or which beginning of a long question; empty for any
    other."""
    left_open: OpenQuestion | None = None
    """The open question that was asked, when the sources leave just that open."""
    blocks: tuple[AnswerBlock, ...] = ()
    """For a broad question, the answering cases, best first; so, too, where the best
    statement may miss the point. Empty where a statement says what was asked."""
    more_cases: tuple[NearestCase, ...] = ()
    """Further answering cases that the overview has no room for, best first."""
    parts: tuple[AnswerPart, ...] = ()
    """What a question of several parts asks, in its order; empty for a single one."""
    silent_cities: tuple[str, ...] = ()
    """Slugs of the cities that the question names and no statement answers for."""
    figures: tuple[KeyFigure, ...] = ()
    """The key figures of its statements, in the order of these."""
    signals: Mapping[str, float] = field(default_factory=dict)
    """What the evidence looked like, by name; empty when nothing was found."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The record behind each number, in the order of the numbers, from 1."""
        return tuple(s.citation for s in (*self.statements, *self.closest))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a corpus file: found, collected, reported; never raised."""

    path: str
    line: int | None
    """1-based; None when the problem concerns the whole file."""
    rule: str
    severity: Severity
    reason: str
    remedy: str
    other: str | None = None
    """Path of the second file where it is about two: it can be mended in either."""
