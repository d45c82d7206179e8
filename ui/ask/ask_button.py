"""Asking a question by a click."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui import address
from ui.markup import as_markdown
from ui.state import AFTER, CITY, QUESTION, THEME


def ask_button(
    question: str,
    *,
    key: str,
    label: str = "",
    cities: Sequence[str] = (),
    themes: Sequence[str] = (),
    after: str = "",
    icon: str | None = None,
) -> None:
    """Draw a button that asks a question on the Ask page.

    Args:
        question: What is asked.
        key: Of the button.
        label: What it shows; the question itself when empty.
        cities: Slugs of the cities that the question is narrowed to.
        themes: The same of themes.
        after: The question before, when this one goes on from it.
        icon: Of Streamlit's icons, for example ``:material/search:``.
    """
    st.button(
        as_markdown(label or question),
        key=key,
        type="tertiary" if not label else "secondary",
        icon=icon,
        on_click=_ask,
        args=(question, list(cities), list(themes), after),
    )


def _ask(question: str, cities: list[str], themes: list[str], after: str) -> None:
    address.go(**{QUESTION: question, AFTER: after, CITY: cities, THEME: themes})
