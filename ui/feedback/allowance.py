"""How much feedback one client may give in a day."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date

MOST_A_DAY = 300
"""Entries of one client; those who share an address share them, too."""


class Allowance:
    """Counts in memory, and forgets with the day; safe between threads."""

    def __init__(
        self, most: int = MOST_A_DAY, today: Callable[[], date] = date.today
    ) -> None:
        """Begin a day.

        Args:
            most: How many entries a client may give in a day.
            today: Tells the day.
        """
        self._most = most
        self._today = today
        self._lock = threading.Lock()
        self._day = today()
        self._given: Counter[str] = Counter()

    def take(self, client: str) -> bool:
        """Count one entry of a client; return whether it may still be given."""
        with self._lock:
            if self._day != self._today():
                self._day = self._today()
                self._given.clear()
            self._given[client] += 1
            return self._given[client] <= self._most
