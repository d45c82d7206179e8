"""The Ask page: a question, the filters, and the cited answer."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kb import KnowledgeBase
from kb.types import Query
from ui import markup, pages
from ui.ask.answer import answer_view
from ui.ask.examples import examples
from ui.ask.follow_up import follow_up
from ui.ask.history import history
from ui.ask.understood import question_before, read_after_the_last, understood_as
from ui.parts.answers import remember_answer
from ui.parts.filters import filters
from ui.parts.question import question_field
from ui.parts.turns import place_in_line
from ui.state import CITY, THEME, answer_to, knowledge_base
from ui.texts import _


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    st.title(_("How did another city do this?"), anchor=False)
    opening = st.container()
    text = question_field(
        _("In your own language: what did it cost, what went wrong …?"),
        read_after_the_last,
    )
    if not text:
        opening.html(
            markup.lead(
                _(
                    "Ask in your own language. The answer quotes the cases of nine "
                    "mentor cities of the EU Cities Mission; every statement opens its "
                    "passage and its public sources."
                )
            )
        )
        filters(kb)
        examples(kb)
        history()
        return
    cities, themes = _quiet_filters(kb)
    query = Query(text, tuple(cities), tuple(themes), after=question_before())
    on_wait = place_in_line()
    with st.spinner(_("Reading the cases …")):
        answer = answer_to(query, on_wait)
    remember_answer(pages.ASK)
    understood_as(answer)
    # Whoever takes up the question later does not know what was asked before it.
    query = replace(query, text=answer.understood_as or text, after="")
    answer_view(answer, query, {city.slug: city for city in kb.cities})
    follow_up(answer, kb)
    history()


def _quiet_filters(kb: KnowledgeBase) -> tuple[list[str], list[str]]:
    """Draw the filters folded away beside an answer, open when one is set."""
    is_set = bool(st.query_params.get(CITY) or st.query_params.get(THEME))
    label = _("Narrow to cities or themes")
    with st.expander(label, expanded=is_set, type="compact"):
        return filters(kb)


show()
