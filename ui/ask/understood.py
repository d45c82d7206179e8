"""A follow-up in the context of the question before it, and the way out."""

from __future__ import annotations

import streamlit as st

from kb.question.follow_up import understood
from kb.types import Answer
from ui import address
from ui.markup import as_markdown
from ui.parts.messages import only_beginning
from ui.state import AFTER, QUESTION, knowledge_base, last_question
from ui.texts import _


def read_after_the_last(typed: str) -> None:
    """Put a typed question into the address, and the last one before it if it goes on.

    So the address says what a shared or reopened page needs to answer the same.
    """
    before = last_question()
    goes_on = bool(understood(typed, before, knowledge_base().cities))
    address.go(**{QUESTION: typed, AFTER: before if goes_on else None})


def question_before() -> str:
    """Return the question that the address says was asked before; empty for none."""
    return st.query_params.get(AFTER, "")


def understood_as(answer: Answer) -> None:
    """Draw how a follow-up was read, and a button to ask only what was typed.

    Of a long question, the beginning that was read.
    """
    if not answer.understood_as:
        return
    if answer.question.startswith(answer.understood_as):
        only_beginning(answer.understood_as)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="understood"):
        read = as_markdown(answer.understood_as)
        st.markdown(_("Understood as: {question}", question=read), width="content")
        st.button(
            _("Ask only what I typed"),
            key="only-typed",
            icon=":material/undo:",
            on_click=_ask_only_typed,
        )


def _ask_only_typed() -> None:
    address.go(**{AFTER: None})
