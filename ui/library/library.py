"""The Library page: every case, filtered, as a list, on a map and in charts."""

from __future__ import annotations

import streamlit as st

from kb import KnowledgeBase
from kb.library import LibraryCase
from ui import markup
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
    section_label,
    today_year,
)
from ui.library.overview import MAP_ANCHOR, library_charts
from ui.library.rows import case_rows
from ui.parts.cases import remember_library
from ui.state import knowledge_base
from ui.texts import _, ngettext

_SHOWN_IN_FULL = "library-shown-in-full"
_MOST_ROWS = 40


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    library = kb.library()
    st.title(_("Library"), anchor=False)
    wanted = library_filters(kb, library)
    found = find_cases(library, wanted, today_year())
    with st.container(key="library-sides"):
        list_side, chart_side = st.columns([3, 2], gap="large")
    with list_side.container(key="library-list", gap="small"):
        _show_list(kb, library, wanted, found)
    with chart_side:
        library_charts(kb, library, wanted)
    remember_library()


def _show_list(
    kb: KnowledgeBase,
    library: list[LibraryCase],
    wanted: CaseFilter,
    found: list[LibraryCase],
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
    if not found:
        nothing_found(what_each_filter_hides(library, wanted, today_year()))
        return
    if by_newest:
        found = newest_first(found, today_year())
    is_cut = len(found) > _MOST_ROWS and (
        st.session_state.get(_SHOWN_IN_FULL) != wanted
    )
    case_rows(kb, wanted.section, found[:_MOST_ROWS] if is_cut else found, by_newest)
    if is_cut:
        st.button(
            _("Show all {n} cases", n=len(found)),
            key="show-all-cases",
            on_click=lambda: st.session_state.update({_SHOWN_IN_FULL: wanted}),
        )


def _count(found: list[LibraryCase], wanted: CaseFilter) -> str:
    cases = ngettext("{n} case", "{n} cases", len(found))
    if not wanted.section:
        return cases
    n = sum(one.statements[wanted.section] for one in found)
    return _(
        "{section}: {statements} in {cases}",
        section=section_label(wanted.section),
        statements=ngettext("{n} statement", "{n} statements", n),
        cases=cases,
    )


show()
