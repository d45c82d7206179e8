"""Whether this session may change the corpus."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from kb.settings import Settings
from ui.texts import _

_THIS_COMPUTER = {"localhost", "127.0.0.1", "::1"}


def may_curate(settings: Settings) -> bool:
    """Whether the corpus may be written from here.

    There is no login. Without a setting it is allowed only to a browser on the computer
    that the app runs on: the app listens there alone, and the address that the browser
    shows is that of this computer. Behind a proxy the browser shows another.
    """
    if settings.curate is not None:
        return settings.curate
    listens_on = st.get_option("server.address")
    shown = urlsplit(st.context.headers.get("Origin", "")).hostname
    return listens_on in _THIS_COMPUTER and shown in _THIS_COMPUTER


def how_to_curate() -> None:
    """Say in one sentence how the operator turns it on."""
    st.info(
        _(
            "Changing the cases is turned off here. Whoever runs this app turns it on "
            "with the setting `KB_CURATE=on`; everybody who can open the app can then "
            "change the cases, so it should be reachable for experts only."
        ),
        icon=":material/lock:",
    )
