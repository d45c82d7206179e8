"""Pages of other origins do not get in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from streamlit import config

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

logger = logging.getLogger(__name__)

_ONLY_READS = {"GET", "HEAD", "OPTIONS"}
_FOREIGN = 403
_POLICY_VIOLATION = 1008
"""Of a websocket that is closed, by RFC 6455."""


class OwnOrigin:
    """Middleware that refuses handshakes and writing of pages from elsewhere (ASGI).

    Streamlit refuses most of them, too, but lets any page on the same computer in, and
    asks the internet for its own address first.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Take what stands behind it."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        acts = scope["type"] == "websocket" or (
            scope["type"] == "http" and scope["method"] not in _ONLY_READS
        )
        if not acts or is_own(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        logger.warning("a page of another origin was refused at %s", scope["path"])
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            refusal = PlainTextResponse("Foreign origin.", _FOREIGN)
            await refusal(scope, receive, send)


def is_own(headers: Headers) -> bool:
    """Whether a request comes from a page of this app, or from no page at all.

    The page's host and port are those that the request names, or its origin stands in
    Streamlit's setting ``server.corsAllowedOrigins``, for a proxy that names another.
    """
    origins, hosts = headers.getlist("origin"), headers.getlist("host")
    if not origins:
        return True
    if len(origins) > 1 or len(hosts) != 1:
        return False
    allowed: list[str] = config.get_option("server.corsAllowedOrigins")
    try:
        return urlsplit(origins[0]).netloc == hosts[0] or origins[0] in allowed
    except ValueError:  # it is no address at all
        return False
