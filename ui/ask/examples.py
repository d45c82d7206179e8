"""Example questions, asked by one click."""

from __future__ import annotations

import streamlit as st

from kb import KnowledgeBase
from ui import markup
from ui.ask.ask_button import ask_button
from ui.texts import _
from ui.vocabulary import theme_name


def examples(kb: KnowledgeBase) -> None:
    """Draw two questions for each theme."""
    st.header(_("Questions to start with"), anchor=False)
    columns = st.columns(2)
    for place, theme in enumerate(kb.themes):
        with columns[place % 2].container(border=True, height="stretch", gap="xsmall"):
            st.markdown(f"**{markup.as_markdown(theme_name(theme))}**")
            for number, question in enumerate(example_questions().get(theme.slug, ())):
                ask_button(question, key=f"example-{theme.slug}-{number}")


def example_questions() -> dict[str, tuple[str, str]]:
    """Return two questions by the slug of their theme, in the reader's language."""
    return {
        "financing": (
            _("How much does Florence pay Engie each year?"),
            _("Who chooses the projects for Malmö's green bonds?"),
        ),
        "district-heating": (
            _("What did the Tüskésrét solar plant in Pécs cost?"),
            _("What went wrong with the deep geothermal plant in Espoo?"),
        ),
        "circular-construction": (
            _("Why did reuse at Skur 38 in Oslo take so much time?"),
            _("What does the depot for used building materials in Malmö sell?"),
        ),
        "citizen-engagement": (
            _("How many people voted in Grenoble's participatory budget?"),
            _("What did the citizens' climate convention in Grenoble cost?"),
        ),
    }
