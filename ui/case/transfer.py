"""Would it work here: a case's conditions against the reader's city, and its steps."""

from __future__ import annotations

import streamlit as st

from kb import FullCase
from kb.types import City
from ui.case import markup as case_markup
from ui.formats import country_name, number
from ui.profile.model import Profile
from ui.profile.session import profile, profile_link
from ui.profile.wording import answer
from ui.texts import _
from ui.transfer.card import (
    ConditionRow,
    PlaceRow,
    TransferCard,
    Verdict,
    statements_of,
    transfer_card,
)

TRANSFER_ANCHOR = "transfer"
STEPS_ANCHOR = "steps"


def transfer_view(full: FullCase, city: City) -> None:
    """Draw the transfer card of a case; nothing where no conditions were read."""
    if not full.conditions:
        return
    told = profile()
    card = transfer_card(full, city, told)
    with st.container(border=True, key="transfer"):
        st.header(_("Would it work here?"), anchor=TRANSFER_ANCHOR)
        st.caption(
            _(
                "What the case says made it possible or stood in its way, beside your "
                "city. Same or different is said only where both are stated outright; "
                "everything else is a question to ask. There is no score."
            )
        )
        profile_link()
        places = [_place(row, card, told) for row in card.place]
        rows = [_condition(row, told) for row in card.conditions]
        st.html(case_markup.transfer(places, rows))


def steps_view(full: FullCase) -> None:
    """Draw what was done one after another; nothing where no steps were read."""
    if not full.steps:
        return
    st.header(_("What came first"), anchor=STEPS_ANCHOR)
    st.caption(
        _(
            "In the order of the case. A step without a date stands where the case "
            "has it."
        )
    )
    st.html(
        case_markup.steps(
            (step.when, step.what, statements_of(full, step)) for step in full.steps
        )
    )


def verdict_name(verdict: Verdict) -> str:
    """Return how a condition compares, in words."""
    return {
        "same": _("Same"),
        "different": _("Different"),
        "unknown": _("Unknown"),
    }[verdict]


def _place(row: PlaceRow, card: TransferCard, told: Profile) -> case_markup.PlaceLine:
    city = card.city
    if row.kind == "country":
        name = _("Country")
        country = country_name(city.country_code, city.country)
        there = _("{country} (list of the mentor cities)", country=country)
    elif row.kind == "size":
        year = city.population_year or _("year not stated")
        name = _("Size")
        there = _("{n} ({year})", n=number(city.population), year=year)
    else:
        name, there = _("Climate"), _("not stated in the sources")
    return case_markup.PlaceLine(
        name=name,
        verdict=verdict_name(row.verdict),
        there=there,
        source=city.population_source if row.kind == "size" else None,
        here=answer(told, row.kind),
    )


def _condition(row: ConditionRow, told: Profile) -> case_markup.ConditionLine:
    roles = {
        "required": _("It needed"),
        "hindered": _("In the way"),
        "helped": _("It helped"),
        "context": _("Besides"),
    }
    return case_markup.ConditionLine(
        role=roles[row.condition.role],
        verdict=verdict_name(row.verdict),
        says=row.condition.says,
        statements=row.statements,
        here=answer(told, row.field) if row.field else "",
        ask=row.condition.ask,
    )
