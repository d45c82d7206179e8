"""The session's profile of the reader's city, and the filter by cities like it."""

from __future__ import annotations

import streamlit as st

from kb.types import City
from ui import pages
from ui.device.entry import Entry
from ui.formats import country_name
from ui.markup import as_markdown
from ui.profile.model import (
    Profile,
    can_be_likened,
    is_alike,
    open_profile,
    save_profile,
)
from ui.profile.wording import size_name
from ui.texts import _

_PROFILE = "profile"
_EDITION = "profile-edition"
_ALIKE = "only-alike"


def profile() -> Profile:
    """Return the profile of the reader's city; an empty one until she tells it."""
    told: Profile = st.session_state.get(_PROFILE, Profile())
    return told


def keep_profile(new: Profile) -> None:
    """Make a profile the session's own."""
    st.session_state[_PROFILE] = new


def replace_profile(new: Profile) -> None:
    """Likewise, and let the form show it."""
    keep_profile(new)
    st.session_state[_EDITION] = profile_edition() + 1


def profile_edition() -> int:
    """Return a number that changes when the whole profile is another one."""
    number: int = st.session_state.get(_EDITION, 0)
    return number


def profile_link() -> None:
    """Draw the link to the page on which the profile is told."""
    is_told = profile() != Profile()
    st.page_link(
        pages.CITY,
        label=_("Change your city's profile") if is_told else _("Tell about your city"),
        icon=":material/location_city:",
    )


def alike_filter(cities: list[City], *, key: str) -> list[City]:
    """Draw the filter by cities like the reader's; return the cities that it leaves.

    It stands in no address. Where no city is like hers, this is told.

    Args:
        cities: To choose from.
        key: Of the filter on the page.
    """
    told = profile()
    if not can_be_likened(told):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_("Looking for cities like yours?"), width="content")
            profile_link()
        return cities
    st.session_state[key] = st.session_state.get(_ALIKE, False)
    wanted = st.toggle(
        _("Only cities like mine"),
        key=key,
        on_change=lambda: st.session_state.update({_ALIKE: st.session_state[key]}),
    )
    st.caption(as_markdown(what_alike_means(told)))
    if not wanted:
        return cities
    found = [city for city in cities if is_alike(city, told)]
    if not found:
        st.info(_("No mentor city is like yours in this sense. Switch the filter off."))
    return found


def what_alike_means(told: Profile) -> str:
    """Return in a sentence which cities are like a profile's."""
    country = country_name(told.country, told.country)
    if told.size and told.country:
        return _(
            "Like yours: {size}, or in {country}.",
            size=size_name(told.size),
            country=country,
        )
    if told.size:
        return _("Like yours: {size}.", size=size_name(told.size))
    return _("Like yours: in {country}.", country=country)


def _text() -> str:
    return "" if profile() == Profile() else save_profile(profile())


def _take_up(text: str, is_changed: bool) -> str:
    kept = open_profile(text) if text else Profile()
    if not is_changed:
        replace_profile(kept)
    return ""


KEPT_PROFILE = Entry(
    name="profile",
    label=lambda: _("Your city's profile"),
    most_chars=20_000,
    text=_text,
    take_up=_take_up,
)
