"""The API on an address of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

_STOP_SECONDS = 10
"""How long requests that have begun may take once it is to stop."""


def serve(api: FastAPI, host: str, port: int) -> None:
    """Listen on an address until it is stopped.

    Args:
        api: From `build_api`.
        host: Address to listen on.
        port: Of it.
    """
    import uvicorn

    uvicorn.run(
        api,
        host=host,
        port=port,
        http="h11",  # it bounds what a request's head may hold
        ws="none",
        proxy_headers=False,
        server_header=False,
        access_log=False,  # it would keep what is asked
        log_config=None,
        log_level="error",  # whoever sends nonsense could fill the log with warnings
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
