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
            _("How do cities use green bonds?"),
            _("How do savings on energy bills pay for renovation?"),
        ),
        "district-heating": (
            _("What did the Tüskésrét solar plant in Pécs cost?"),
            _("Which cities heat homes with waste heat from data centres or research?"),
        ),
        "circular-construction": (
            _("What went wrong when cities reused building parts?"),
            _("How did Oslo get emission-free construction sites?"),
        ),
        "citizen-engagement": (
            _("How do cities involve residents in climate decisions?"),
            _("What helped residents to change their habits?"),
        ),
    }
