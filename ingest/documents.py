"""A corpus file as its reader returns it, and what it is split into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.index.manifest import Counts
from kb.sections import SUBSECTION
from kb.types import (
    Case,
    Condition,
    KeyFigure,
    OpenQuestion,
    Passage,
    Problem,
    Statement,
    Step,
)


@dataclass(frozen=True)
class Block:
    """A bullet, table row or paragraph: plain text that may close with source marks."""

    section: str
    text: str
    line: int | None = None
    """Line of the file on which it begins, 1-based; None for formats without lines."""
    page: int | None = None
    """Page of the original, 1-based; None for formats without pages."""
    heading_line: int | None = None
    """Line of the section's heading, 1-based; None where there is none."""

    @property
    def heading(self) -> str:
        """The section's heading without its sub-headings."""
        return self.section.partition(SUBSECTION)[0]


@dataclass(frozen=True)
class Facts:
    """What front matter lists of a case's statements, by their ids, in its order."""

    figures: tuple[KeyFigure, ...] = ()
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class CaseText:
    """What of a case file tells whether a review still stands for its text."""

    path: str
    digest: str
    """Of the text that was read (`ingest.texts`), front matter left out."""
    named: str | None
    """The text that its review names, as the beginning of such a digest."""
    front_matter_path: str
    """The file that holds its front matter: ``path``, or the sidecar beside it."""
    review_line: int | None
    """Where in that file its review stands."""
    title_line: int | None


@dataclass(frozen=True)
class Document:
    """One corpus file, read.

    ``case`` is None exactly when ``problems`` holds an error: such a file is rejected.
    """

    path: str
    case: Case | None
    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    """Line of each front matter key, by its path."""
    checked_on: Mapping[str, str] = field(default_factory=dict)
    """Day on which a statement was compared with its source, by `kb.review.mark_of`."""
    facts: Facts = field(default_factory=Facts)
    """As its front matter has them, also of statements that are not there."""
    cites_itself: bool = False
    """True when the file is itself the public source (a report), so that every sentence
    carries the sources of the front matter; False when each statement has its marks."""
    front_matter_path: str = ""
    """The file that ``lines`` count in: ``path``, or the sidecar beside it."""
    title: str = ""
    """The title that stands in the text; empty when no heading is one."""
    uncertain_pages: frozenset[int] = frozenset()
    """Pages, 1-based, whose figures may not be as on the page."""
    text: CaseText | None = None
    """None of what is no file."""


@dataclass(frozen=True)
class Units:
    """What documents are split into, in reading order: one of them, or a corpus."""

    cases: list[Case] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    open_questions: list[OpenQuestion] = field(default_factory=list)
    figures: list[KeyFigure] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    texts: list[CaseText] = field(default_factory=list)

    def add(self, more: Units) -> None:
        """Add the units of other documents behind these."""
        self.cases.extend(more.cases)
        self.passages.extend(more.passages)
        self.statements.extend(more.statements)
        self.open_questions.extend(more.open_questions)
        self.figures.extend(more.figures)
        self.conditions.extend(more.conditions)
        self.steps.extend(more.steps)
        self.texts.extend(more.texts)

    def counts(self) -> Counts:
        """Return how much there is."""
        return Counts(
            cities=len({case.city for case in self.cases}),
            cases=len(self.cases),
            passages=len(self.passages),
            statements=len(self.statements),
            open_questions=len(self.open_questions),
        )
