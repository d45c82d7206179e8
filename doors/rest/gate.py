"""What is refused before anything reads it: foreign hosts, addresses that are no good.

Also a HEAD request becomes the GET that it asks about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers, MutableHeaders, QueryParams

from doors.listening import host_in
from doors.rest.parameters import REPEATABLE
from doors.rest.problems import RefusedError
from kb import log
from kb.errors import shown

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 16_384
"""Of an address: a question and the one before it, in any European script."""


class Gate:
    """Middleware that passes on what may be read (ASGI)."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        """Stand before an application.

        Args:
            app: What answers.
            names: What the server may be called, from `own_names`.
        """
        self._app = app
        self._hosts = {host for name in names if (host := host_in(name))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on; log lines and the answer bear its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with log.request() as request_id:
            send = _signed(send, request_id)
            try:
                self._check_host(Headers(scope=scope).getlist("host"))
                _check_address(scope)
            except RefusedError as exc:
                await exc.response(scope, receive, send)
                return
            if scope["method"] == "HEAD":
                scope = {**scope, "method": "GET"}  # the server leaves the body out
            await self._app(scope, receive, send)

    def _check_host(self, named: list[str]) -> None:
        if len(named) == 1 and host_in(named[0]) in self._hosts:
            return
        raise RefusedError(
            HTTPStatus.MISDIRECTED_REQUEST,
            "host",
            f"this server is not called {shown(', '.join(named))}.",
            "The people who run it can add a name with --own-name.",
        )


def _signed(send: Send, request_id: str) -> Send:
    async def send_with(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["x-request-id"] = request_id
        await send(message)

    return send_with


def _check_address(scope: Scope) -> None:
    query: bytes = scope["query_string"]
    n_bytes = len(scope["raw_path"]) + len(query)
    if n_bytes > MOST_BYTES:
        raise RefusedError(
            HTTPStatus.REQUEST_URI_TOO_LONG,
            "address-too-long",
            f"the address has {n_bytes:,} bytes, the limit is {MOST_BYTES:,}.",
            "Ask for one thing in a sentence or two.",
        )
    try:
        unquote_to_bytes(query).decode()
    except UnicodeDecodeError as exc:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "broken-character",
            "the address holds a character that is not UTF-8.",
            "Encode it as UTF-8, then with percent signs.",
        ) from exc
    given = Counter(name for name, _ in QueryParams(query).multi_items())
    for name, n in given.items():
        if n > 1 and name not in REPEATABLE:
            raise RefusedError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "repeated-parameter",
                f"{shown(name)} is given {n} times.",
                f"Give it once; only {' and '.join(REPEATABLE)} can be repeated.",
            )
