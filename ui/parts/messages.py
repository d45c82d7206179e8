"""What went wrong, in the reader's words."""

from __future__ import annotations

from kb.errors import QueryError
from kb.question.prepare import MAX_QUESTION_CHARS
from ui.formats import number
from ui.texts import _


def query_fault(error: QueryError) -> str:
    """Return what is wrong with a question, and what to do."""
    if error.fault == "empty":
        return _("The question is empty. Type a question.")
    if error.fault == "too-long":
        return _(
            "The question is longer than {limit} characters. Ask for one thing in a "
            "sentence or two.",
            limit=number(MAX_QUESTION_CHARS),
        )
    if error.fault == "no-words":
        return _("The question holds no letters or digits. Write it in words.")
    if error.fault == "broken-character":
        return _("A character of the question is broken. Type the question again.")
    if error.fault == "unknown-filter":
        return _(
            "The address names a city or theme that is not here. Choose another one."
        )
    if error.fault == "number-of-cities":
        return _("Choose two to four cities.")
    if error.fault == "only-cities":
        return _("The question names only cities. Say what to compare.")
    return f"{error.reason[:1].upper()}{error.reason[1:]} {error.remedy}"
