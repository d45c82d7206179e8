"""A real Chroma server for tests, on a free port of this machine."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

HOST = "127.0.0.1"
_CHROMA = Path(sys.executable).with_name("chroma")
_STARTED_WITHIN_S = 60
_STOPPED_WITHIN_S = 20


class ChromaServer:
    """Starts and stops on the same data and at the same address."""

    def __init__(self, folder: Path) -> None:
        """Choose the address; the data will lie in ``folder``."""
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, unless it runs, and wait until it answers."""
        if self._process is not None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        data = str(self._folder / "data")
        address = ["--host", HOST, "--port", str(self.port)]
        # Its output goes to a file: nobody empties a pipe while the tests run.
        with (self._folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [str(_CHROMA), "run", "--path", data, *address],
                cwd=self._folder,
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + _STARTED_WITHIN_S
        while not self._answers():
            said = (self._folder / "output").read_text(errors="replace")
            assert self._process.poll() is None, f"the server ended: {said}"
            assert time.monotonic() < deadline, f"the server does not answer: {said}"
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server, if it runs; its data stays."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=5).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def chroma_server(folder: Path) -> Iterator[ChromaServer]:
    """Run a Chroma server with its data in ``folder`` while the block runs."""
    server = ChromaServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        collect_dropped_clients()


@contextmanager
def silent_server(port: int = 0) -> Iterator[str]:
    """Yield the address of a server that takes connections and never answers."""
    with socket.create_server((HOST, port)) as listening:
        yield f"http://{HOST}:{listening.getsockname()[1]}"


def collect_dropped_clients() -> None:
    """Collect the clients that Chroma dropped, without a warning.

    Neither a client that it could not open nor one that is closed closes all its
    connections; Python warns of each when it finds it, maybe tests later.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server((HOST, 0)) as free:
        port: int = free.getsockname()[1]
    return port
