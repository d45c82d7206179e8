"""The Prepare page: a briefing of what was collected, or a kit for a study visit."""

from __future__ import annotations

import streamlit as st

from ui.prepare.briefing_view import briefing_view
from ui.prepare.visit_kit import visit_kit_view
from ui.state import KIT, knowledge_base
from ui.texts import _

_BRIEFING = "briefing"
_CHOICE = "prepare-what"


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    st.title(_("Prepare"), anchor=False)
    names = {_BRIEFING: _("Briefing"), KIT: _("Study visit kit")}
    # The address says which: the link to the briefing leads here from the kit, too.
    st.session_state[_CHOICE] = KIT if KIT in st.query_params else _BRIEFING
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
    else:
        # Streamlit leaves the kit in the browser's address when the link to the
        # briefing is clicked on the kit: send what the address is now.
        st.query_params.update()
        briefing_view(kb)


def _remember() -> None:
    if st.session_state[_CHOICE] == KIT:
        st.query_params[KIT] = knowledge_base().cities[0].slug
    else:
        st.query_params.pop(KIT, None)


show()
