"""Temporary folders for what an open index needs, and what killed processes leave."""

from __future__ import annotations

import errno
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from kb.errors import IndexNotWritableError

_PREFIX = "mentorkb-"
_LOCK = "in-use"
_JUST_MADE_S = 60
"""Between the making of a folder and its locking another process may look at it."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a new folder that is removed at the end of the block.

    Those that killed processes have left are removed, too.

    Raises:
        IndexNotWritableError: There is no room for what the block writes.
    """
    with room_for_files():
        _remove_left_over(Path(tempfile.gettempdir()))
        path = Path(tempfile.mkdtemp(prefix=_PREFIX))
    # Also when nobody ends the block: at the latest when the program ends.
    needed = _Needed()
    remove = weakref.finalize(needed, shutil.rmtree, path, ignore_errors=True)
    try:
        with room_for_files():
            lock = (path / _LOCK).open("wb")
        with lock:
            _is_locked(lock)
            yield path
    finally:
        remove()


class _Needed:
    """Lives as long as a folder is needed."""


@contextmanager
def room_for_files() -> Iterator[None]:
    """Say of an error of the disk that it is the temporary folder's.

    Raises:
        IndexNotWritableError: There was one.
    """
    try:
        yield
    except OSError as exc:
        raise no_room(exc) from exc


def no_room(exc: BaseException) -> IndexNotWritableError:
    """Return the error for a temporary folder that takes nothing more."""
    if isinstance(exc, OSError) and exc.errno == errno.EFBIG:
        return IndexNotWritableError(
            "this program may not write files as large as the index needs in the "
            f"temporary folder ({exc}).",
            "Raise the limit of the size of files (`ulimit -f`).",
        )
    return IndexNotWritableError(
        f"there is no room for the index's files in the temporary folder ({exc}).",
        "Free some space there, or name another folder with TMPDIR.",
    )


def _remove_left_over(place: Path) -> None:
    for path in place.glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError):  # another user's, or just removed
            if time.time() - path.stat().st_mtime < _JUST_MADE_S:
                continue
            with path.open("r+b") as lock:
                is_left_over = _is_locked(lock)
            if is_left_over:
                shutil.rmtree(path.parent)


def _is_locked(file: IO[bytes]) -> bool:
    """Lock a file; return whether that is possible, as it is nobody else's."""
    import portalocker

    flags = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
    try:
        portalocker.lock(file, flags)
    except portalocker.LockException:  # some file systems know no locks
        return False
    return True
