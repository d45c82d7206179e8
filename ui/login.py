"""How readers log in, where a login is asked for, and out again."""

from __future__ import annotations

import streamlit as st

from kb.settings import Settings
from ui.permission import is_logged_in
from ui.texts import _


def login_view(settings: Settings) -> None:
    """Draw what somebody sees who may not read: how to log in, or whom to ask."""
    st.title(_("Please log in"), anchor=False)
    if is_logged_in(settings):
        st.warning(
            _(
                "You are logged in, but you may not read the cases. Please ask whoever "
                "runs this website."
            ),
            icon=":material/lock:",
        )
        return
    st.write(_("The cases can be read here by those who have an account."))
    if st.button(_("Log in"), type="primary", icon=":material/login:", key="log-in"):
        st.login()


def logout_button(settings: Settings) -> None:
    """Draw how to log out, for who is logged in."""
    if is_logged_in(settings):
        st.button(
            _("Log out"),
            key="log-out",
            icon=":material/logout:",
            type="tertiary",
            on_click=st.logout,
        )
