"""Whether a login can work: a provider is named, and the library for it is there."""

from __future__ import annotations

from importlib.util import find_spec

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from kb.errors import SettingsError

_NEEDED = (
    *("redirect_uri", "cookie_secret", "client_id", "client_secret"),
    "server_metadata_url",
)
_SHORTEST_SECRET = 32


def require_provider() -> None:
    """Refuse a login that nobody could use, or that is signed with a guessable secret.

    Raises:
        SettingsError: Streamlit's secrets name no provider, or Authlib is missing.
    """
    if find_spec("authlib") is None:
        raise SettingsError(
            "KB_LOGIN needs the library Authlib.",
            "Install it: pip install -c constraints.txt -e '.[login]'",
        )
    try:
        told = dict(st.secrets.get("auth", {}))
    except StreamlitSecretNotFoundError:
        told = {}
    missing = [name for name in _NEEDED if not told.get(name)]
    if missing:
        raise SettingsError(
            f"KB_LOGIN is on, but .streamlit/secrets.toml lacks {', '.join(missing)} "
            "in [auth].",
            "Write them as docs/operations.md shows.",
        )
    if len(told["cookie_secret"]) < _SHORTEST_SECRET:
        raise SettingsError(
            f"the cookie_secret has fewer than {_SHORTEST_SECRET} characters.",
            'Make one: python3 -c "import secrets; print(secrets.token_urlsafe())"',
        )
