"""Where an ingestion tells how far it is."""

from __future__ import annotations

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
