"""Pages that are being drawn are finished before the program stops."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from ui.drawing import DRAWING
from ui.state import knowledge_base

if TYPE_CHECKING:
    from types import FrameType

    from streamlit.starlette import App

logger = logging.getLogger(__name__)

MOST_SECONDS = 10
"""How long pages that have begun may take once the program is to stop."""
_LOOKS_EVERY_S = 0.05
_QUIET_S = 1.0
"""How long no page may have been drawn: what is drawn has to be sent, and what a reader
has just asked for has to begin."""


@asynccontextmanager
async def finishing(_: App) -> AsyncIterator[None]:
    """Let the first SIGTERM wait for the pages; a second one stops at once.

    The server would close the connections first, and drop what is drawn for them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets signals
        return
    loop = asyncio.get_running_loop()
    servers: Any = signal.getsignal(signal.SIGTERM)
    waiting: list[asyncio.Task[None]] = []

    async def wait() -> None:
        quiet_since = begun = loop.time()
        while loop.time() - quiet_since < _QUIET_S:
            if loop.time() - begun > MOST_SECONDS:
                logger.warning("pages are broken off after %d seconds", MOST_SECONDS)
                break
            await asyncio.sleep(_LOOKS_EVERY_S)
            if DRAWING.running:
                quiet_since = loop.time()
        servers(signal.SIGTERM, None)

    def told(number: int, frame: FrameType | None) -> None:
        if DRAWING.is_stopping or not callable(servers):
            signal.signal(signal.SIGTERM, servers)
            signal.raise_signal(number)
            return
        DRAWING.is_stopping = True
        loop.call_soon_threadsafe(lambda: waiting.append(loop.create_task(wait())))

    signal.signal(signal.SIGTERM, told)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, servers)
        DRAWING.is_stopping = False
        # The server ends the process by a signal, which would leave temporary files.
        knowledge_base.clear()
