"""The web app and the API in one process, on one address, over one knowledge base."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from streamlit.starlette import App

from doors.rest import Desk, build_api, is_of_api
from ui.state import knowledge_base

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr
    from starlette.types import ASGIApp, Receive, Scope, Send


class Beside:
    """Middleware that sends to the API what asks for it, and the rest on (ASGI)."""

    def __init__(self, app: ASGIApp, api: ASGIApp) -> None:
        """Take the web app and what stands beside it."""
        self._app, self._api = app, api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        asks_api = scope["type"] == "http" and is_of_api(scope["path"])
        await (self._api if asks_api else self._app)(scope, receive, send)


def serve_with_api(
    script: Path, host: str, port: int, names: Sequence[str], key: SecretStr | None
) -> None:
    """Listen on an address until it is stopped.

    Args:
        script: The web app's.
        host: Address to listen on.
        port: Of it.
        names: What requests to the API may call it, from `own_names`.
        key: What they have to bear; None for nothing.
    """
    # Streamlit looks for its settings beside the program that is run.
    sys.argv = [str(script)]
    api = build_api(Desk(knowledge_base), names, key)
    App(script, middleware=[Middleware(Beside, api=api)]).run(
        config={
            "server.address": host,
            "server.port": port,
            "server.fileWatcherType": "none",  # whoever serves does not edit the code
        }
    )
