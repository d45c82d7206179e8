"""Who may publish: one ingestion at a time; and the way back to the one before."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import IndexLockedError, IndexNotFoundError, shown
from kb.index.manifest import Manifest, require_same_splitting
from kb.index.vectors import not_writable
from kb.settings import Settings
from kb.storage import published, storage_of

_LOCK = "ingest.lock"
_HOLDER = "ingest.holder"


@contextmanager
def only_writer(index_dir: Path) -> Iterator[None]:
    """Hold the index folder's lock while the block runs.

    Raises:
        IndexLockedError: Another process holds it; the message says which.
        IndexNotWritableError: The folder cannot be made or written.
    """
    holder = index_dir / _HOLDER
    lock = FileLock(index_dir / _LOCK)
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as exc:
        who = "another process"
        with suppress(OSError, UnicodeDecodeError):
            who = holder.read_text(encoding="utf-8").strip() or who
        raise IndexLockedError(
            f"{who} is writing to {shown(str(index_dir))}.",
            "Wait until it has finished, then try again.",
        ) from exc
    except OSError as exc:
        raise not_writable(exc) from exc
    with lock:
        lock.release()  # the context manager has taken it a second time
        with suppress(OSError):  # it only makes a message better
            holder.write_text(
                f"process {os.getpid()} on {socket.gethostname()}, since "
                f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z},\n",
                encoding="utf-8",
            )
        yield


def rollback(settings: Settings) -> Manifest:
    """Publish the generation before the present one, and return its manifest.

    Raises:
        IndexNotFoundError: Nothing is published, or nothing older is kept.
        IndexDamagedError: The older generation is damaged; the present one stays.
        IndexMismatchError: It was written in another format, or split otherwise than
            the settings say; the present one stays.
        IndexLockedError: An ingestion is running.
        IndexNotWritableError: There is no room or no permission.
        StorageUnavailableError: The Chroma server does not answer.
    """
    with closing(storage_of(settings)) as storage, ExitStack() as lock:
        published(storage)  # before a folder is made for the lock
        lock.enter_context(only_writer(settings.index_dir))
        current = published(storage)
        older = [name for name in storage.complete() if name < current]
        if not older:
            raise IndexNotFoundError(
                "no index older than the published one is kept.",
                "Correct the corpus and run `mentorkb ingest`.",
            )
        generation = storage.open(older[-1])
        generation.close()
        require_same_splitting(generation.manifest, settings)
        try:
            storage.publish(older[-1])
        except OSError as exc:
            raise not_writable(exc) from exc
    return generation.manifest
