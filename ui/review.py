"""What pages and files say of who has looked at a case or a statement.

What was only compared with its source must never look as if anybody had approved it.
"""

from __future__ import annotations

from kb.review import status_of
from kb.types import Review, ReviewStatus, Statement
from ui.formats import day
from ui.texts import _, ngettext


def review_name(status: ReviewStatus) -> str:
    """Return what a state is called where it stands alone."""
    names: dict[ReviewStatus, str] = {
        "draft": _("Draft: not yet read by an expert"),
        "checked": _("Compared with its sources; not yet read by an expert"),
        "reviewed": _("Reviewed by an expert"),
    }
    return names[status]


def short_review_name(status: ReviewStatus) -> str:
    """Return what a state is called in a list."""
    names: dict[ReviewStatus, str] = {
        "draft": _("Draft"),
        "checked": _("Compared with its sources"),
        "reviewed": _("Reviewed by an expert"),
    }
    return names[status]


def review_told(review: Review) -> str:
    """Return who has looked at a whole case, and when."""
    if review.on is None or review.status == "draft":
        return review_name(review.status)
    if review.status == "reviewed":
        return _("Reviewed by an expert on {date}", date=day(review.on))
    return _(
        "Every statement was compared with a stored copy of its source, the last one "
        "on {date}. No expert or city has approved them.",
        date=day(review.on),
    )


def comparison_told(checked_on: str) -> str:
    """Return what it means that a statement was compared with its source on a day."""
    return _(
        "Compared with a stored copy of its source on {date}. No expert or city has "
        "approved it.",
        date=day(checked_on),
    )


def comparison_note(statement: Statement, review: Review) -> str:
    """Return the same in a few words; empty for a draft, and for a reviewed case."""
    if status_of(statement, review) != "checked" or statement.checked_on is None:
        return ""
    return _("compared with its source on {date}", date=day(statement.checked_on))


def comparisons_counted(n: int, total: int) -> str:
    """Return how many of some statements were compared; empty for none of them."""
    if not n:
        return ""
    return ngettext(
        "{n} of {total} statements was compared with a stored copy of its source; no "
        "expert or city has approved it.",
        "{n} of {total} statements were compared with stored copies of their sources; "
        "no expert or city has approved them.",
        n,
        total=total,
    )
