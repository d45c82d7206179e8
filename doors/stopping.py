"""A door that is told to stop leaves its rooms in order."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class _Told(BaseException):
    """SIGTERM, on its way out of all blocks."""


@contextmanager
def left_in_order() -> Iterator[None]:
    """End the block at SIGTERM, so that what it has opened is released.

    Uvicorn sends itself the signal again once it has let its requests finish, which
    would end the process on the spot and leave an index's temporary files. Only the
    main thread can call this.
    """

    def leave(*_: object) -> None:
        raise _Told

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    except _Told:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
