"""Filters by city and theme; what is chosen stands in the address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kb import KnowledgeBase
from ui import address
from ui.state import CITY, THEME
from ui.texts import _
from ui.vocabulary import theme_name


def filters(kb: KnowledgeBase) -> tuple[list[str], list[str]]:
    """Draw the city and theme filters; their values stand in the URL.

    Returns:
        The slugs of the chosen cities and themes; empty means all.
    """
    left, right = st.columns(2)
    with left:
        cities = city_filter(kb)
    with right:
        themes = theme_filter(kb)
    return cities, themes


def city_filter(kb: KnowledgeBase) -> list[str]:
    """Draw the filter by city; return the slugs, empty for all."""
    names = {city.slug: city.name for city in kb.cities}
    return url_choice(_("Cities"), CITY, names, _("All {n} cities", n=len(names)))


def theme_filter(kb: KnowledgeBase) -> list[str]:
    """Draw the filter by theme; return the slugs, empty for all."""
    names = {theme.slug: theme_name(theme) for theme in kb.themes}
    return url_choice(_("Themes"), THEME, names, _("All {n} themes", n=len(names)))


def url_choice(
    label: str,
    key: str,
    names: Mapping[str, str],
    placeholder: str,
    *,
    most: int | None = None,
) -> list[str]:
    """Draw a choice of several and keep the chosen slugs in the URL.

    Streamlit's own binding would put the shown names there instead of the slugs.

    Args:
        label: What is chosen.
        key: Name of the URL parameter, and key of the widget.
        names: What to show for each slug.
        placeholder: Shown while nothing is chosen.
        most: How many may be chosen; None for all.
    """
    given = dict.fromkeys(st.query_params.get_all(key))
    address.follow(key, [slug for slug in given if slug in names][:most])
    return st.multiselect(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        placeholder=placeholder,
        max_selections=most,
        on_change=lambda: address.go(**{key: st.session_state[key]}),
    )
