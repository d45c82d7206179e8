"""The way back from a case to the answer or the comparison that led to it."""

from __future__ import annotations

import streamlit as st

from ui import address, pages
from ui.state import LANGUAGE
from ui.texts import _

_ANSWER = "answer-address"


def remember_answer(page: str) -> None:
    """Keep the address of an answer, or of a comparison, on a page of `ui.pages`."""
    held = address.here()
    held.pop(LANGUAGE, None)  # it may be another one by then
    st.session_state[_ANSWER] = (page, held)


def answer_link() -> None:
    """Draw a link to the session's latest answer or comparison, where there is one."""
    if _ANSWER not in st.session_state:
        return
    page, held = st.session_state[_ANSWER]
    st.page_link(
        page,
        label=_("Back to your answer")
        if page == pages.ASK
        else _("Back to your comparison"),
        icon=":material/undo:",
        query_params=held,
    )
