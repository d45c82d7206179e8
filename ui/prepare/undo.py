"""What was removed or replaced last can be brought back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from ui import markup
from ui.briefing.model import MAX_ITEMS, Briefing, Item
from ui.briefing.session import collected, keep, renew
from ui.prepare.focus import focus_on
from ui.texts import _

_UNDO = "briefing-undo"

Undo = tuple[str, Callable[[], None]]
"""What was done, and what undoes it in the session's briefing as it is then."""


def replace_briefing(new: Briefing) -> None:
    """Make another briefing the session's own; what was there can be brought back."""
    old = collected()
    keep(new)
    renew()
    if old != Briefing():
        told = _("Your earlier briefing was replaced.")
        _offer_undo(told, partial(replace_briefing, old))


def remove(item_ids: Sequence[str], told: str) -> None:
    """Remove some items; they can be brought back to their places.

    Args:
        item_ids: Of the items; those that are not in the briefing change nothing.
        told: What is said of it.
    """
    briefing = collected()  # with what was typed into a note right before the click
    removed = [
        (position, item)
        for position, item in enumerate(briefing.items)
        if item.item_id in item_ids
    ]
    if removed:
        keep(briefing.remove(*item_ids))
        _offer_undo(told, partial(_put_back, removed, told))


def _put_back(removed: Sequence[tuple[int, Item]], told: str) -> None:
    briefing = collected()
    if len(briefing.items) + len(removed) > MAX_ITEMS:
        st.toast(_("The briefing is full now. Remove something to add more."))
        _offer_undo(told, partial(_put_back, removed, told))
        return
    keep(briefing.put_back(removed))
    renew()


def _offer_undo(told: str, undo: Callable[[], None]) -> None:
    st.session_state[_UNDO] = (told, undo)
    focus_on("undo")


def undo_offer() -> None:
    """Draw what was removed or replaced last, with a button to bring it back."""
    offer: Undo | None = st.session_state.get(_UNDO)
    if offer is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="undo-offer"):
        st.html(markup.status(offer[0]))
        st.button(
            _("Undo"),
            key="undo",
            icon=":material/undo:",
            on_click=_undo,
            args=offer[1:],
        )


def _undo(undo: Callable[[], None]) -> None:
    del st.session_state[_UNDO]
    focus_on("add-note")
    undo()  # what it does may be offered to be undone in its turn
