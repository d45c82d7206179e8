"""The Prepare page: a briefing of what was collected, or a kit for a meeting."""

from __future__ import annotations

import streamlit as st

from ui import address
from ui.prepare.briefing_view import briefing_view
from ui.prepare.session_kit import session_kit_view
from ui.prepare.visit_kit import visit_kit_view
from ui.state import KIT, SESSION, knowledge_base
from ui.texts import _

_BRIEFING = "briefing"
_CHOICE = "prepare-what"


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    st.title(_("Prepare"), anchor=False)
    names = {
        _BRIEFING: _("Briefing"),
        KIT: _("Study visit kit"),
        SESSION: _("Discussion group"),
    }
    # The address says which: the link to the briefing leads here from the kit, too.
    given = [name for name in (KIT, SESSION) if name in address.here()]
    address.follow(_CHOICE, given[0] if given else _BRIEFING)
    chosen = st.segmented_control(
        _("What to prepare"),
        list(names),
        format_func=names.__getitem__,
        key=_CHOICE,
        required=True,
        label_visibility="collapsed",
        on_change=_remember,
    )
    if chosen == KIT:
        visit_kit_view(kb)
    elif chosen == SESSION:
        session_kit_view(kb)
    else:
        # Streamlit leaves the kit in the browser's address when the link to the
        # briefing is clicked on the kit: send what the address is now.
        st.query_params.update()
        briefing_view(kb)


def _remember() -> None:
    kb, chosen = knowledge_base(), st.session_state[_CHOICE]
    first = {KIT: kb.cities[0].slug, SESSION: kb.themes[0].slug}
    address.go(**{name: first[name] if name == chosen else None for name in first})


show()
