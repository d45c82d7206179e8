"""Whether this session may change the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from kb.settings import Settings
from ui.texts import _

_THIS_COMPUTER = {"localhost", "127.0.0.1", "::1"}
_OF_A_PROXY = (
    *("Forwarded", "Via", "X-Real-IP"),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
)


def may_curate(settings: Settings) -> bool:
    """Whether the corpus may be written from here.

    There is no login. Without a setting it is allowed only to a browser on the computer
    that the app runs on: the app listens there alone, the address that the browser
    shows is that of this computer, and no proxy has passed the request on.
    """
    if settings.curate is not None:
        return settings.curate
    listens_on = st.get_option("server.address")
    return listens_on in _THIS_COMPUTER and is_from_here(st.context.headers)


def is_from_here(headers: Mapping[str, str]) -> bool:
    """Whether a request seems to come from a browser on this computer.

    Anything but a browser can send any address; a proxy on this computer tells by its
    own headers that it passes on what others send. One that adds none is not noticed.

    Args:
        headers: Of the request; names are found in any case.
    """
    shown = urlsplit(headers.get("Origin", "")).hostname
    return shown in _THIS_COMPUTER and not any(name in headers for name in _OF_A_PROXY)


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
