"""The questions of a profile and their answers, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from ui.formats import country_name, number
from ui.profile.model import MAX_NOTE_CHARS, Profile, SizeClass, bounds
from ui.texts import _

SIZES: tuple[SizeClass, ...] = (
    "to-50",
    "to-100",
    "to-250",
    "to-500",
    "to-1000",
    "above-1000",
)
COUNTRIES = (
    *("AD", "AL", "AT", "BA", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES"),
    *("FI", "FR", "GB", "GE", "GR", "HR", "HU", "IE", "IL", "IS", "IT", "LI", "LT"),
    *("LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS"),
    *("SE", "SI", "SK", "SM", "TR", "UA", "XK"),
)


def not_known() -> str:
    """Return what an empty answer is called."""
    return _("not known")


def size_name(size: SizeClass) -> str:
    """Return a class of size in words."""
    low, high = bounds(size)
    if high is None:
        return _("{n} inhabitants or more", n=number(low))
    if not low:
        return _("fewer than {n} inhabitants", n=number(high))
    return _("{low} to {high} inhabitants", low=number(low), high=number(high))


def choices() -> dict[str, tuple[str, Mapping[str, str]]]:
    """Return for each choice of a profile its question, and answers by value."""
    owners = {"city": _("the city or its own company")}
    return {
        "country": (
            _("In which country is your city?"),
            dict(
                sorted(
                    ((code, country_name(code, code)) for code in COUNTRIES),
                    key=lambda pair: pair[1],
                )
            ),
        ),
        "size": (
            _("How many people live there?"),
            {size: size_name(size) for size in SIZES},
        ),
        "climate": (
            _("What is its climate like?"),
            {
                "cold": _("cold winters"),
                "mild": _("mild winters and summers"),
                "warm": _("hot summers"),
            },
        ),
        "heat_network": (_("Is there a district heating network?"), _yes_no()),
        "network_owner": (
            _("Who owns the heat network?"),
            {**owners, "shared": _("the city with others"), "other": _("others")},
        ),
        "building_owner": (
            _("Who owns the buildings that you have in mind?"),
            {
                **owners,
                "flat-owners": _("the owners of the flats"),
                "other": _("others"),
            },
        ),
        "land_owner": (
            _("Who owns the land that you have in mind?"),
            {**owners, "other": _("others")},
        ),
        "outside_money": (
            _("Can you count on money of the state or the EU?"),
            _yes_no(),
        ),
    }


def notes() -> dict[str, str]:
    """Return for each answer in the reader's own words its question."""
    return {
        "powers": _("What may your city demand of others? (Plans, rules, fees)"),
        "budget": _("From which budget would you pay?"),
        "start": _("Where do you stand today? (Decisions, studies, pilots)"),
    }


def answer(profile: Profile, field: str) -> str:
    """Return what a profile says to one of its questions, in words."""
    value = str(getattr(profile, field))[:MAX_NOTE_CHARS]
    if field in ("powers", "budget", "start"):
        return value or not_known()
    return choices()[field][1].get(value, not_known())


def _yes_no() -> dict[str, str]:
    return {"yes": _("Yes"), "no": _("No")}
