"""What the knowledge base tells, in the reader's language (see `kb.reasons`)."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kb.errors import QueryError, Value
from kb.reasons import FAULTS
from ui.formats import joined, number
from ui.markup import as_markdown
from ui.texts import _, translated


def told(sentence: str, values: Mapping[str, Value]) -> str:
    """Return a sentence of the knowledge base with its ``{names}`` filled in."""
    written = {name: _written(value) for name, value in values.items()}
    return translated(sentence).format(**written)


def query_fault(error: QueryError) -> str:
    """Return what is wrong with a question, and what to do."""
    if error.fault == "unusable":
        text = str(error)
    else:
        text = " ".join(told(each, error.values) for each in FAULTS[error.fault])
    return text[:1].upper() + text[1:]


def only_beginning(read: str) -> None:
    """Tell that a question was too long to be read whole.

    Args:
        read: What was read of it.
    """
    st.info(
        _(
            "Your question is long. Only its beginning was read: {question}",
            question=as_markdown(read),
        ),
        icon=":material/content_cut:",
    )


def _written(value: Value) -> str:
    if isinstance(value, int):
        return number(value)
    return value if isinstance(value, str) else joined(list(value))
