"""Key figures as a table, drawn in part until all of them are asked for."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui.parts import figure_markup
from ui.parts.figure_markup import Entry
from ui.texts import _

_SHOWN = 12
"""Rows of a table that one can take in; the others are a click away."""


def figure_table(label: str, entries: Sequence[Entry], *, key: str) -> None:
    """Draw figures as a table; of many the first, until more are asked for.

    Args:
        label: What the table shows, for screen readers.
        entries: The figures in their order.
        key: Of the button for the others.
    """
    is_cut = len(entries) > _SHOWN and not st.session_state.get(f"{key}-shown")
    st.html(figure_markup.table(label, entries[:_SHOWN] if is_cut else entries))
    if is_cut:
        st.button(
            _("Show all {n} figures", n=len(entries)),
            key=key,
            on_click=lambda: st.session_state.update({f"{key}-shown": True}),
        )
