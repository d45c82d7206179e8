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

from ingest.documents import Facts
from kb.types import (
    Case,
    Condition,
    ConditionRole,
    FigureKind,
    FigureState,
    KeyFigure,
    Review,
    ReviewStatus,
    Source,
    Step,
)

_http_url = TypeAdapter(AnyHttpUrl)
FIRST_YEAR = 1900
LAST_YEAR = 2100
"""Of a figure, which may be a goal."""
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
Mark = Annotated[str, Field(max_length=200, pattern=r"^[^\s#]*\.[0-9a-f]{8}(-\d+)?$")]
"""A statement's id without its case's, see `kb.review.mark_of`."""


class ReviewEntry(_Model):
    """Draft until an expert has read the case; then who read it, and when.

    ``checked`` lists the statements that were compared with a stored copy of their
    source, by the day. Their marks hold a digest of their words, so that a mark names
    nothing any more when the words change. ``text`` is such a digest of the text that
    was reviewed (`ingest.reviews`).
    """

    status: ReviewStatus
    by: Text | None = None
    on: Day | None = None
    text: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")] | None = None
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


Phrase = Annotated[Text, Field(max_length=300)]
"""A few words, of an item that a case may have by the hundred."""
Word = Annotated[Text, Field(max_length=60)]
Amount = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
Marks = Annotated[list[Mark], Field(min_length=1, max_length=20)]


class FigureEntry(_Model):
    """A key figure, by the mark of the statement that gives it (`KeyFigure`)."""

    statement: Mark
    quote: Phrase
    kind: FigureKind
    what: Phrase
    value: Amount | None
    value_to: Amount | None = None
    unit: Word
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] | None = None
    state: FigureState = "unknown"
    who: Phrase | None = None
    per: Word | None = None

    @model_validator(mode="after")
    def _ascends(self) -> FigureEntry:
        if self.value_to is not None and not (
            self.value is not None and self.value < self.value_to
        ):
            raise ValueError("value_to ends a range, so it is more than value")
        return self


class ConditionEntry(_Model):
    """What made a practice possible or stood in its way, by its statements' marks."""

    key: Annotated[Word, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    says: Phrase
    role: ConditionRole
    ask: Phrase
    statements: Marks


class StepEntry(_Model):
    """A step of a practice, in its place in the list, by its statements' marks."""

    when: Annotated[
        str,
        Field(max_length=60, coerce_numbers_to_str=True),
        AfterValidator(_check_printable),
    ] = ""
    what: Phrase
    statements: Marks


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
    figures: Annotated[list[FigureEntry], Field(max_length=200)] = []
    conditions: Annotated[list[ConditionEntry], Field(max_length=50)] = []
    steps: Annotated[list[StepEntry], Field(max_length=50)] = []

    def facts(self, case_id: str) -> Facts:
        """Return what it lists of the statements of a case, there or not."""

        def named(marks: list[str]) -> tuple[str, ...]:
            return tuple(f"{case_id}#{mark}" for mark in marks)

        return Facts(
            figures=tuple(
                KeyFigure(
                    statement_id=f"{case_id}#{entry.statement}",
                    **entry.model_dump(exclude={"statement"}),
                )
                for entry in self.figures
            ),
            conditions=tuple(
                Condition(
                    statement_ids=named(entry.statements),
                    **entry.model_dump(exclude={"statements"}),
                )
                for entry in self.conditions
            ),
            steps=tuple(
                Step(entry.when, entry.what, named(entry.statements))
                for entry in self.steps
            ),
        )

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
