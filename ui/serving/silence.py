"""Streamlit asks nobody on the internet where it is."""

from __future__ import annotations

from streamlit import net_util


def ask_nobody() -> None:
    """Keep Streamlit from finding out this machine's addresses.

    It asks a service on the internet for them, in its event loop, to compare them with
    the origin of a foreign handshake: where nothing answers, every session stands still
    meanwhile. At the start it would ask, too, before it loads this program: therefore
    `.streamlit/config.toml` sets ``browser.serverAddress``.
    """
    net_util.get_external_ip = _no_address
    net_util.get_internal_ip = _no_address


def _no_address() -> str | None:
    return None
