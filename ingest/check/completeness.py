"""What a case lacks: obstacles, lessons, more than a few words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ingest.check.statements import PlacedStatement
from ingest.documents import Document
from kb.errors import shown
from kb.types import Problem

_EXPECTED = {
    "Obstacles": (
        "no-obstacles",
        "the case names no obstacle.",
        'Add a section "Obstacles" with what went wrong or was in the way, '
        "if a source says it.",
    ),
    "Lessons": (
        "no-lessons",
        "the case names no lesson.",
        'Add a section "Lessons" with what those involved concluded, '
        "if a source says it.",
    ),
}
# Characters: half of a usual statement of the shipped corpus.
_SHORT = 80
_FEW_STATEMENTS = 3


def missing_sections(
    document: Document, statements: Sequence[PlacedStatement]
) -> Iterator[Problem]:
    """Yield the sections that other cities ask for first and this case has not."""
    present = {statement.heading for statement in statements}
    for heading, (rule, reason, remedy) in _EXPECTED.items():
        if statements and heading not in present:
            yield Problem(document.path, None, rule, "hint", reason, remedy)


def thin_parts(
    document: Document, statements: Sequence[PlacedStatement]
) -> Iterator[Problem]:
    """Yield sections of one short statement, and a case of very few statements.

    A case without any statement is an error of its own (``no-statements``).
    """
    by_heading: defaultdict[str, list[PlacedStatement]] = defaultdict(list)
    for statement in statements:
        by_heading[statement.heading].append(statement)
    for heading, (first, *more) in by_heading.items():
        if heading and not more and len(first.text) < _SHORT:
            yield first.problem(
                "thin-section",
                "hint",
                f"the section {shown(heading)} holds one short statement only.",
                "Add what else the sources say, or move it into another section.",
            )
    if 0 < len(statements) < _FEW_STATEMENTS:
        yield Problem(
            document.path,
            None,
            "thin-case",
            "warning",
            f"the case holds {len(statements)} of the {_FEW_STATEMENTS} statements "
            "that a case needs at least.",
            "Add statements, or move these into another case.",
        )
