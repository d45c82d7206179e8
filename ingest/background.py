"""Ingestion's long or risky work in a process of its own, for a program that goes on.

A web page must neither wait for an ingestion nor end with it, nor read a file itself.

These processes are not those of `ingest.worker`, though both are children that answer
through a pipe, because neither could be started as the other is:

- A worker comes from a fork server that has done the imports, so that a file which ends
  its worker costs the next one no seconds. But ``multiprocessing`` imports the main
  module anew in each of its processes, and under Streamlit that is the whole app.
- A worker dies with its parent and by the clock, and may not write. An ingestion
  writes, takes its time and goes on when the app is gone; what ``multiprocessing`` has
  started is waited for, or killed, when its parent ends.

So a new interpreter, which has no main module to import, does the work here, and it is
what starts the workers.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar, cast

from ingest.progress import WAITING, Outlook
from kb.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from ingest.preview import Preview
    from ingest.readers.content import Content
    from ingest.report import IngestReport
    from kb.settings import Settings
    from kb.types import Problem

_T = TypeVar("_T", covariant=True)
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from ingest.background import serve; serve()"
)
_END_SECONDS = 5
_NICE = 10
"""Of the processor, a tenth beside a process of the usual priority that wants it."""


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """How far a task is."""

    step: str
    """What it is doing, in English; empty before the first step."""
    done: int
    total: int
    """Parts of the step; 0 before the first step."""
    outlook: Outlook | None = None
    """What is to be computed in all, once that is known."""

    @property
    def is_working(self) -> bool:
        """Whether it is at a step whose parts can be counted."""
        return bool(self.total) and self.step != WAITING

    @property
    def is_waiting(self) -> bool:
        """Whether another ingestion has to end before it reads anything."""
        return self.step == WAITING and not self.done


class BackgroundTask(Generic[_T]):
    """A call that runs in a process of its own, and what becomes of it.

    The process ends with its call, also when this program is killed before; an
    ingestion then still publishes a whole generation.
    """

    def __init__(self, call: Callable[..., _T], *arguments: object) -> None:
        """Start the process.

        Args:
            call: One of the tasks below.
            arguments: What it takes behind the progress that it is given.

        Raises:
            KnowledgeBaseError: The process cannot be started.
        """
        self._progress = TaskProgress("", 0, 0)
        self._outcome: Callable[[], object] | None = None
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(Path(__file__).parents[1])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        except OSError as exc:
            raise KnowledgeBaseError(
                f"the process for this task cannot be started ({exc.strerror}).",
                "Free some memory and try again.",
            ) from exc
        # Through the pipe and not as arguments: settings can hold a password.
        told = pickle.dumps((call, arguments))
        self._reader = threading.Thread(target=self._follow, args=(told,), daemon=True)
        self._reader.start()

    @property
    def progress(self) -> TaskProgress:
        """How far it is now."""
        return self._progress

    @property
    def is_running(self) -> bool:
        """Whether `result` would have to wait."""
        return self._reader.is_alive()

    def result(self) -> _T:
        """Wait for the end and return what the call returned.

        Raises:
            KnowledgeBaseError: The call raised it, or its process ended early.
        """
        self._reader.join()
        if self._outcome is None:
            raise KnowledgeBaseError(
                "the process that did this ended early (exit code "
                f"{self._process.returncode}).",
                "Try again; if it ends again, see the log of the app and its free "
                "memory.",
            )
        return cast("_T", self._outcome())

    def _follow(self, told: bytes) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with process.stdin as stdin, process.stdout as stdout:
                stdin.write(told)
                stdin.close()
                while self._outcome is None:
                    message = pickle.load(stdout)
                    if isinstance(message, TaskProgress):
                        self._progress = message
                    else:
                        self._outcome = message
        except (OSError, EOFError, pickle.UnpicklingError):
            pass  # it ended early, which `result` says
        try:
            process.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:  # a thread of a library holds it up
            process.kill()
            process.wait()


def ingest_in_background(
    settings: Settings, *, wait: bool = False
) -> BackgroundTask[IngestReport]:
    """Start `ingest.ingest`; see `BackgroundTask.progress` for how far it is.

    Args:
        settings: The corpus and the index.
        wait: Let it begin when another ingestion that runs has ended.
    """
    return BackgroundTask(_ingest, settings, wait)


def check_in_background(
    settings: Settings, known: Mapping[Path, Content] | None = None
) -> BackgroundTask[list[Problem]]:
    """Start the check of the whole corpus: every problem, by path and line.

    Args:
        settings: The corpus and the limits.
        known: Texts of files that were read before.
    """
    return BackgroundTask(_check, settings, known)


def preview_in_background(
    path: Path, corpus_dir: Path, settings: Settings
) -> BackgroundTask[Preview]:
    """Start `ingest.preview.preview` with the cities and themes of the settings.

    Args:
        path: The file.
        corpus_dir: The folder in whose city folders it counts as filed; it need not be
            that of the settings.
        settings: The corpus with the registry, and the limits.
    """
    return BackgroundTask(_preview, settings, path, corpus_dir)


def give_way() -> None:
    """Let this process, and what it starts, compute when no question wants to.

    Linux keeps the priority of each thread: call it before a library starts some.
    """
    if hasattr(os, "setpriority"):
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, 0, max(own, _NICE))


class _Told:
    """Passes progress on to the program that started this process."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        self._tell = tell
        self._now = TaskProgress("", 0, 0)

    def start(self, step: str, total: int) -> None:
        """See `ingest.progress.Progress.start`."""
        self._now = replace(self._now, step=step, done=0, total=total)
        self._tell(self._now)

    def advance(self, n: int) -> None:
        """See `ingest.progress.Progress.advance`."""
        self._now = replace(self._now, done=self._now.done + n)
        self._tell(self._now)

    def expect(self, outlook: Outlook) -> None:
        """See `ingest.progress.Progress.expect`."""
        self._now = replace(self._now, outlook=outlook)
        self._tell(self._now)


def serve() -> None:
    """Be such a process: take one call from stdin, tell stdout what becomes of it.

    That is its progress, as often as it changes, and at the end a call that returns or
    raises what the call has.
    """
    call, arguments = pickle.load(sys.stdin.buffer)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not spoil what is told

    def tell(message: object) -> None:
        # Who asked may be gone; an ingestion is worth finishing all the same.
        with suppress(BrokenPipeError):
            out.write(pickle.dumps(message))
            out.flush()

    try:
        tell(partial(_give, call(_Told(tell), *arguments)))
    except KnowledgeBaseError as exc:
        tell(partial(_raise, type(exc), str(exc), vars(exc)))


def _give(value: object) -> object:
    return value


def _raise(
    kind: type[KnowledgeBaseError], message: str, state: dict[str, object]
) -> NoReturn:
    # In parts, because pickle cannot rebuild these errors: their constructors take
    # parts of the message.
    error = kind.__new__(kind, message)
    vars(error).update(state)
    raise error


def _ingest(progress: _Told, settings: Settings, wait: bool) -> IngestReport:
    give_way()
    from ingest.pipeline import ingest

    return ingest(settings, progress, wait=wait)


def _check(
    progress: _Told, settings: Settings, known: Mapping[Path, Content] | None
) -> list[Problem]:
    from datetime import date

    from ingest.check import check_corpus
    from ingest.limits import Limits
    from ingest.published import published_if_reachable

    return check_corpus(
        settings.corpus_dir,
        Limits.of(settings),
        today=date.today(),
        known=known,
        published=published_if_reachable(settings),
    )


def _preview(
    progress: _Told, settings: Settings, path: Path, corpus_dir: Path
) -> Preview:
    from ingest.limits import Limits
    from ingest.preview import preview
    from ingest.registry import read_registry

    registry = read_registry(settings.corpus_dir)
    return preview(
        path, corpus_dir, registry, Limits.of(settings), settings.passage_tokens
    )
