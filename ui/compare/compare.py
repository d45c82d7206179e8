"""The Compare page: one question, two to four cities side by side."""

from __future__ import annotations

import streamlit as st

from kb import KnowledgeBase
from kb.answer.side_by_side import MAX_CITIES, MIN_CITIES
from kb.types import Query
from ui import address, markup, pages
from ui.compare.start import (
    comparison_before,
    comparison_examples,
    more_cities,
    suggested_cities,
)
from ui.compare.table import comparison_of, comparison_view
from ui.parts.answers import remember_answer
from ui.parts.filters import theme_filter, url_choice
from ui.parts.messages import only_beginning
from ui.parts.question import question_field
from ui.parts.turns import place_in_line
from ui.profile.session import alike_filter
from ui.state import CITY, QUESTION, knowledge_base
from ui.texts import _


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    st.title(_("Compare cities"), anchor=False)
    opening = st.container()
    query = _asked(kb)
    if query.text and len(query.cities) >= MIN_CITIES:
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
    if query.text:
        suggested_cities(kb, query)
    else:
        comparison_examples(kb)
    comparison_before(kb)


def _asked(kb: KnowledgeBase) -> Query:
    """Draw question, cities and themes; their values stand in the URL."""
    text = question_field(
        _("In your own language: what do you want to compare?"),
        lambda typed: address.go(**{QUESTION: typed}),
    )
    alike = {c.slug for c in alike_filter(kb.cities, key="compare-alike")}
    chosen = {*st.session_state.get(CITY, []), *st.query_params.get_all(CITY)}
    names = {c.slug: c.name for c in kb.cities if c.slug in alike | chosen}
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
    return Query(text, tuple(cities), tuple(themes))


def _compare(kb: KnowledgeBase, query: Query) -> None:
    on_wait = place_in_line()
    with st.spinner(_("Reading the cases …")):
        found = comparison_of(query, on_wait)
    remember_answer(pages.COMPARE)
    if found.question != query.text:
        only_beginning(found.question)
    if not found.reason_code:  # otherwise the message comes first
        more_cities(kb, found)
    comparison_view(found, query, {city.slug: city for city in kb.cities})
    if found.reason_code:
        more_cities(kb, found)


show()
