"""How the drawing of pages goes, in all sessions of this process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from kb.errors import BusyError, KnowledgeBaseError, QueryError

_MOST_IN_A_ROW = 3
"""Pages that may fail one after the other: a single one may have a fault of its own."""
_REMEMBERED_S = 60
"""A program that is asked no more because it fails would otherwise stay so for ever."""


class Drawing:
    """Counts pages that are being drawn, and those that fail; safe between threads."""

    def __init__(self) -> None:
        """Begin with nothing drawn."""
        self._lock = threading.Lock()
        self._running = 0
        self._failed: deque[float] = deque(maxlen=_MOST_IN_A_ROW)
        self.failures = 0
        """Pages that have failed since the start."""
        self.is_stopping = False
        """Whether the program has been told to stop."""

    @property
    def running(self) -> int:
        """How many pages are being drawn now."""
        return self._running

    @contextmanager
    def page(self) -> Iterator[None]:
        """Count a page while the block draws it; one that raises has failed.

        A question that cannot be used or finds the line full is no failure, and neither
        is a page that Streamlit breaks off to draw it anew.
        """
        with self._lock:
            self._running += 1
        try:
            yield
        except (QueryError, BusyError):
            raise
        except Exception:
            with self._lock:
                self.failures += 1
                self._failed.append(time.monotonic())
            raise
        else:
            with self._lock:
                self._failed.clear()
        finally:
            with self._lock:
                self._running -= 1

    def require_working(self) -> None:
        """Refuse where page after page fails.

        Raises:
            KnowledgeBaseError: The last pages have failed.
        """
        with self._lock:
            in_a_row = len(self._failed) == _MOST_IN_A_ROW
            if in_a_row and time.monotonic() - self._failed[0] < _REMEMBERED_S:
                raise KnowledgeBaseError(
                    f"the last {_MOST_IN_A_ROW} pages have failed.",
                    "The log says why.",
                )


DRAWING = Drawing()
"""Of this process."""
