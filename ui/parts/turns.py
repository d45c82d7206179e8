"""What a reader sees whose question waits in line."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.texts import _


def place_in_line() -> Callable[[int], None]:
    """Return what shows the place that it is called with here, and nothing at 0."""
    here = st.empty()

    def show(place: int) -> None:
        if place:
            here.info(
                _(
                    "Many people are asking right now. Your question is number "
                    "{place} in line; this page goes on by itself.",
                    place=place,
                ),
                icon=":material/hourglass_top:",
            )
        else:
            here.empty()

    return show


def too_many() -> None:
    """Tell that the line is full."""
    st.warning(
        _(
            "Too many people are asking right now. Your question was not read. Please "
            "ask again in a minute."
        ),
        icon=":material/hourglass_disabled:",
    )
    st.button(_("Ask again"), key="ask-again", icon=":material/refresh:")
