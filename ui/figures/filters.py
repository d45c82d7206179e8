"""The filters of the page Figures; what is chosen stands in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from kb import KnowledgeBase
from kb.key_figures import KINDS, ORDERS, STATES, FigureFilter, ListedFigure, Order
from ui import address
from ui.parts.filters import city_filter, theme_filter, url_choice
from ui.state import CITY, FIRST_YEAR, KIND, LAST_YEAR, SORT, STATE, THEME, UNIT
from ui.texts import _
from ui.vocabulary import figure_kind_name, figure_state_name

_WIDGETS = (CITY, THEME, KIND, UNIT, STATE, FIRST_YEAR, LAST_YEAR)


def figure_filters(kb: KnowledgeBase, figures: Sequence[ListedFigure]) -> FigureFilter:
    """Draw the filters; return what is chosen, which stands in the URL."""
    left, right = st.columns(2)
    with left:
        cities = city_filter(kb)
    with right:
        themes = theme_filter(kb)
    units = Counter(one.figure.unit for one in figures)
    years = {one.figure.year for one in figures if one.figure.year}
    named_years = {str(year): str(year) for year in sorted(years, reverse=True)}
    columns = iter(st.columns([3, 2, 2, 1, 1]))

    def choice(
        label: str, key: str, names: Mapping[str, str], most: int | None = None
    ) -> tuple[str, ...]:
        with next(columns):
            return tuple(url_choice(label, key, names, _("Any"), most=most))

    kinds = choice(_("Kind"), KIND, {kind: figure_kind_name(kind) for kind in KINDS})
    chosen_units = choice(
        _("Currency or unit"), UNIT, {unit: unit for unit, _n in units.most_common()}
    )
    states = choice(
        _("Planned or real"), STATE, {s: figure_state_name(s) for s in STATES}
    )
    first = choice(_("From year"), FIRST_YEAR, named_years, 1)
    last = choice(_("To year"), LAST_YEAR, named_years, 1)
    return FigureFilter(
        cities=tuple(cities),
        themes=tuple(themes),
        kinds=kinds,
        units=chosen_units,
        states=states,
        first_year=int(first[0]) if first else None,
        last_year=int(last[0]) if last else None,
    )


def order_choice() -> Order:
    """Draw the choice of an order, which stands in the URL."""
    names: dict[str, str] = {
        "city": _("City"),
        "largest": _("Largest first"),
        "newest": _("Newest first"),
    }
    chosen = url_choice(_("Order by"), SORT, names, names["city"], most=1)
    return next((order for order in ORDERS if [order] == chosen), "city")


def reset() -> None:
    """Empty every filter before the next run."""
    address.go(**dict.fromkeys(_WIDGETS))


def reset_button(wanted: FigureFilter) -> None:
    """Draw the button that removes every filter, where one is set."""
    if wanted != FigureFilter():
        st.button(
            _("Reset filters"),
            icon=":material/filter_alt_off:",
            key="reset-filters",
            on_click=reset,
        )


def choose_kind(kind: str) -> None:
    """Set the filter by kind before the next run."""
    address.go(**{KIND: kind})
