"""Who has looked at a case or at one of its statements, and what that is worth.

A draft has been read by nobody but who wrote it. A checked statement was compared with
a stored copy of its source by a second reader, who approves nothing. A reviewed case
has been read by an expert.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.types import Citation, Review, ReviewStatus, Statement

MEANING = (
    "Cases are drafts until their `review`, or of a statement `review_status`, says "
    "otherwise: `checked` means that somebody compared the statement with a stored "
    "copy of its source and that no expert or city has approved it; `reviewed` means "
    "that an expert has read the case."
)


def mark_of(statement_id: str) -> str:
    """Return the id of a statement without its case's, as front matter names it."""
    return statement_id.partition("#")[2]


def status_of(statement: Statement, review: Review) -> ReviewStatus:
    """Return the state of one statement of a case: a review is of all of them."""
    if review.status == "reviewed":
        return "reviewed"
    return "checked" if statement.checked_on else "draft"


def as_compared(review: Review, statements: Sequence[Statement]) -> Review:
    """Return a case's review that claims no more than its statements do.

    Only where every one of them was compared the case is checked; then the day is that
    of the last comparison.
    """
    if review.status != "checked":
        return review
    days = [statement.checked_on for statement in statements]
    compared = [day for day in days if day]
    if not days or len(compared) < len(days):
        return replace(review, status="draft")
    return replace(review, on=max(compared))


def review_told(citation: Citation) -> str:
    """Return in a few English words who has looked at a cited statement."""
    if citation.review_status == "checked":
        return f"compared with its source on {citation.checked_on}, not approved"
    return citation.review_status
