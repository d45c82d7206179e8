"""What browsers are told with every page: whom it may talk to, and who may show it."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class TellBrowsers:
    """Middleware that adds the headers to every answer (ASGI)."""

    def __init__(self, app: ASGIApp) -> None:
        """Take what stands behind it."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; add to its answer what it does not say itself."""

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in told().items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with)


@cache
def told() -> dict[str, str]:
    """Return the headers by name.

    A page's address holds the question, so no other website gets to read it. Styles are
    inline because Streamlit makes them while it draws; ``blob:`` are the scripts of its
    components, and the images and files that it makes.
    """
    scripts = _INLINE_SCRIPT.findall(_PAGE.read_text(encoding="utf-8"))
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' blob: {allowed}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "frame-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return {
        "content-security-policy": "; ".join(f"{k} {v}" for k, v in policy.items()),
        "x-frame-options": "DENY",  # for browsers that do not know frame-ancestors
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
