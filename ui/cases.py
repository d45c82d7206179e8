"""The Cases page: every case, by city, with filters."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from ui import markup
from ui.state import knowledge_base
from ui.widgets import case_link, filters


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    cities = {city.slug: city for city in kb.cities}
    st.title("All cases", anchor=False)
    chosen_cities, chosen_themes = filters(kb)
    found = [
        case
        for case in kb.cases()
        if (not chosen_cities or case.city in chosen_cities)
        and (not chosen_themes or set(case.themes) & set(chosen_themes))
    ]
    st.caption(f"{len(found)} cases" if len(found) != 1 else "1 case")
    if not found:
        st.info("No case fits both filters. Remove one of them.")
    for slug, cases in groupby(found, key=lambda case: case.city):
        st.header(markup.as_markdown(f"{cities[slug].name}, {cities[slug].country}"))
        for case in cases:
            case_link(case.case_id, case.title)


show()
