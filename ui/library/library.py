"""The Library page: every case, filtered, as a list, on a map and in charts."""

from __future__ import annotations

import streamlit as st

from kb import KnowledgeBase
from kb.library import LibraryCase
from ui import markup, pages
from ui.library.choice import (
    CaseFilter,
    find_cases,
    newest_first,
    what_each_filter_hides,
)
from ui.library.filters import (
    library_filters,
    nothing_found,
    order_choice,
    reset_button,
    today_year,
)
from ui.library.finding import Found, find_field, find_words
from ui.library.overview import MAP_ANCHOR, library_charts
from ui.library.rows import Rows, case_rows, quoted_statements
from ui.parts.cases import remember_library
from ui.profile.session import alike_filter
from ui.state import QUESTION, knowledge_base
from ui.texts import _, ngettext
from ui.vocabulary import section_name

_SHOWN_IN_FULL = "library-shown-in-full"
_MOST_ROWS = 40


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    library = kb.library()
    st.title(_("Library"), anchor=False)
    typed = find_field()
    holding = find_words(kb, typed)
    alike = {c.slug for c in alike_filter(kb.cities, key="library-alike")}
    library = [one for one in library if one.case.city in alike]
    wanted = library_filters(kb, library, holding)
    found = find_cases(library, wanted, today_year())
    with st.container(key="library-sides"):
        list_side, chart_side = st.columns([3, 2], gap="large")
    with list_side.container(key="library-list", gap="small"):
        if found:
            _show_list(kb, wanted, found, holding)
        else:
            _show_none(library, wanted, typed)
    with chart_side:
        library_charts(kb, library, wanted)
    remember_library()


def _show_list(
    kb: KnowledgeBase,
    wanted: CaseFilter,
    found: list[LibraryCase],
    holding: Found | None,
) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.html(markup.status(_count(found, wanted)))
        by_newest = order_choice()
        reset_button(wanted)
    # Beside the list, unless the screen is narrow.
    with st.container(key="to-charts"):
        st.html(
            markup.contents(_("Map and charts"), [(MAP_ANCHOR, _("Map and charts"))])
        )
    if by_newest:
        found = newest_first(found, today_year())
    is_cut = len(found) > _MOST_ROWS and (
        st.session_state.get(_SHOWN_IN_FULL) != wanted
    )
    with_buttons = st.toggle(_("Show briefing buttons"), key="library-collecting")
    quoted = quoted_statements(kb, wanted.section, holding)
    case_rows(
        kb,
        found[:_MOST_ROWS] if is_cut else found,
        Rows(wanted.section, quoted, by_newest, with_buttons),
    )
    if is_cut:
        st.button(
            _("Show all {n} cases", n=len(found)),
            key="show-all-cases",
            on_click=lambda: st.session_state.update({_SHOWN_IN_FULL: wanted}),
        )


def _show_none(library: list[LibraryCase], wanted: CaseFilter, typed: str) -> None:
    """Say that nothing fits, what to remove, and how to ask for it instead."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.html(markup.status(_count([], wanted)))
        reset_button(wanted)
    if not library:
        return  # no city is like the reader's, which is told above
    if wanted.is_set() == ["found"]:
        st.info(_("No case holds these words. The cases are written in English."))
    else:
        nothing_found(what_each_filter_hides(library, wanted, today_year()))
    if typed:
        st.page_link(
            pages.ASK,
            label=markup.as_markdown(
                _("Ask for it in your own words: {words}", words=typed)
            ),
            icon=":material/search:",
            query_params={QUESTION: typed},
        )


def _count(found: list[LibraryCase], wanted: CaseFilter) -> str:
    cases = ngettext("{n} case", "{n} cases", len(found))
    if not wanted.section or wanted.found is not None:
        return cases
    n = sum(one.statements[wanted.section] for one in found)
    return _(
        "{section}: {statements} in {cases}",
        section=section_name(wanted.section),
        statements=ngettext("{n} statement", "{n} statements", n),
        cases=cases,
    )


show()
