"""What the front matter of a case must hold: the schema, and what becomes of it.

The same schema serves the block on top of a Markdown file, the sidecar ``<file>.yaml``
of other formats, and the sources of ``cities.yaml``.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Annotated

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from kb.types import Case, Review, ReviewStatus, Source

_http_url = TypeAdapter(AnyHttpUrl)
FIRST_YEAR = 1900
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNSHOWN = ("Cc", "Cs")
"""Unicode's categories of control characters and of halves of characters."""


def _check_url(value: object) -> object:
    if isinstance(value, str):
        _http_url.validate_python(value)
    return value


def _check_printable(value: str) -> str:
    if any(unicodedata.category(char) in _UNSHOWN for char in value if char != "\n"):
        raise ValueError("it holds a character that cannot be shown")
    return value


Text = Annotated[
    str, Field(min_length=1, pattern=r"\S"), AfterValidator(_check_printable)
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SourceEntry(_Model):
    """A public source; ``year: null`` says that the source states none.

    ``not_before`` can then tell from which year on it can be.
    """

    title: Text
    publisher: Text
    url: Annotated[str, BeforeValidator(_check_url)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    year: Annotated[int, Field(ge=FIRST_YEAR, le=dt.date.today().year + 1)] | None
    not_before: Annotated[int, Field(ge=FIRST_YEAR, le=dt.date.today().year)] | None = (
        None
    )

    @field_validator("not_before")
    @classmethod
    def _instead_of_a_year(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and info.data.get("year") is not None:
            raise ValueError("the source's year is given, too")
        return value

    def as_source(self, source_id: str) -> Source:
        """Return the record that the knowledge base keeps."""
        return Source(source_id=source_id, **self.model_dump())


def _check_written(value: object) -> object:
    # A number, in quotes or not, would else count as seconds since 1970.
    if not (isinstance(value, dt.date) or _DAY.fullmatch(str(value))):
        raise ValueError("it is no day")
    return value


def _check_past(value: dt.date) -> dt.date:
    if value > dt.date.today():
        raise ValueError("the day is still to come")
    return value


Day = Annotated[dt.date, BeforeValidator(_check_written), AfterValidator(_check_past)]
"""On which somebody has read something, written as 2026-03-01."""
Mark = Annotated[str, Field(pattern=r"^[^\s#]*\.[0-9a-f]{8}(-\d+)?$")]
"""A statement's id without its case's, see `kb.review.mark_of`."""


class ReviewEntry(_Model):
    """Draft until an expert has read the case; then who read it, and when.

    ``checked`` lists the statements that were compared with a stored copy of their
    source, by the day. Their marks hold a digest of their words, so that a mark names
    nothing any more when the words change.
    """

    status: ReviewStatus
    by: Text | None = None
    on: Day | None = None
    checked: dict[Day, Annotated[list[Mark], Field(min_length=1)]] = {}

    @model_validator(mode="after")
    def _read_by_an_expert(self) -> ReviewEntry:
        if self.status == "reviewed" and not (self.by and self.on):
            raise ValueError("a reviewed case names who reviewed it (by) and when (on)")
        if self.status == "checked" and (self.by or self.on):
            raise ValueError("by and on tell of an expert, whom a checked case lacks")
        return self

    def checked_on(self) -> dict[str, str]:
        """Return the last day on which each statement was compared, by its mark."""
        return {
            mark: day.isoformat()
            for day, marks in sorted(self.checked.items())
            for mark in marks
        }


SourceId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]


class FrontMatter(_Model):
    """What every case states about itself (see corpus/README.md)."""

    title: Text
    city: Text
    themes: Annotated[list[Text], Field(min_length=1)]
    period: Text
    actors: list[Text]
    summary: Text
    sources: Annotated[dict[SourceId, SourceEntry], Field(min_length=1)]
    review: ReviewEntry

    def as_case(self, case_id: str, path: str) -> Case:
        """Return the record that the knowledge base keeps."""
        review = self.review
        return Case(
            case_id=case_id,
            city=self.city,
            title=self.title,
            themes=tuple(self.themes),
            period=self.period,
            actors=tuple(self.actors),
            summary=self.summary.strip(),
            sources=tuple(entry.as_source(sid) for sid, entry in self.sources.items()),
            review=Review(
                status=review.status,
                by=review.by,
                on=review.on.isoformat() if review.on else None,
            ),
            path=path,
        )
