"""The About page: what this is, what it covers, and what it cannot do."""

from __future__ import annotations

import streamlit as st

from kb.types import City
from ui import markup
from ui.state import knowledge_base


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    counts = kb.manifest.counts
    st.title("About this knowledge base", anchor=False)
    st.html(
        markup.lead(
            "Officers of other cities ask what a mentor city did, what it "
            "cost and what went wrong, and get statements that they can check."
        )
    )
    st.header("What it holds")
    st.write(
        f"{counts.cases} cases of {counts.cities} cities with {counts.statements:,} "
        "statements, each with its public sources, and "
        f"{counts.open_questions} questions that the sources leave open. "
        f"Indexed on {kb.manifest.created_at[:10]}."
    )
    st.header("How an answer is made")
    st.markdown(
        "1. Your question is compared with every statement, in the meaning and in the "
        "words. The comparison works across languages.\n"
        "2. The three to eight statements that fit best are shown **word for word**. "
        "No text is written by a language model.\n"
        "3. If the question is about something else, or about a place that no case "
        "mentions, the answer is that the sources do not say. If it is about a mentor "
        "city and no statement seems to answer it, you see the closest statements and "
        "the words *No direct answer found*."
    )
    st.header("What it cannot do")
    st.markdown(
        "- The cases are **drafts** written from public sources until an expert has "
        "read them. Sources can be wrong or out of date: check the year.\n"
        "- A statement can be about your topic without answering your question. It "
        "notices this in some cases only; you can, by opening the passage.\n"
        "- The cases are in English; many of their sources are not. The language of "
        "each source is given beside it.\n"
        "- It knows nothing about cities other than the nine, and nothing beyond the "
        "four themes."
    )
    st.header("The mentor cities")
    themes = {theme.slug: theme.name for theme in kb.themes}
    for city in kb.cities:
        _show_city(city, themes.get(city.mentor_theme, city.mentor_theme))


def _show_city(city: City, theme: str) -> None:
    year = city.population_year or "year not stated"
    with st.expander(markup.as_markdown(f"{city.name}, {city.country}")):
        st.html(
            markup.facts(
                [
                    ("Mentor for", theme),
                    ("Population", f"{city.population:,} ({year})"),
                    ("EU Cities Mission", city.mission_status),
                ]
            )
        )
        sources = {s.url: s for s in (city.population_source, *city.mission_sources)}
        st.html(markup.sources(sources.values()))


show()
