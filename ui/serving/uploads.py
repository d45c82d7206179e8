"""Files come in only from sessions that a page has asked for one, and only so many."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kb import load_settings
from ui.permission import login_ends

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

logger = logging.getLogger(__name__)

MOST_FILES = 10
"""That a session may have here at once."""
MOST_FILES_IN_ALL = 40
_FILES_OF_FULL_SIZE = 2
_FILES_OF_FULL_SIZE_IN_ALL = 4
_AROUND_A_FILE = 64 * 1024
"""Bytes that a request may have besides the file."""
_MEGABYTE = 1024 * 1024
_ADDRESS = re.compile(r".*/_stcore/upload_file/(?P<session>[^/]+)/[^/]+")
_FORBIDDEN, _LENGTH_REQUIRED, _TOO_MUCH = 403, 411, 413


@dataclass(frozen=True)
class _File:
    """A file that is here or on its way, in bytes."""

    session: str
    size: int


@dataclass(frozen=True)
class _Leave:
    """What a session may send."""

    size: int
    """Of the largest file, in bytes."""
    until: float
    """As `time.time` counts."""


class _Door:
    """Which sessions may send files, and what is on its way; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._allowed: dict[str, _Leave] = {}
        self._on_the_way: list[_File] = []

    def open_for(self, session: str, leave: _Leave) -> None:
        """Let a session send files, until it or its login ends."""
        runtime = Runtime.instance() if Runtime.exists() else None
        with self._lock:
            if runtime:
                for name in list(self._allowed):
                    if not runtime.is_active_session(name):
                        del self._allowed[name]
            width = max(leave.size, self.width_for(session))
            self._allowed[session] = replace(leave, size=width)

    def width_for(self, session: str) -> int:
        """Return how large a file of a session may be, in bytes; 0 for none at all."""
        leave = self._allowed.get(session)
        return leave.size if leave and time.time() < leave.until else 0

    @contextmanager
    def passing(self, file: _File, here: Collection[_File]) -> Iterator[bool]:
        """Count a file while it comes in; tell whether there is room for it.

        Args:
            file: With the size that it is said to have.
            here: What has come in before.
        """
        with self._lock:
            width = self.width_for(file.session)
            # Readers, whose files are small, leave room for those who curate.
            files = [
                each
                for each in (*here, *self._on_the_way, file)
                if self.width_for(each.session) >= width
            ]
            has_room = _has_room(files, file.session, width)
            if has_room:
                self._on_the_way.append(file)
        try:
            yield has_room
        finally:
            if has_room:
                with self._lock:
                    self._on_the_way.remove(file)


_door = _Door()


def allow_uploads(size: int) -> None:
    """Let the session that is drawn send files, which its page asks for.

    Args:
        size: Of the largest, in bytes.
    """
    if context := get_script_run_ctx():
        leave = _Leave(size + _AROUND_A_FILE, login_ends(load_settings()))
        _door.open_for(context.session_id, leave)


class OnlyWanted:
    """Middleware that refuses files before their first byte is read (ASGI).

    Streamlit takes files from any session, also where no page asks for one, keeps them
    in memory, and bounds nothing but the size of one.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Take what stands behind it."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse the file that it brings."""
        brings = scope["type"] == "http" and scope["method"] not in ("GET", "HEAD")
        address = _ADDRESS.fullmatch(scope["path"]) if brings else None
        if address is None or scope["method"] in ("DELETE", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        session, size = address["session"], _size(Headers(scope=scope))
        if not _door.width_for(session):
            why = "No file is asked for here."
            await _refuse(_FORBIDDEN, why, scope, receive, send)
        elif size is None:
            why = "Say how long it is."
            await _refuse(_LENGTH_REQUIRED, why, scope, receive, send)
        else:
            with _door.passing(_File(session, size), _here()) as has_room:
                if has_room:
                    await self._app(scope, receive, send)
                else:
                    why = "Too many files."
                    await _refuse(_TOO_MUCH, why, scope, receive, send)


def _size(headers: Headers) -> int | None:
    """Return the length of a request's body, where it is told."""
    told = headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() else None


def _here() -> list[_File]:
    """Return the files that Streamlit holds in memory."""
    manager = Runtime.instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    return [
        _File(session, len(file.data))
        for session, files in list(manager.file_storage.items())
        for file in list(files.values())
    ]


def _has_room(files: Collection[_File], session: str, width: int) -> bool:
    """Whether files fit, the newest of which stands last.

    Args:
        files: Those that count, here or on their way.
        session: Whose file is the newest.
        width: How large a file of this session may be, in bytes.
    """
    full: int = config.get_option("server.maxUploadSize") * _MEGABYTE
    everybody = [file.size for file in files]
    own = [file.size for file in files if file.session == session]
    return (
        own[-1] <= width
        and len(own) <= MOST_FILES
        and sum(own) <= _FILES_OF_FULL_SIZE * width
        and len(everybody) <= MOST_FILES_IN_ALL
        and sum(everybody) <= _FILES_OF_FULL_SIZE_IN_ALL * full
    )


async def _refuse(
    code: int, why: str, scope: Scope, receive: Receive, send: Send
) -> None:
    logger.warning("a file was refused (%d): %s", code, why)
    # What is not read of the body ends with the connection.
    answer = PlainTextResponse(why, code, {"connection": "close"})
    await answer(scope, receive, send)
