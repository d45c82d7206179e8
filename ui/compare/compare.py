"""The Compare page: one question, two to four cities side by side."""

from __future__ import annotations

import streamlit as st

from kb import KnowledgeBase
from kb.answer.side_by_side import MAX_CITIES, MIN_CITIES
from kb.question.prepare import MAX_QUESTION_CHARS
from kb.types import Query
from ui import markup
from ui.compare.start import (
    comparison_before,
    comparison_examples,
    more_cities,
    suggested_cities,
    take_up_again,
)
from ui.compare.table import comparison_of, comparison_view
from ui.parts.filters import theme_filter, url_choice
from ui.state import CITY, QUESTION, knowledge_base
from ui.texts import _


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    st.title(_("Compare cities"), anchor=False)
    opening = st.container()
    query = _asked(kb)
    has_question = bool(query.text.strip())
    if has_question and len(query.cities) >= MIN_CITIES:
        _compare(kb, query)
        return
    opening.html(
        markup.lead(
            _(
                "Put one question to two to four cities. You see side by side what "
                "their cases say, from what was done to what another city needs."
            )
        )
    )
    if has_question:
        suggested_cities(kb, query)
    else:
        comparison_examples(kb)
    comparison_before(kb)


def _asked(kb: KnowledgeBase) -> Query:
    """Draw question, cities and themes; their values stand in the URL."""
    text = st.text_input(
        _("Your question"),
        key=QUESTION,
        bind="query-params",
        type="search",
        max_chars=MAX_QUESTION_CHARS,
        placeholder=_("In your own language: what do you want to compare?"),
        icon=":material/search:",
    )
    take_up_again(text or "")
    names = {city.slug: city.name for city in kb.cities}
    left, right = st.columns(2)
    with left:
        cities = url_choice(
            _("Cities to compare"),
            CITY,
            names,
            _("Choose two to four cities"),
            most=MAX_CITIES,
        )
    with right:
        themes = theme_filter(kb)
    return Query(text or "", tuple(cities), tuple(themes))


def _compare(kb: KnowledgeBase, query: Query) -> None:
    with st.spinner(_("Reading the cases …")):
        found = comparison_of(query)
    if not found.reason_code:  # otherwise the message comes first
        more_cities(kb, found)
    comparison_view(found, query, {city.slug: city for city in kb.cities})
    if found.reason_code:
        more_cities(kb, found)


show()
