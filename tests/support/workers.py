"""The app in several processes, and what watches them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import httpx

from kb.settings import Settings
from tests.support.processes import MENTORKB, environment, until
from tests.support.processes import free_port as some_port

N_WORKERS = 2


def free_ports() -> int:
    """Return the first of some ports, side by side, on which nothing listens."""
    while True:
        port = some_port()
        if port + N_WORKERS < 65_000:
            return port


def process_on(port: int) -> int | None:
    """Return the process of the app that listens on a port, None for none."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if f"--port={port}".encode() in words and b"--workers" not in words:
                return int(folder.name)
    return None


def is_ready(port: int) -> bool:
    """Whether an app answers questions on a port."""
    with suppress(httpx.TransportError):
        answer = httpx.get(f"http://127.0.0.1:{port}/ready", timeout=60)
        return answer.status_code == HTTPStatus.OK
    return False


@contextmanager
def serving(
    settings: Settings, folder: Path, *further: str, **more: str
) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """Run the app in two processes while the block runs.

    Args:
        settings: Of its index and corpus.
        folder: For what it writes.
        further: Options of ``mentorkb serve``.
        more: Variables of its environment.

    Yields:
        The process above them, and the port of each.
    """
    first, figures = free_ports(), free_ports()
    ports = [first + i for i in range(N_WORKERS)]
    variables = {
        "KB_INDEX_DIR": str(settings.index_dir),
        "KB_CORPUS_DIR": str(settings.corpus_dir),
        "KB_FEEDBACK_DIR": str(folder / "feedback"),
        "KB_METRICS": f"127.0.0.1:{figures}",
        "TMPDIR": str(folder),
    }
    with (folder / "log").open("w") as log:
        above = subprocess.Popen(
            [MENTORKB, "serve", f"--port={first}", f"--workers={N_WORKERS}", *further],
            env=environment() | variables | more,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: all(map(is_ready, ports)) or above.poll() is not None, pause=0.2)
        yield above, ports
    finally:
        above.kill()
        above.wait()
        until(lambda: not any(map(process_on, ports)))
