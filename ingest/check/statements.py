"""The statements of a document with their places, as the rules about them need them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.documents import Document, Units
from ingest.marks import read_marks
from kb.sections import OPEN_QUESTIONS
from kb.types import Problem, Severity


@dataclass(frozen=True, slots=True)
class PlacedStatement:
    """A statement of a case, or a sentence of a report, and where it stands."""

    path: str
    line: int | None
    """1-based; None for formats without lines."""
    page: int | None
    """1-based; None for formats without pages."""
    heading: str
    text: str
    source_ids: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it stands, as people name it: path and line, or path and page."""
        if self.line:
            return f"{self.path}:{self.line}"
        return f"{self.path} (page {self.page})" if self.page else self.path

    def problem(
        self,
        rule: str,
        severity: Severity,
        reason: str,
        remedy: str,
        other: str | None = None,
    ) -> Problem:
        """Return a finding about the statement; without a line it names the page."""
        if self.page and not self.line:
            reason = f"page {self.page}: {reason}"
        return Problem(self.path, self.line, rule, severity, reason, remedy, other)


def marked_statements(document: Document) -> list[PlacedStatement]:
    """Return the statements of a case in reading order, without open questions."""
    return [
        PlacedStatement(
            document.path,
            block.line,
            block.page,
            block.heading,
            statement.text,
            statement.source_ids,
        )
        for block in document.blocks
        if block.heading != OPEN_QUESTIONS
        for statement in read_marks(block.text)
    ]


def all_statements(document: Document, split: Units | None) -> list[PlacedStatement]:
    """Return the statements of a case, or the sentences of a report.

    A report that was rejected, and so not split, has none.
    """
    if not document.cites_itself:
        return marked_statements(document)
    return list(_sentences(document, split)) if split else []


def _sentences(document: Document, split: Units) -> Iterator[PlacedStatement]:
    pages = {passage.passage_id: passage.page for passage in split.passages}
    for statement in split.statements:
        yield PlacedStatement(
            document.path,
            None,
            pages[statement.passage_id],
            statement.section,
            statement.text,
            statement.source_ids,
        )
