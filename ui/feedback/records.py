"""What feedback is: who asked stays unknown, what was asked and shown is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kb.types import AbstentionReason, Answer, Citation, Query

MAX_COMMENT_CHARS = 500


class Verdict(StrEnum):
    """Thumb up or down."""

    UP = "up"
    DOWN = "down"


class DownReason(StrEnum):
    """Why the thumb is down."""

    WRONG = "wrong"
    NOT_RELEVANT = "not relevant"
    OUTDATED = "outdated"
    TOO_LONG = "too long"
    MISSING_CITY = "missing city"
    OTHER = "other"


class Kind(StrEnum):
    """What an entry tells."""

    RATING = "rating"
    UNANSWERED = "unanswered"
    """The sources did not answer; kept by itself."""
    SENT = "sent"
    """Somebody sent the unanswered question to the discussion group."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question and what was shown for it, so that an expert can see the same."""

    question: str
    cities: tuple[str, ...]
    """Slugs of the cities it was narrowed to; empty for all."""
    themes: tuple[str, ...]
    language: str
    """ISO 639-1 code of the question's detected language."""
    reason_code: AbstentionReason
    """Why there was no answer; empty when there was one."""
    cases: tuple[str, ...]
    """Case ids, in the order in which they were shown."""
    passages: tuple[str, ...]
    """Passage ids, in the order in which they were shown."""
    generation: str
    """The index that answered."""
    settings_digest: str

    @classmethod
    def of(
        cls, answer: Answer, query: Query, *, generation: str, settings_digest: str
    ) -> Shown:
        """Return what an answer showed for a query.

        Args:
            answer: The answer.
            query: What was asked, with its filters.
            generation: Name of the index that answered.
            settings_digest: Of the settings that it answered with.
        """
        cases = [citation.case_id for citation in answer.citations]
        cases += [case.case_id for case in answer.nearest_cases]
        return cls(
            question=query.text,
            cities=query.cities,
            themes=query.themes,
            language=answer.language,
            reason_code=answer.reason_code,
            cases=_each_once(cases),
            passages=_each_once(c.passage_id for c in answer.citations),
            generation=generation,
            settings_digest=settings_digest,
        )

    @classmethod
    def of_passage(
        cls,
        citation: Citation,
        query: Query,
        *,
        language: str,
        generation: str,
        settings_digest: str,
    ) -> Shown:
        """Return what one citation of a query's answer showed.

        Args:
            citation: The citation.
            query: What was asked, with its filters.
            language: ISO 639-1 code of the question's language.
            generation: Name of the index that answered.
            settings_digest: Of the settings that it answered with.
        """
        return cls(
            question=query.text,
            cities=query.cities,
            themes=query.themes,
            language=language,
            reason_code="",
            cases=(citation.case_id,),
            passages=(citation.passage_id,),
            generation=generation,
            settings_digest=settings_digest,
        )


@dataclass(frozen=True, slots=True)
class Rating:
    """A thumb on an answer, or on one passage of it."""

    shown: Shown
    verdict: Verdict
    reason: DownReason | None = None
    comment: str = ""
    case_id: str = ""
    """Of the rated passage; the three are empty for the answer as a whole."""
    passage_id: str = ""
    statement_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of feedback as it is kept."""

    entry_id: str
    day: date
    kind: Kind
    shown: Shown
    times: int
    """How often on that day; more than 1 only where nobody has rated."""
    verdict: Verdict | None
    reason: DownReason | None
    comment: str
    case_id: str
    passage_id: str
    statement_id: str
    settled_on: date | None
    """The day on which an expert settled it."""
    note: str
    """What the expert noted."""


@dataclass(frozen=True, slots=True)
class Todo:
    """A question that found no answer or a bad one, with everything said about it."""

    todo_id: str
    """For `settle` and `reopen`: letters, digits and hyphens."""
    shown: Shown
    """Of its newest asking."""
    first_day: date
    last_day: date
    unanswered: int
    """How often it found no answer."""
    rated_down: int
    """Thumbs down on its answers and on their passages."""
    sent: int
    """How often it was sent to the discussion group."""
    reasons: tuple[tuple[DownReason, int], ...]
    """Reasons of the thumbs down, the most frequent first."""
    comments: tuple[str, ...]
    """Newest first."""
    passages: tuple[str, ...]
    """Passages rated down, the most frequent first."""
    settled_on: date | None
    note: str


def one_line(text: str) -> str:
    """Return a text without control characters and with single spaces."""
    visible = "".join(
        " " if unicodedata.category(char) in {"Cc", "Cs"} else char for char in text
    )
    return " ".join(visible.split())


def cut(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` characters, cut between two words.

    Half an address or number would no longer be known as one.
    """
    if len(text) <= limit:
        return text
    return text[: limit + 1].rpartition(" ")[0]


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
