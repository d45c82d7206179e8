"""Where an ingestion tells how far it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars


class Progress(Protocol):
    """Where an ingestion tells how far it is."""

    def start(self, step: str, total: int) -> None:
        """A step of ``total`` parts begins."""

    def advance(self, n: int) -> None:
        """``n`` more parts of the step are done."""


class TimedProgress:
    """Passes progress on, and notes how long each step takes, in seconds."""

    def __init__(self, progress: Progress) -> None:
        """Begin to count."""
        self.seconds: dict[str, float] = {}
        self._progress = progress
        self._started = self._step_started = time.monotonic()
        self._step = ""

    def start(self, step: str, total: int) -> None:
        """See `Progress.start`."""
        self.stop()
        self._step = step
        self._progress.start(step, total)

    def advance(self, n: int) -> None:
        """See `Progress.advance`."""
        self._progress.advance(n)

    def stop(self) -> None:
        """End the present step."""
        now = time.monotonic()
        if self._step:
            self.seconds[self._step] = round(now - self._step_started, 2)
        self._step, self._step_started = "", now

    def since_start(self) -> float:
        """Return how long all has taken until now, in seconds."""
        return round(time.monotonic() - self._started, 2)


class _Terminal:
    """Draws a bar for each step."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task = TaskID(0)

    def start(self, step: str, total: int) -> None:
        """See `Progress.start`."""
        self._task = self._bars.add_task(step, total=total)

    def advance(self, n: int) -> None:
        """See `Progress.advance`."""
        self._bars.advance(self._task, n)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Draw progress on stderr while the block runs."""
    columns = (
        TextColumn("{task.description:18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with Bars(*columns, console=console) as bars:
        yield _Terminal(bars)
