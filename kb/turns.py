"""Questions take turns: a few are worked on at once, the others wait in their order.

Each takes up a processor and some memory while it is read. Without an order, those that
come together would all be slow, and the memory of all would be needed at once.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kb.errors import BusyError

MOST_WAITING = 200
"""Questions that may wait in one process; the last of them waits about a minute."""
_LOOKS_EVERY_S = 1.0


class Turns:
    """The line in which questions wait; safe between threads."""

    def __init__(self, at_once: int = 0, most_waiting: int = MOST_WAITING) -> None:
        """Begin with nobody in line.

        Args:
            at_once: How many are worked on at once; 0 for one on each processor.
            most_waiting: How many more may wait.
        """
        self._at_once = at_once or processors()
        self._most = self._at_once + most_waiting
        self._line: list[object] = []
        self._moved = threading.Condition()
        self._own = threading.local()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return max(0, len(self._line) - self._at_once)

    @contextmanager
    def turn(self, on_wait: Callable[[int], None] | None = None) -> Iterator[None]:
        """Wait until it is this thread's turn, which lasts to the end of the block.

        A thread whose turn it is waits for no second one.

        Args:
            on_wait: Told the place in line, from 1, whenever it has changed, and 0 at
                the end of a wait. What it raises ends the wait.

        Raises:
            BusyError: Too many wait already.
        """
        if getattr(self._own, "is_next", False):
            yield
            return
        with self._moved:
            if len(self._line) >= self._most:
                raise BusyError(
                    f"{self.waiting} questions wait already.", "Ask again in a minute."
                )
            place = object()
            self._line.append(place)
        try:
            self._wait(place, on_wait or (lambda _: None))
            self._own.is_next = True
            yield
        finally:
            self._own.is_next = False
            with self._moved:
                self._line.remove(place)
                self._moved.notify_all()

    def _wait(self, place: object, on_wait: Callable[[int], None]) -> None:
        told = 0
        while n := self._place_of(place, told):
            if n != told:
                on_wait(n)
            told = n
        if told:
            on_wait(0)

    def _place_of(self, place: object, told: int) -> int:
        """Return a place in line once it is another than was told, or after a while."""

        def now() -> int:
            return max(0, self._line.index(place) + 1 - self._at_once)

        with self._moved:
            if told:
                self._moved.wait_for(lambda: now() != told, _LOOKS_EVERY_S)
            return now()


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
