"""What watchers of the web app may ask, and what Streamlit tells nobody."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from doors.watch import Watch
from kb.errors import KnowledgeBaseError
from ui.drawing import DRAWING
from ui.state import knowledge_base

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

logger = logging.getLogger(__name__)

_HIDDEN = "/_stcore/metrics"
_AGAIN_S = 5


def watch() -> Watch:
    """Return what looks after the pages and the knowledge base behind them."""
    return Watch(knowledge_base, DRAWING.require_working, _require_going_on)


def _require_going_on() -> None:
    if DRAWING.is_stopping:
        raise KnowledgeBaseError("the program is stopping.", "Ask another one.")


class Watched:
    """Middleware that answers `/health` and `/ready` (ASGI).

    It also hides what Streamlit counts, and lets nobody in who comes after the program
    was told to stop.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Take what stands behind it."""
        self._app = app
        self._watch = watch()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        path: str = scope.get("path", "")
        if scope["type"] == "http" and path in ("/health", "/ready"):
            answer = await run_in_threadpool(self._answer, path)
        elif scope["type"] == "http" and path.endswith(_HIDDEN):
            answer = JSONResponse({"status": "not here"}, HTTPStatus.NOT_FOUND)
        elif scope["type"] == "http" and DRAWING.is_stopping:
            answer = _unavailable()
        else:
            await self._app(scope, receive, send)
            return
        await answer(scope, receive, send)

    def _answer(self, path: str) -> JSONResponse:
        try:
            if path == "/ready":
                self._watch.ready()
            else:
                self._watch.live()
        except KnowledgeBaseError as exc:
            logger.error("%s: %s", path, exc)  # noqa: TRY400
            return _unavailable()
        return JSONResponse({"status": "ok"})


def _unavailable() -> JSONResponse:
    return JSONResponse(
        {"status": "unavailable"},
        HTTPStatus.SERVICE_UNAVAILABLE,
        {"Retry-After": str(_AGAIN_S)},
    )
