"""The filters of the Library; what is chosen stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar, get_args

import streamlit as st

from kb import KnowledgeBase
from kb.library import LibraryCase
from kb.sections import STATED
from kb.types import ReviewStatus
from ui import address
from ui.library.choice import CaseFilter, Filter
from ui.library.finding import Found
from ui.library.period import years
from ui.parts.filters import city_filter, theme_filter
from ui.review import short_review_name
from ui.state import CITY, FIND, FIRST_YEAR, LAST_YEAR, REVIEW, SECTION, SORT, THEME
from ui.texts import _, ngettext
from ui.vocabulary import section_name

OBSTACLES = "Obstacles"
_T = TypeVar("_T")
_REVIEWS: tuple[ReviewStatus, ...] = get_args(ReviewStatus)
_BY_CITY = "city"
_NEWEST_FIRST = "newest"
_ORDERS = (_BY_CITY, _NEWEST_FIRST)
# What went wrong is what officers look for first.
_SECTIONS = (OBSTACLES, *(name for name in STATED if name != OBSTACLES))
_WIDGETS: dict[Filter, tuple[str, ...]] = {
    "cities": (CITY,),
    "themes": (THEME,),
    "section": (SECTION,),
    "period": (FIRST_YEAR, LAST_YEAR),
    "review": (REVIEW,),
    "found": (FIND,),
}


def today_year() -> int:
    """Return the year in which periods that go on end for now."""
    return date.today().year


def library_filters(
    kb: KnowledgeBase, library: Iterable[LibraryCase], found: Found | None
) -> CaseFilter:
    """Draw the filters; return what is chosen, which stands in the URL.

    Args:
        kb: The cases.
        library: All of them with their numbers.
        found: Where the words that are looked for stand.
    """
    section = _one(
        SECTION,
        _SECTIONS,
        lambda: st.pills(
            _("Show statements about"),
            _SECTIONS,
            format_func=section_name,
            key=SECTION,
            wrap=True,
            on_change=_remember,
            args=(SECTION,),
        ),
    )
    with st.container(horizontal=True, gap="xsmall"):
        with st.container(width=310):
            cities = city_filter(kb)
        with st.container(width=310):
            themes = theme_filter(kb)
        first, last = _period_filter(library)
        review = _review_filter()
    return CaseFilter(
        cities=tuple(cities),
        themes=tuple(themes),
        section=section or "",
        first_year=first,
        last_year=last,
        review=review,
        found=None if found is None else found.cases,
    )


def choose(
    *,
    cities: Sequence[str] | None = None,
    themes: Sequence[str] | None = None,
    section: str | None = None,
) -> None:
    """Set filters by clicks beside the list; those that are None stay."""
    wanted = {CITY: cities, THEME: themes, SECTION: section}
    address.go(**{key: value for key, value in wanted.items() if value is not None})


def reset(names: Iterable[Filter]) -> None:
    """Empty the named filters before the next run."""
    keys = {key for name in names for key in _WIDGETS[name]}
    if FIND in keys:  # Streamlit's own: see `ui.library.finding`
        st.session_state[FIND] = ""
    address.go(**dict.fromkeys(keys - {FIND}))


def reset_button(wanted: CaseFilter) -> None:
    """Draw the button that removes every filter, where one is set."""
    if names := wanted.is_set():
        st.button(
            _("Reset filters"),
            icon=":material/filter_alt_off:",
            key="reset-filters",
            on_click=reset,
            args=(names,),
        )


def order_choice() -> bool:
    """Draw the choice of an order; return whether the newest cases come first."""
    names = {_BY_CITY: _("City"), _NEWEST_FIRST: _("Newest first")}
    order = _one(
        SORT,
        _ORDERS,
        lambda: st.segmented_control(
            _("Order by"),
            _ORDERS,
            format_func=names.__getitem__,
            key=SORT,
            required=True,
            on_change=_remember,
            args=(SORT, _BY_CITY),
        ),
        otherwise=_BY_CITY,
    )
    return order == _NEWEST_FIRST


def nothing_found(hidden: Mapping[Filter, int]) -> None:
    """Say that no case fits, and which filter to remove.

    Args:
        hidden: How many cases would fit without each of the filters that are set.
    """
    helping = [(name, n) for name, n in hidden.items() if n]
    if helping:
        st.info(_("No case fits these filters together. Remove one of them."))
    else:
        st.info(_("No case fits these filters together. Remove more than one of them."))
    labels = {
        "cities": _("Remove the filter by city"),
        "themes": _("Remove the filter by theme"),
        "section": _("Remove the filter by section"),
        "period": _("Remove the filter by year"),
        "review": _("Remove the filter by review"),
        "found": _("Remove the words"),
    }
    with st.container(horizontal=True, gap="small"):
        for name, n in sorted(helping, key=lambda item: -item[1]):
            then = ngettext("{n} case fits then", "{n} cases fit then", n)
            st.button(
                f"{labels[name]} ({then})",
                key=f"remove-{name}",
                on_click=reset,
                args=([name],),
            )


def _period_filter(library: Iterable[LibraryCase]) -> tuple[int | None, int | None]:
    spans = [years(one.case.period, today_year()) for one in library]
    named = [year for span in spans if span is not None for year in span]
    choices = range(max(named, default=0), min(named, default=1) - 1, -1)
    first = _year(_("From year"), FIRST_YEAR, choices)
    last = _year(_("To year"), LAST_YEAR, choices)
    if first is not None and last is not None and first > last:
        return last, first
    return first, last


def _year(label: str, key: str, choices: Sequence[int]) -> int | None:
    return _one(
        key,
        choices,
        lambda: st.selectbox(
            label,
            choices,
            key=key,
            placeholder=_("Any"),
            index=None,
            width=120,
            on_change=_remember,
            args=(key,),
        ),
    )


def _review_filter() -> ReviewStatus | None:
    return _one(
        REVIEW,
        _REVIEWS,
        lambda: st.selectbox(
            _("Review"),
            _REVIEWS,
            format_func=short_review_name,
            key=REVIEW,
            placeholder=_("Any"),
            index=None,
            width=240,
            on_change=_remember,
            args=(REVIEW,),
        ),
    )


def _one(
    key: str,
    choices: Sequence[_T],
    draw: Callable[[], _T | None],
    *,
    otherwise: _T | None = None,
) -> _T | None:
    """Draw a choice of one that the address names, if it is not what holds otherwise.

    Streamlit's own binding would put the shown name there.
    """
    given = st.query_params.get(key)
    fitting = (choice for choice in choices if str(choice) == given)
    address.follow(key, next(fitting, otherwise))
    return draw()


def _remember(key: str, otherwise: str | None = None) -> None:
    """Put what is chosen into the address, if it is not what holds otherwise."""
    chosen = st.session_state[key]
    address.go(**{key: None if chosen in (None, otherwise) else str(chosen)})
