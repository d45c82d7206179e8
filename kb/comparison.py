"""What several cities' cases say on one question, as `kb.types` has an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.types import (
    AbstentionReason,
    AnswerStatement,
    Citation,
    KeyFigure,
    NearestCase,
    OpenQuestion,
)


@dataclass(frozen=True, slots=True)
class ComparedCity:
    """One column of a comparison: what a city's cases say on the question."""

    city: str
    """Slug of the city."""
    cases: tuple[NearestCase, ...]
    """The cases that are about the question, best first; empty when none is."""
    nearest: NearestCase | None
    """The case that comes closest, also where none is about the question; None when
    the question is about something else altogether."""
    cells: Mapping[str, tuple[AnswerStatement, ...]]
    """A few statements by kind of section, in reading order; a kind is always there,
    without statements where the cases say nothing."""
    open_questions: tuple[OpenQuestion, ...]
    """What the sources of these cases leave open, nearest first."""
    silent: frozenset[str] = frozenset()
    """Kinds of section of which every statement of the city was read and none comes
    near an answer, also those that it has no statement of; none where nothing reads."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What several cities' cases say on one question, or why there is nothing."""

    question: str
    language: str
    """ISO 639-1 code of the question's detected language."""
    reason: str
    """One plain sentence; empty when at least one city has a case on the question."""
    reason_code: AbstentionReason
    rows: tuple[str, ...]
    """Kinds of section in reading order; last the empty one, where there are others."""
    columns: tuple[ComparedCity, ...]
    """In the order of the query; all of them empty when there is a reason."""
    unknown_names: tuple[str, ...] = ()
    """With the reason code ``elsewhere``, what the question names and no case does."""
    other_cities: tuple[str, ...] = ()
    """Slugs of cities not compared that have cases on the question, best first."""
    figures: tuple[KeyFigure, ...] = ()
    """The key figures of the statements shown, in the order of their cases."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The record behind each number: from 1 over the whole table, row by row."""
        cells = (column.cells[row] for row in self.rows for column in self.columns)
        return tuple(statement.citation for cell in cells for statement in cell)
