"""The reader's latest questions, to come back to."""

from __future__ import annotations

import streamlit as st

from ui.ask.ask_button import ask_button
from ui.device.storage import is_kept
from ui.state import asked_before
from ui.texts import _

_MOST_SHOWN = 10


def history() -> None:
    """Draw the latest questions, latest first; nothing when there are none."""
    queries = asked_before()
    if not queries:
        return
    with st.expander(
        _("Your latest questions ({n})", n=len(queries)),
        key="history",
        type="compact",
    ):
        for place, query in enumerate(queries[:_MOST_SHOWN]):
            ask_button(
                query.text,
                key=f"history-{place}",
                cities=query.cities,
                themes=query.themes,
                after=query.after,
            )
        if not is_kept():
            st.caption(_("This list is gone when you close or reload the page."))
