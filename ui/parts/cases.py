"""Cases as pages show them: link, row of a list, review state, header."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from kb.types import City, ReviewStatus
from ui import address, markup, pages
from ui.formats import country_name
from ui.review import review_name
from ui.state import CASE, LANGUAGE, SECTION
from ui.texts import _

_LIBRARY_ADDRESS = "library-address"
_BADGES: dict[ReviewStatus, tuple[str, Literal["orange", "blue", "green"]]] = {
    "draft": ("edit_note", "orange"),
    "checked": ("fact_check", "blue"),
    "reviewed": ("verified", "green"),
}


def case_link(
    case_id: str,
    label: str,
    *,
    section: str = "",
    icon: str = ":material/article:",
) -> None:
    """Draw a link to a case's full page, or to one of its sections there."""
    place = {CASE: case_id, SECTION: section} if section else {CASE: case_id}
    st.page_link(
        pages.CASE,
        label=markup.as_markdown(label),
        icon=icon,
        query_params=place,
    )


def remember_library() -> None:
    """Keep the address of the Library, so that a case leads back to the same list."""
    held = address.here()
    held.pop(LANGUAGE, None)  # it may be another one by then
    st.session_state[_LIBRARY_ADDRESS] = held


def library_link(label: str) -> None:
    """Draw a link to the Library as it was last seen."""
    st.page_link(
        pages.LIBRARY,
        label=label,
        icon=":material/arrow_back:",
        query_params=st.session_state.get(_LIBRARY_ADDRESS),
    )


def review_badge(status: ReviewStatus) -> None:
    """Say who has looked at a case, or at a statement of it."""
    icon, color = _BADGES[status]
    st.badge(review_name(status), icon=f":material/{icon}:", color=color)


def city_label(city: City) -> str:
    """Return a city with its country."""
    country = country_name(city.country_code, city.country)
    return _("{city}, {country}", city=city.name, country=country)
