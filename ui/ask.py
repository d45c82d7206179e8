"""The Ask page: a question, the filters, and the cited answer."""

from __future__ import annotations

import streamlit as st

from kb import KnowledgeBase
from kb.question import MAX_QUESTION_CHARS
from kb.types import Query
from ui import markup
from ui.state import CITY, QUESTION, THEME, knowledge_base
from ui.widgets import answer_view, filters

_OPENING = (
    "Ask in your own language. The answer quotes the cases of nine mentor cities of "
    "the EU Cities Mission; every statement opens its passage and its public sources."
)
EXAMPLES = {
    "financing": (
        "How did Malmö use green bonds, and who decides what they pay for?",
        "How do savings on energy bills pay for renovation?",
    ),
    "district-heating": (
        "What did the straw-fired plant in Pécs cost?",
        "Which cities heat homes with waste heat from data centres or research?",
    ),
    "circular-construction": (
        "What went wrong when cities reused building parts?",
        "How did Oslo get emission-free construction sites?",
    ),
    "citizen-engagement": (
        "What became of the proposals of the citizens' convention in Grenoble?",
        "Vad fungerade för att få invånare att ändra sina vanor?",
    ),
}


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    st.title("How did another city do this?", anchor=False)
    opening = st.container()
    text = st.text_input(
        "Your question",
        key=QUESTION,
        bind="query-params",
        type="search",
        max_chars=MAX_QUESTION_CHARS,
        placeholder="In your own language: what did it cost, what went wrong …?",
        icon=":material/search:",
    )
    if not (text and text.strip()):
        opening.html(markup.lead(_OPENING))
        filters(kb)
        _show_examples(kb)
        return
    cities, themes = _quiet_filters(kb)
    answer = kb.ask(Query(text, tuple(cities), tuple(themes)))
    answer_view(answer, {city.slug: city for city in kb.cities})


def _quiet_filters(kb: KnowledgeBase) -> tuple[list[str], list[str]]:
    """Draw the filters folded away beside an answer, open when one is set."""
    is_set = bool(st.query_params.get(CITY) or st.query_params.get(THEME))
    with st.expander("Narrow to cities or themes", expanded=is_set, type="compact"):
        return filters(kb)


def _show_examples(kb: KnowledgeBase) -> None:
    st.subheader("Questions to start with", anchor=False)
    columns = st.columns(2)
    for place, theme in enumerate(kb.themes):
        with columns[place % 2].container(border=True, height="stretch", gap="xsmall"):
            st.markdown(f"**{markup.as_markdown(theme.name)}**")
            for number, question in enumerate(EXAMPLES.get(theme.slug, ())):
                st.button(
                    question,
                    key=f"example-{theme.slug}-{number}",
                    type="tertiary",
                    on_click=_set_question,
                    args=(question,),
                )


def _set_question(question: str) -> None:
    st.session_state[QUESTION] = question


show()
