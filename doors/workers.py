"""Several processes of one program, on ports side by side, kept running.

A session lives in the memory of one process, and one process keeps about one core busy:
a proxy that sends each browser to one of several, always the same, puts more to use.
"""

from __future__ import annotations

import logging
import math
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from doors.listening import require_free
from kb.errors import KnowledgeBaseError, SettingsError
from kb.settings import Settings
from kb.turns import processors

logger = logging.getLogger(__name__)

_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from doors.workers import end_with_parent; end_with_parent(); "
    "from cli import main; main()"
)
_ROOT = Path(__file__).parents[1]
_LOOKS_EVERY_S = 0.5
_STOP_S = 13
"""Pages have ten seconds to be drawn (`ui.serving.stopping`), this program fifteen."""
_WELL_S = 30.0
"""A process that has lived for so long is started again at once."""
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
_LAST_PORT = 65_535
_OWN_ERROR = 2
"""Exit code of a command that has named what is wrong."""


Command = tuple[Sequence[str], Mapping[str, str]]
"""Arguments of `mentorkb`, and variables beside those of this process."""


@dataclass
class _Worker:
    """One of the processes, and when it was started."""

    arguments: Sequence[str]
    variables: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause_s: float = _SHORTEST_PAUSE_S
    """Between its start and the next one, where it ends early."""
    has_lived: bool = False
    """Whether any start of it went well."""

    @property
    def lived_s(self) -> float:
        return time.monotonic() - self.started_at


class Workers:
    """Starts processes, starts again those that end, and ends all together."""

    def __init__(self, commands: Sequence[Command]) -> None:
        """Take what each of them runs.

        Args:
            commands: One for each.
        """
        # What one of them has signed for a browser, the others accept.
        common = {"STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex()} | os.environ
        self._workers = [
            _Worker(arguments, {**common, **variables})
            for arguments, variables in commands
        ]
        self._stop = threading.Event()
        self._reading_end, self._writing_end = os.pipe()

    def run(self) -> None:
        """Keep them running until SIGTERM or Ctrl+C, which all of them are told.

        Only the main thread can call this.

        Raises:
            KnowledgeBaseError: One names what is wrong at the very start.
        """
        before = {
            number: signal.signal(number, self._told)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            for worker in self._workers:
                self._start(worker)
            while not self._stop.wait(_LOOKS_EVERY_S):
                for worker in self._workers:
                    self._look_after(worker)
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _start(self, worker: _Worker) -> None:
        worker.process = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, str(_ROOT), *worker.arguments],
            env=dict(worker.variables),
            stdin=self._reading_end,
            start_new_session=True,  # Ctrl+C reaches this process only
        )
        worker.started_at = time.monotonic()

    def _look_after(self, worker: _Worker) -> None:
        is_well = worker.lived_s >= _WELL_S
        worker.has_lived = worker.has_lived or is_well
        if worker.process is not None:
            code = worker.process.poll()
            if code is None:
                return
            name = f"mentorkb {' '.join(worker.arguments)}"
            if code == _OWN_ERROR and not worker.has_lived:
                raise KnowledgeBaseError(
                    f"`{name}` has ended.", "What is wrong stands above."
                )
            logger.error("%s has ended (%d); it is started again", name, code)
            worker.process = None
            longer = min(worker.pause_s * 2, _LONGEST_PAUSE_S)
            worker.pause_s = _SHORTEST_PAUSE_S if is_well else longer
        if worker.lived_s >= worker.pause_s:
            self._start(worker)

    def _told(self, _: int, __: FrameType | None) -> None:
        again = self._stop.is_set()
        self._stop.set()
        if again:  # they stop at once
            self._tell_all()

    def _tell_all(self) -> None:
        for worker in self._workers:
            if worker.process is not None:
                with suppress(ProcessLookupError):
                    worker.process.terminate()

    def _end(self) -> None:
        self._stop.set()
        self._tell_all()
        deadline = time.monotonic() + _STOP_S
        for worker in self._workers:
            if worker.process is None:
                continue
            try:
                worker.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
        os.close(self._writing_end)
        os.close(self._reading_end)


def app_commands(
    host: str, port: int, n: int, further: Sequence[str], settings: Settings
) -> list[Command]:
    """Return what `Workers` takes to serve the app, on ports side by side.

    Args:
        host: Address to listen on.
        port: The first one of it.
        n: How many processes.
        further: Options of `mentorkb serve`, for each.
        settings: Where the figures of the first one are read, those of the others on
            the ports behind it; and how many questions are read at once in all.

    Raises:
        SettingsError: One of the ports is taken, or there is none of its number.
    """
    figures_host, _, figures_port = (settings.metrics or "").rpartition(":")
    at_once = math.ceil((settings.at_once or processors()) / n)
    commands: list[Command] = []
    for i in range(n):
        _require_port(host, port + i)
        variables = {"KB_AT_ONCE": str(at_once)}
        if settings.metrics:
            _require_port(figures_host, int(figures_port) + i)
            variables["KB_METRICS"] = f"{figures_host}:{int(figures_port) + i}"
        arguments = ["serve", f"--host={host}", f"--port={port + i}", *further]
        commands.append((arguments, variables))
    return commands


def _require_port(host: str, port: int) -> None:
    if port > _LAST_PORT:
        raise SettingsError(
            f"there is no port {port}.", f"Choose lower ones; {_LAST_PORT} is the last."
        )
    require_free(host, port)


def end_with_parent() -> None:
    """Let this process stop as by SIGTERM when the one that started it is gone."""

    def watch() -> None:
        os.read(sys.stdin.fileno(), 1)  # nobody writes: it ends with the other end
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
