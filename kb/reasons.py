"""Why a question cannot be asked, or finds no answer: every sentence, in one table.

Errors and answers say them in English, the pages in the reader's language: what stands
in `N_` is in their catalogues, too.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.errors import QueryError, QueryFault, Value
from kb.types import AbstentionReason


def N_(sentence: str) -> str:  # noqa: N802, gettext knows it by this name
    """Mark a sentence for the catalogues; it is returned as it is."""
    return sentence


ABSTENTIONS: Mapping[AbstentionReason, str] = {
    "": "",
    "off-topic": N_(
        "This question is not about what the cases of the nine cities cover."
    ),
    "elsewhere": N_("The cases that come nearest say nothing about {names}."),
    "open-question": N_(
        "The sources leave this open: it is closer to a question that a case notes as "
        "unanswered than to anything that the cases state."
    ),
    "no-direct-answer": N_("No statement answers this directly; these come closest."),
    "weak-evidence": N_("No case passes the chosen filters."),
}
NOTHING_TO_COMPARE = N_("No case of these cities is about this question.")
"""True with a reader and without: of a case that is about it, something is shown."""
FAULTS: Mapping[QueryFault, tuple[str, str]] = {
    "empty": (N_("the question is empty."), N_("Type a question.")),
    "too-long": (
        N_("the question has {n} characters, the limit is {limit}."),
        N_("Ask for one thing in a sentence or two."),
    ),
    "no-words": (
        N_("the question {question} holds no letters or digits."),
        N_("Write it in words."),
    ),
    "broken-character": (
        N_("character {n} of the question is broken."),
        N_("Type the question again."),
    ),
    "unknown-city": (N_("there is no city {slug}."), N_("Use one of {known}.")),
    "unknown-theme": (N_("there is no theme {slug}."), N_("Use one of {known}.")),
    "only-cities": (
        N_("the question {question} names nothing but cities."),
        N_("Say what to compare, for example green bonds."),
    ),
    "number-of-cities": (
        N_("the number of cities is {n}."),
        N_("Choose two to four of {known}."),
    ),
}
"""What is wrong with a question, and what to do about it."""


def in_english(sentence: str, values: Mapping[str, Value]) -> str:
    """Return a sentence of the table with its ``{names}`` filled in."""
    return sentence.format(**{name: _written(value) for name, value in values.items()})


def query_error(fault: QueryFault, **values: Value) -> QueryError:
    """Return the error that says what is wrong with a question.

    Args:
        fault: A kind of fault that the table has.
        values: What its two sentences name.
    """
    reason, remedy = (in_english(sentence, values) for sentence in FAULTS[fault])
    return QueryError(reason, remedy, fault=fault, values=values)


def _written(value: Value) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return value if isinstance(value, str) else ", ".join(value)
