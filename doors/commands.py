"""The commands of `mentorkb` that let other programs ask: api, mcp."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from doors.listening import address, is_loopback, own_names, require_free
from doors.stopping import left_in_order
from kb.errors import SettingsError
from kb.settings import Settings, load_settings

if TYPE_CHECKING:
    from kb import KnowledgeBase

app = typer.Typer()
console = Console(stderr=True, highlight=False, soft_wrap=True)

_WILDCARDS = ("0.0.0.0", "::")
IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Folder with the published index.")
]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535)]
OwnNamesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--own-name",
        help="Name under which programs reach it, as through a proxy; repeatable.",
    ),
]


@app.command()
def api(
    index: IndexOption = None,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on.")
    ] = "127.0.0.1",
    port: PortOption = 8503,
    names: OwnNamesOption = None,
) -> None:
    """Let programs ask over HTTP: a REST API that only reads."""
    from doors.rest import Desk, build_api, serve

    settings = load_settings(index_dir=index)
    called = prepare_api(settings, host, names)
    require_free(host, port)
    with left_in_order(), open_index(settings) as kb:
        _ = kb.reader  # loaded now, so that the first question does not wait for it
        desk = Desk(lambda: kb)
        served = build_api(desk, called, settings.api_key)
        if settings.metrics:
            from doors.metrics import REQUESTS, serve_metrics

            gauges = {"mentorkb_requests": (REQUESTS, lambda: desk.admitted)}
            at = serve_metrics(settings.metrics, lambda: kb, gauges)
            console.print(f"Figures are read at {at}.")
        console.print(f"Programs ask {address(host, port)}/v1 (Ctrl+C stops).")
        serve(served, host, port)


@app.command()
def mcp(
    index: IndexOption = None,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on, with --http.")
    ] = "127.0.0.1",
    port: PortOption = 8600,
    names: OwnNamesOption = None,
    *,
    http: Annotated[
        bool,
        typer.Option("--http", help="Listen on an address instead of stdin."),
    ] = False,
) -> None:
    """Let assistants ask: a server of the Model Context Protocol that only reads."""
    from doors.mcp_server import build_server, serve_http

    if names and not http:
        raise SettingsError("--own-name is for an address.", "Add --http.")
    settings = load_settings(index_dir=index)
    called = _names(host, names)
    if http:
        if settings.login:
            raise SettingsError(
                "with KB_LOGIN, assistants over HTTP would let in who has no account.",
                "Start it without --http beside each assistant.",
            )
        require_free(host, port)
    with left_in_order(), open_index(settings) as kb:
        server = build_server(kb)
        if http:
            console.print(
                f"Assistants connect to {address(host, port)}/mcp (Ctrl+C stops)."
            )
            serve_http(server, host, port, called)
        else:
            server.run("stdio")


def open_index(settings: Settings) -> KnowledgeBase:
    """Open the published index; say where its model knows English only.

    Raises:
        KnowledgeBaseError: It cannot be opened.
    """
    from kb import KnowledgeBase

    kb = KnowledgeBase(settings)
    if not kb.manifest.multilingual:
        from kb.index.embed import ENGLISH_ONLY_WARNING

        console.print(f"Warning: {ENGLISH_ONLY_WARNING}", markup=False)
    return kb


def prepare_api(
    settings: Settings, host: str, further: Sequence[str] | None
) -> list[str]:
    """Return what an API may be called; warn where it is open to others.

    Args:
        settings: The key.
        host: Address to listen on.
        further: Names under which others reach it, as through a proxy.

    Raises:
        SettingsError: A name is none, or readers of the pages have to log in and the
            API would let in everybody.
    """
    if settings.login and settings.api_key is None:
        raise SettingsError(
            "with KB_LOGIN, the API must not let in who has no account.",
            "Set KB_API_KEY, or do not start the API.",
        )
    names = _names(host, further)
    if settings.api_key is None and not is_loopback(host):
        console.print(
            f"Warning: whoever reaches {host} can ask, without a key. "
            "Set KB_API_KEY, or put a proxy with a password before it.",
            markup=False,
        )
    return names


def _names(host: str, further: Sequence[str] | None) -> list[str]:
    if host in _WILDCARDS and not further:
        console.print(
            "Warning: requests are refused that call this computer anything but "
            "localhost. Add the name or number by which programs reach it: "
            "--own-name=kb.example.org",
            markup=False,
        )
    return own_names(host, further or [])
