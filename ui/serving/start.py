"""Start the web app, alone or with the API beside it: one process, one address."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from streamlit.starlette import App

from doors.metrics import REQUESTS, serve_metrics
from doors.rest import Desk, build_api, is_of_api
from ui.drawing import DRAWING
from ui.parts.failure import page_failed
from ui.serving import SCRIPT, finishing, guards
from ui.serving.watched import watch
from ui.state import knowledge_base

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr
    from starlette.types import ASGIApp, Receive, Scope, Send

_DESK = Desk(knowledge_base, watch=watch())


class Beside:
    """Middleware that sends to the API what asks for it, and the rest on (ASGI)."""

    def __init__(self, app: ASGIApp, api: ASGIApp) -> None:
        """Take the web app and what stands beside it."""
        self._app, self._api = app, api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        asks_api = scope["type"] == "http" and is_of_api(scope["path"])
        await (self._api if asks_api else self._app)(scope, receive, send)


def api_beside(names: Sequence[str], key: SecretStr | None) -> Middleware:
    """Return the API over the knowledge base of the pages.

    Args:
        names: What requests to it may call it, from `own_names`.
        key: What they have to bear; None for nothing.
    """
    return Middleware(Beside, api=build_api(_DESK, names, key))


def serve_figures(at: str) -> str:
    """Serve the figures of pages, requests and questions; return where.

    Args:
        at: Address to listen on, ``host:port``.

    Raises:
        SettingsError: It is taken.
    """
    gauges = {
        "mentorkb_pages": ("Pages that are being drawn.", lambda: DRAWING.running),
        "mentorkb_failed_pages": (
            "Pages that have failed since the start.",
            lambda: DRAWING.failures,
        ),
        "mentorkb_waiting": (
            "Questions that wait for their turn.",
            lambda: knowledge_base().waiting,
        ),
        "mentorkb_requests": (REQUESTS, lambda: _DESK.admitted),
    }
    return serve_metrics(at, knowledge_base, gauges)


def build_app(*beside: Middleware) -> App:
    """Return the web app with its guards.

    Args:
        beside: What else answers at its address, before the guards.

    Raises:
        SettingsError: Readers have to log in, and could not.
    """
    # Streamlit looks for its settings beside the program that is run.
    sys.argv = [str(SCRIPT)]
    return App(
        SCRIPT,
        middleware=[*beside, *guards()],
        lifespan=finishing,
        on_script_error=page_failed,
    )


def serve(app: App, host: str, port: int, file_mb: int) -> None:
    """Listen on an address until it is stopped.

    Args:
        app: From `build_app`.
        host: Address to listen on.
        port: Of it.
        file_mb: Size of the largest file that can be sent, in MB.
    """
    app.run(
        config={
            "server.address": host,
            "server.port": port,
            "server.maxUploadSize": file_mb,
            "server.fileWatcherType": "none",  # whoever serves does not edit the code
        }
    )
