"""Whether a statement can be read alone: what it leans on, and how long it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.check.statements import PlacedStatement
from kb.errors import shown
from kb.leaning import leans
from kb.types import Problem

# Of the shipped statements one in twenty is longer.
_MOST_WORDS = 45


def leaning_statements(
    statements: Sequence[PlacedStatement], about: str
) -> Iterator[Problem]:
    """Yield each statement that only points back to what it is about.

    Answers show such a statement with the title of its case.

    Args:
        statements: Of a case.
        about: The city and title of the case.
    """
    for statement in statements:
        if leans(statement.text, about):
            yield statement.problem(
                "leaning-statement",
                "hint",
                f"the statement {shown(statement.text)} leans on another: alone, it "
                "does not say what it is about.",
                "Begin with the name of what it is about.",
            )


def long_statements(statements: Sequence[PlacedStatement]) -> Iterator[Problem]:
    """Yield each statement that is too long to be one fact."""
    for statement in statements:
        n_words = len(statement.text.split())
        if n_words > _MOST_WORDS:
            yield statement.problem(
                "long-statement",
                "hint",
                f"the statement {shown(statement.text)} has {n_words} words, more than "
                f"{_MOST_WORDS}.",
                "Make a statement of each fact.",
            )
