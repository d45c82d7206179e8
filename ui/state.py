"""What pages share: the open knowledge base, the session's answers, URL parameters."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable

import streamlit as st

from kb import KnowledgeBase, load_settings
from kb.types import Answer, Query
from ui import address
from ui.texts import ENGLISH, nearest_language

# Names of URL parameters, so that a page can be shared; where a widget's value is bound
# to one, they are its key, too.
QUESTION = "q"
AFTER = "after"
CITY = "city"
THEME = "theme"
CASE = "case"
KIT = "kit"
SESSION = "session"
SECTION = "section"
STATEMENT = "statement"
KIND = "kind"
UNIT = "unit"
STATE = "state"
FIND = "find"
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
_ASKED = "asked"
MOST_QUESTIONS = 30
"""Questions that are remembered, in a session and by its browser."""


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


def answer_to(query: Query, on_wait: Callable[[int], None]) -> Answer:
    """Return the answer to a query, computed once a session and index.

    A rerun that only opens or rates something then costs no search.

    Args:
        query: The question, with its filters.
        on_wait: Told its place in line; see `KnowledgeBase.turn`.

    Raises:
        QueryError: The question or a filter cannot be used.
        BusyError: Too many wait already.
    """
    kb = knowledge_base()
    answers: dict[tuple[str, Query], Answer]
    answers = st.session_state.setdefault(_ANSWERS, {})
    key = (kb.manifest.generation, query)
    answer = answers.pop(key, None)
    if answer is None:
        with kb.turn(on_wait):
            answer = kb.ask(query)
    answers[key] = answer  # the latest stands last
    for oldest in list(answers)[:-_MOST_ANSWERS]:
        del answers[oldest]
    keep_asked([query, *asked_before()])
    return answer


def asked_before() -> list[Query]:
    """Return the session's questions, and those its browser has kept, latest first."""
    asked: list[Query] = st.session_state.get(_ASKED, [])
    return asked


def keep_asked(queries: Iterable[Query]) -> None:
    """Remember questions, latest first; of equal ones the first."""
    st.session_state[_ASKED] = list(dict.fromkeys(queries))[:MOST_QUESTIONS]


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
    """Show this session in a language from now on; the address names it."""
    st.session_state[_CHOSEN_LANGUAGE] = code
    address.go(**{LANGUAGE: code})


def take_language_from_address() -> str:
    """Keep a language that the address names; return the one to keep there, if any.

    An address without one, such as a link's, leaves the language as it is.
    """
    if named := nearest_language(st.query_params.get(LANGUAGE)):
        st.session_state[_CHOSEN_LANGUAGE] = named
    chosen: str = st.session_state.get(_CHOSEN_LANGUAGE, "")
    return chosen
