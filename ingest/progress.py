"""Where an ingestion tells how far it is, and how long it will take."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

WAITING = "Waiting"
"""The step of who waits until another ingestion has ended; done when it may begin."""
_LINE_SECONDS = 5
"""Between two lines where no bar can be drawn."""


@dataclass(frozen=True)
class Outlook:
    """What is to be computed, and how long that will take."""

    files: int
    """How many files hold a text whose vector is not known yet."""
    statements: int
    """How many statements these files have."""
    texts: int
    """How many vectors are to be computed."""
    seconds: float
    """An estimate, from a sample of the texts."""
    first_files: int = 0
    """How many files are published while the rest is computed; 0 for all at once."""

    @property
    def minutes(self) -> int:
        """The same in minutes, 0 where it is less than half a one."""
        return round(self.seconds / 60)


class Progress(Protocol):
    """Where an ingestion tells how far it is."""

    def start(self, step: str, total: int) -> None:
        """A step of ``total`` parts begins."""

    def advance(self, n: int) -> None:
        """``n`` more parts of the step are done."""

    def expect(self, outlook: Outlook) -> None:
        """It is known what is to be computed, and about how long that takes."""


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

    def expect(self, outlook: Outlook) -> None:
        """See `Progress.expect`."""
        self._progress.expect(outlook)

    def begin(self) -> None:
        """End the wait for another ingestion, if there was one."""
        if self._step == WAITING:
            self.advance(1)

    def stop(self) -> None:
        """End the present step; a second one of the same name adds its time."""
        now = time.monotonic()
        if self._step:
            spent = self.seconds.get(self._step, 0.0) + now - self._step_started
            self.seconds[self._step] = round(spent, 2)
        self._step, self._step_started = "", now

    def since_start(self) -> float:
        """Return how long all has taken until now, in seconds."""
        return round(time.monotonic() - self._started, 2)


def outlook_text(outlook: Outlook) -> str:
    """Return how much is to be computed, and about how long that takes."""
    if not outlook.texts:
        return "Nothing is to be computed anew."
    time_left = f"about {outlook.minutes} min" if outlook.minutes else "under a minute"
    first = (
        f" The first {outlook.first_files} files are published before the rest."
        if outlook.first_files
        else ""
    )
    return (
        f"To be computed: {outlook.files} files with {outlook.statements} statements "
        f"({outlook.texts:,} vectors), {time_left} (an estimate).{first}"
    )


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

    def expect(self, outlook: Outlook) -> None:
        """See `Progress.expect`."""
        self._bars.console.print(outlook_text(outlook), markup=False)


class _Lines(_Terminal):
    """Prints a line when a step begins, and every few seconds while it lasts."""

    def start(self, step: str, total: int) -> None:
        """See `Progress.start`."""
        super().start(step, total)
        self.tell()

    def tell(self) -> None:
        """Print how far the present step is."""
        if not self._bars.tasks:
            return
        task = self._bars.tasks[-1]
        left = task.time_remaining
        done = f"{task.completed:,.0f} of {task.total or 0:,.0f}"
        time_left = f", time left: {_told(left)}" if left else ""
        self._bars.console.print(f"{task.description}: {done}{time_left}", markup=False)


def _told(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Draw progress on stderr while the block runs; lines where it is no terminal."""
    columns = (
        TextColumn("{task.description:18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    bars = Bars(*columns, console=console)
    if console.is_terminal:
        with bars:
            yield _Terminal(bars)
        return
    lines, ended = _Lines(bars), threading.Event()

    def tell() -> None:
        while not ended.wait(_LINE_SECONDS):
            lines.tell()

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield lines
    finally:
        ended.set()
        teller.join()
