"""What every door that listens on an address needs: names, and a free port."""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence

from kb.errors import SettingsError, shown

_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d*)?")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def address(host: str, port: int) -> str:
    """Return the address under which what listens there is reached."""
    return f"http://{_in_address(host)}:{port}"


def own_names(host: str, further: Sequence[str]) -> list[str]:
    """Return the names of a server, as they stand in addresses, without ports.

    Requests that name another host are to be refused: a page of some website, opened
    in a browser on this computer, could ask otherwise (DNS rebinding).

    Args:
        host: Address that it listens on.
        further: Names under which others reach it, as through a proxy.

    Raises:
        SettingsError: One of these is no name of a host.
    """
    for name in further:
        if host_in(name) is None:
            raise SettingsError(
                f"--own-name {shown(name)} is no name of a host.",
                "Write it as kb.example.org.",
            )
    return [*_LOOPBACK, _in_address(host), *further]


def host_in(text: str) -> str | None:
    """Return the host of ``host`` or ``host:port``; None where it is neither."""
    found = _HOST.fullmatch(text)
    return found[1].lower() if found else None


def is_loopback(host: str) -> bool:
    """Return whether only this computer can reach what listens there."""
    return _in_address(host) in _LOOPBACK


def family_of(host: str) -> socket.AddressFamily:
    """Return the kind of an address to listen on."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def require_free(host: str, port: int, option: str = "--host or --port") -> None:
    """Refuse an address that cannot be listened on, before anything is promised.

    Args:
        host: Address.
        port: Of it.
        option: What names another one.

    Raises:
        SettingsError: It is taken, or is none of this computer.
    """
    try:
        with socket.socket(family_of(host)) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as exc:
        raise SettingsError(
            f"{address(host, port)} cannot be listened on ({exc.strerror}).",
            f"Choose another with {option}.",
        ) from exc


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
