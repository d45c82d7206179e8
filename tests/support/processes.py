"""The real commands in real processes, which a test may starve, stop or kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.settings import Settings

ROOT = Path(__file__).parents[2]
MENTORKB = Path(sys.executable).with_name("mentorkb")
_DEADLINE_SECONDS = 120
_POLL_SECONDS = 0.002


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it said."""

    code: int
    stdout: str
    stderr: str


def arguments(settings: Settings, command: str, *options: str) -> list[str]:
    """Return the arguments of `mentorkb` for a command on a corpus and an index."""
    of_corpus = ["--corpus", str(settings.corpus_dir)] if command == "ingest" else []
    return [command, *options, *of_corpus, "--index", str(settings.index_dir)]


def environment(temporary: Path | None = None) -> dict[str, str]:
    """Return the environment of a command: this tree's packages, one thread.

    Args:
        temporary: Its folder for temporary files; None for the system's.
    """
    ours = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}
    ours |= {"TMPDIR": str(temporary)} if temporary else {}
    return {**os.environ, **ours}


def begin(
    args: list[str], temporary: Path | None = None, program: list[str] | None = None
) -> subprocess.Popen[str]:
    """Start a command in a session of its own, so that `left_over` finds its workers.

    Args:
        args: What `arguments` returned.
        temporary: Its folder for temporary files.
        program: What to run with them instead of `mentorkb`.
    """
    return subprocess.Popen(
        [*(program or [str(MENTORKB)]), *args],
        env=environment(temporary),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def end(process: subprocess.Popen[str]) -> Outcome:
    """Wait until a command ends; return what it said."""
    try:
        stdout, stderr = process.communicate(timeout=_DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        kill(process)
        raise
    return Outcome(process.returncode, stdout, stderr)


def run(
    args: list[str], temporary: Path | None = None, program: list[str] | None = None
) -> Outcome:
    """Run a command to its end."""
    return end(begin(args, temporary, program))


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a command, but not its workers: they have to see for themselves."""
    process.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()


def left_over(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes of a command's session that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            # Its name, in parentheses, may hold anything.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            state, session = fields[0], int(fields[3])
            if session == process.pid and state not in "ZX":
                found.append(int(folder.name))
    return found


def until(condition: Callable[[], bool], pause: float = _POLL_SECONDS) -> None:
    """Wait for a condition; fail when it does not come true.

    Args:
        condition: What should become true.
        pause: Between two looks, in seconds.

    Raises:
        TimeoutError: It is still false at the deadline.
    """
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the condition has not come true")
        time.sleep(pause)


def end_session(process: subprocess.Popen[str]) -> None:
    """End what is left of a command, for a test that has failed."""
    for pid in left_over(process):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


def until_listening(port: int, process: subprocess.Popen[Any]) -> None:
    """Wait until a process listens on a port.

    Raises:
        TimeoutError: It does not.
    """

    def listens() -> bool:
        assert process.poll() is None, process.communicate()
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", port)) == 0

    until(listens, pause=0.1)
