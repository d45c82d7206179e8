"""Whether the marks of what was compared with its source still hold."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.documents import Document, Units
from kb.errors import shown
from kb.review import mark_of
from kb.types import Problem

_RULE = "checked-mark"


def checked_marks(document: Document, split: Units | None) -> Iterator[Problem]:
    """Yield each mark that names no statement, and a checked case that lacks marks.

    Args:
        document: The case as it was read.
        split: Its statements; None for a file that was rejected, of which nothing is
            said.
    """
    if not split or not document.case:
        return
    path = document.front_matter_path or document.path
    marks = [mark_of(statement.statement_id) for statement in split.statements]
    for mark, day in document.checked_on.items():
        if mark not in marks:
            yield Problem(
                path,
                document.lines.get(("review", "checked", day)),
                _RULE,
                "error",
                f"the mark {shown(mark)} names no statement: it was changed after it "
                "was compared with its source, or is gone.",
                "Remove the mark, or compare the statement again and write the mark "
                "that `mentorkb preview` shows.",
            )
    missing = [mark for mark in marks if mark not in document.checked_on]
    if document.case.review.status == "checked" and missing:
        yield Problem(
            path,
            document.lines.get(("review", "status")),
            _RULE,
            "error",
            f"the case is called checked, but {len(missing)} of {len(marks)} "
            f"statements have no mark: {', '.join(missing)}.",
            "Compare them with their sources and list their marks, or write "
            "`status: draft`.",
        )
