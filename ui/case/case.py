"""The Case page: one case in full, as the URL names it."""

from __future__ import annotations

import streamlit as st

from kb import FullCase, KnowledgeBase
from kb.types import Case
from ui import markup, pages
from ui.briefing.session import collect_case_button
from ui.case.text import (
    case_excerpt,
    case_header,
    case_text,
    contents,
    first_anchor,
    key_figures,
    open_questions,
    source_list,
)
from ui.case.transfer import (
    STEPS_ANCHOR,
    TRANSFER_ANCHOR,
    steps_view,
    transfer_view,
)
from ui.parts.answers import answer_link
from ui.parts.cases import case_link, library_link
from ui.parts.scroll import scroll_to
from ui.parts.take_along import take_along
from ui.state import CASE, CITY, SECTION, STATEMENT, THEME, knowledge_base
from ui.texts import _
from ui.vocabulary import theme_name


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    case_id = st.query_params.get(CASE, "")
    full = kb.full_case(case_id)
    with st.container(horizontal=True, key="ways-back"):
        answer_link()
        library_link(_("Back to the Library"))
    if full is None:
        st.title(_("This case is not here"), anchor=False)
        st.info(
            _("The address names no case: choose one in the Library.")
            if not case_id
            else _(
                "There is no case {case}. It may have been renamed: look for it in the "
                "Library.",
                case=markup.as_markdown(case_id[:80]),
            )
        )
        return
    _show_case(full, kb)
    section = st.query_params.get(SECTION, "")
    pointed = st.query_params.get(STATEMENT, "")
    anchor = pointed or first_anchor(full, section)
    scroll_to(anchor, visit=f"{case_id} {section} {pointed}")


def _show_case(full: FullCase, kb: KnowledgeBase) -> None:
    case = full.case
    cities = {city.slug: city for city in kb.cities}
    themes = {theme.slug: theme for theme in kb.themes}
    case_header(full, cities[case.city], themes)
    with st.container(horizontal=True, vertical_alignment="center"):
        collect_case_button(case, key="collect-case")
        excerpt = case_excerpt(full, cities[case.city])
        take_along(excerpt, _("Copy the case"), key="take-along")
    contents(full, _more_parts(full))
    key_figures(full)
    case_text(full, st.query_params.get(STATEMENT, ""))
    transfer_view(full, cities[case.city])
    steps_view(full)
    open_questions(full)
    source_list(full)
    with st.container(key="onward"):
        _read_on(case, kb)


def _read_on(case: Case, kb: KnowledgeBase) -> None:
    """Draw links to the cases beside this one, and to lists that it stands in."""
    cities = {city.slug: city for city in kb.cities}
    themes = {theme.slug: theme for theme in kb.themes}
    st.header(_("Read on"), anchor=False)
    with st.container(key="read-on", gap="small"):
        _neighbours(case, [one.case for one in kb.library()])
    with st.container(horizontal=True):
        city = cities[case.city].name
        st.page_link(
            pages.LIBRARY,
            label=markup.as_markdown(_("All cases of {city}", city=city)),
            icon=":material/location_city:",
            query_params={CITY: case.city},
        )
        for slug in case.themes:
            name = theme_name(themes[slug])
            st.page_link(
                pages.LIBRARY,
                label=markup.as_markdown(_("All cases on: {theme}", theme=name)),
                icon=":material/category:",
                query_params={THEME: slug},
            )


def _more_parts(full: FullCase) -> list[tuple[str, str]]:
    """Return anchor and name of what stands behind the sections."""
    parts = []
    if full.conditions:
        parts.append((TRANSFER_ANCHOR, _("Would it work here?")))
    if full.steps:
        parts.append((STEPS_ANCHOR, _("What came first")))
    return parts


def _neighbours(case: Case, cases: list[Case]) -> None:
    """Draw links to the cases before and after in the Library's order."""
    place = [other.case_id for other in cases].index(case.case_id)
    if place > 0:
        before = cases[place - 1]
        case_link(
            before.case_id,
            _("Previous: {title}", title=before.title),
            icon=":material/arrow_back:",
        )
    if place + 1 < len(cases):
        after = cases[place + 1]
        case_link(
            after.case_id,
            _("Next: {title}", title=after.title),
            icon=":material/arrow_forward:",
        )


show()
