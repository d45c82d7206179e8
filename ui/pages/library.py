"""The Library page: every case, filtered, as a list, on a map and in charts."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from kb import KnowledgeBase
from kb.library import (
    CaseFilter,
    LibraryCase,
    find_cases,
    newest_first,
    what_each_filter_hides,
)
from kb.types import Statement
from ui import markup
from ui.parts.cases import case_row, city_label, remember_library
from ui.parts.library.filters import (
    library_filters,
    nothing_found,
    order_choice,
    reset_button,
    section_label,
    today_year,
)
from ui.parts.library.overview import MAP_ANCHOR, library_charts
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
    _show_rows(kb, wanted.section, found[:_MOST_ROWS] if is_cut else found, by_newest)
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


def _show_rows(
    kb: KnowledgeBase, section: str, found: list[LibraryCase], by_newest: bool
) -> None:
    cities = {city.slug: city for city in kb.cities}
    themes = {theme.slug: theme for theme in kb.themes}
    quoted = _statements_by_case(kb, section)

    def draw(one: LibraryCase) -> None:
        case_row(
            one,
            cities[one.case.city],
            themes,
            section=section,
            statements=quoted.get(one.case.case_id, ()),
            names_city=by_newest,
        )

    if by_newest:
        for one in found:
            draw(one)
        return
    for slug, of_city in groupby(found, key=lambda one: one.case.city):
        st.header(markup.as_markdown(city_label(cities[slug])), anchor=slug)
        for one in of_city:
            draw(one)


def _statements_by_case(kb: KnowledgeBase, section: str) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for statement in kb.statements_in(section) if section else ():
        found.setdefault(statement.case_id, []).append(statement)
    return found


show()
