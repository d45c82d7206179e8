"""What pages share: the open knowledge base, the session's answers, URL parameters."""

from __future__ import annotations

import gc

import streamlit as st

from kb import KnowledgeBase, load_settings
from kb.types import Answer, Query
from ui.texts import ENGLISH, nearest_language

# Names of URL parameters, so that a page can be shared; where a widget's value is bound
# to one, they are its key, too.
QUESTION = "q"
AFTER = "after"
CITY = "city"
THEME = "theme"
CASE = "case"
KIT = "kit"
SECTION = "section"
FIRST_YEAR = "from"
LAST_YEAR = "to"
REVIEW = "review"
SORT = "sort"
LANGUAGE = "lang"
PART = "part"
FILE = "file"

_CHOSEN_LANGUAGE = "chosen-language"
_ANSWERS = "answers"
_MOST_ANSWERS = 30
"""Answers that a session keeps; each takes some 30 KB."""


@st.cache_resource(show_spinner=False, on_release=KnowledgeBase.close)
def knowledge_base() -> KnowledgeBase:
    """Return the process's one open knowledge base; it is safe between threads.

    Raises:
        KnowledgeBaseError: Nothing is published, or it cannot be opened.
    """
    kb = KnowledgeBase(load_settings())
    # Streamlit looks for garbage after each run of a page, for .2 s each time where it
    # looks through everything that was loaded; what is here now stays anyway.
    gc.collect()
    gc.freeze()
    return kb


def answer_to(query: Query) -> Answer:
    """Return the answer to a query, computed once a session and index.

    A rerun that only opens or rates something then costs no search.

    Raises:
        QueryError: The question or a filter cannot be used.
    """
    kb = knowledge_base()
    answers: dict[tuple[str, Query], Answer]
    answers = st.session_state.setdefault(_ANSWERS, {})
    key = (kb.manifest.generation, query)
    answer = answers.pop(key, None) or kb.ask(query)
    answers[key] = answer  # the latest stands last
    for oldest in list(answers)[:-_MOST_ANSWERS]:
        del answers[oldest]
    return answer


def asked_before() -> list[Query]:
    """Return the session's questions, latest first."""
    answers: dict[tuple[str, Query], Answer] = st.session_state.get(_ANSWERS, {})
    return list(dict.fromkeys(query for _, query in reversed(answers)))


def last_question() -> str:
    """Return the session's latest question as it was understood; empty before it."""
    answers: dict[tuple[str, Query], Answer] = st.session_state.get(_ANSWERS, {})
    latest = next(reversed(answers.values()), None)
    return (latest.understood_as or latest.question) if latest else ""


def language() -> str:
    """Return the session's language: the chosen, the address's or the browser's."""
    chosen: str | None = st.session_state.get(_CHOSEN_LANGUAGE)
    return (
        chosen
        or nearest_language(st.query_params.get(LANGUAGE))
        or nearest_language(st.context.locale)
        or ENGLISH
    )


def choose_language(code: str) -> None:
    """Show this session in a language from now on."""
    st.session_state[_CHOSEN_LANGUAGE] = code


def keep_language_in_address() -> None:
    """Put a chosen language into the address, so that it survives a reload."""
    chosen = st.session_state.get(_CHOSEN_LANGUAGE)
    if chosen and st.query_params.get(LANGUAGE) != chosen:
        st.query_params[LANGUAGE] = chosen
