"""What this session may do."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.context import StreamlitHeaders

from kb.settings import Settings

_THIS_COMPUTER = ("localhost", "127.0.0.1", "[::1]")
_LISTENS_HERE = {"localhost", "127.0.0.1", "::1"}
_HOUR_S = 3_600
_PORT_OF = {"http": 80, "https": 443}
_SENT_BY_BROWSERS = {
    *("accept", "accept-encoding", "accept-language", "cache-control", "connection"),
    *("cookie", "dnt", "host", "origin", "pragma", "priority", "referer", "te"),
    *("upgrade", "user-agent"),
}


def may_read(settings: Settings) -> bool:
    """Whether the cases may be read from here: by all, or by readers who logged in."""
    if not settings.login or may_curate(settings):
        return True
    return is_logged_in(settings) and (
        not settings.readers or _is_among(settings.readers, settings.role_claim)
    )


def may_curate(settings: Settings) -> bool:
    """Whether the corpus may be written from here.

    With a login it needs a curator. Without one, and without a setting, it is allowed
    only to a browser on the computer that the app runs on: the app listens there alone,
    the address that the browser shows is that of this computer, and nobody has passed
    the request on.
    """
    if settings.curate is False:
        return False
    if settings.login:
        return is_logged_in(settings) and _is_among(
            settings.curators, settings.role_claim
        )
    if settings.curate:
        return True
    is_alone = st.get_option("server.address") in _LISTENS_HERE
    return is_alone and is_from_here(st.context.headers, st.get_option("server.port"))


def is_logged_in(settings: Settings) -> bool:
    """Whether the provider has told who this is, and not too long ago."""
    return settings.login and time.time() < login_ends(settings)


def login_ends(settings: Settings) -> float:
    """Return when a session has to log in again, as `time.time` counts.

    Streamlit asks the provider once and keeps its word for 30 days, whoever has left
    since. Without a login a session never has to.
    """
    if not settings.login:
        return math.inf
    claims = st.user.to_dict()
    told_at = claims.get("iat")
    if claims.get("is_logged_in") is not True or not isinstance(told_at, int | float):
        return -math.inf
    return told_at + settings.login_hours * _HOUR_S


def who() -> str:
    """Return who this is, for the audit log; ``""`` where nobody is logged in.

    It is her e-mail address, or, where the provider does not say that it is hers, the
    name that it has given her.
    """
    claims = st.user.to_dict()
    return _verified_email(claims) or str(claims.get("sub") or "")


def names_of(claims: Mapping[str, Any], role_claim: str) -> set[str]:
    """Return the names under which a person may be listed, in lower case.

    An e-mail address counts only where the provider says that it is hers.

    Args:
        claims: What the provider tells of her.
        role_claim: The claim that holds her roles, one or a list; empty for none.
    """
    roles = claims.get(role_claim) if role_claim else ()
    listed = [roles] if isinstance(roles, str) else roles
    # Of a mapping, who knows whether the role is in its keys, and held?
    names = listed if isinstance(listed, list) else ()
    # An address among the roles would pass for a verified one.
    found = {n for n in names if isinstance(n, str) and "@" not in n}
    found.add(_verified_email(claims))
    return {name.casefold() for name in found - {""}}


def _verified_email(claims: Mapping[str, Any]) -> str:
    """Return the address that the provider says is this person's, or ``""``."""
    email = claims.get("email")
    is_hers = claims.get("email_verified") is True and isinstance(email, str)
    return str(email) if is_hers else ""


def _is_among(listed: str, role_claim: str) -> bool:
    """Whether this person stands in a list whose entries commas separate."""
    entries = {entry.strip().casefold() for entry in listed.split(",")} - {""}
    return bool(entries & names_of(st.user.to_dict(), role_claim))


def is_from_here(headers: StreamlitHeaders, port: int) -> bool:
    """Whether a request comes from a page of this app in a browser on this computer.

    Whatever is not known to be so is not: a header that no browser sends by itself, as
    those of proxies, a name or port that is not this app's, a page of another origin.

    Anything but a browser can send any header, and a proxy that rewrites the address
    and adds none is not noticed.

    Args:
        headers: Of the request that opened the session.
        port: On which the app listens.
    """
    hosts, origins = headers.get_all("Host"), headers.get_all("Origin")
    own = {
        (f"{scheme}://{host}", host)
        for name in _THIS_COMPUTER
        for scheme, usual in _PORT_OF.items()
        for host in [f"{name}:{port}", *([name] if port == usual else [])]
    }
    return (
        len(hosts) == len(origins) == 1
        and (origins[0], hosts[0]) in own
        and all(map(_is_of_browser, headers))
    )


def _is_of_browser(name: str) -> bool:
    return name.lower() in _SENT_BY_BROWSERS or name.lower().startswith("sec-")
