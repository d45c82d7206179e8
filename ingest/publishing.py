"""Who may publish: one ingestion at a time; and the way back to the one before."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexNotFoundError,
    KnowledgeBaseError,
    shown,
)
from kb.index.manifest import Manifest, require_same_splitting
from kb.index.vectors import not_writable
from kb.settings import Settings
from kb.storage import Storage, lineage, published, storage_of

_LOCK = "ingest.lock"
_HOLDER = "ingest.holder"
_POLL_SECONDS = 0.2


@contextmanager
def only_writer(
    index_dir: Path, wait: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold the index folder's lock while the block runs.

    Args:
        index_dir: The folder.
        wait: Called when another process holds the lock, which is then waited for; None
            does not wait.

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
        if wait is None:
            raise _locked(holder) from exc
        wait()
        lock.acquire(poll_interval=_POLL_SECONDS)
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


def _locked(holder: Path) -> IndexLockedError:
    who = "another process"
    with suppress(OSError, UnicodeDecodeError):
        who = holder.read_text(encoding="utf-8").strip() or who
    return IndexLockedError(
        f"{who} is writing to {shown(str(holder.parent))}.",
        "Wait until it has finished, then try again.",
    )


@dataclass(frozen=True)
class Rollback:
    """One step back."""

    left: str
    """The generation that was published until now."""
    taken: Manifest
    """Of the one before it, which is published again."""
    older: int
    """How many further steps back there are."""
    passed: Mapping[str, str] = field(default_factory=dict)
    """Generations between the two that cannot be used, each with the reason."""


def rollback(settings: Settings) -> Rollback:
    """Publish the generation before the present one; again takes the one before that.

    Those that cannot be used are passed over.

    Raises:
        IndexNotFoundError: Nothing is published, or nothing older is kept.
        IndexDamagedError: No older generation can be used, the newest of them because
            it is damaged; the present one stays.
        IndexMismatchError: The same, because it was written in another format, or split
            otherwise than the settings say.
        IndexLockedError: An ingestion is running.
        IndexNotWritableError: There is no room or no permission.
        StorageUnavailableError: The Chroma server does not answer.
    """
    with closing(storage_of(settings)) as storage, ExitStack() as lock:
        published(storage)  # before a folder is made for the lock
        lock.enter_context(only_writer(settings.index_dir))
        current, *older = lineage(storage)
        usable: list[Manifest] = []
        passed: dict[str, KnowledgeBaseError] = {}
        for name in older:
            try:
                usable.append(_openable(storage, name, settings))
            except (IndexDamagedError, IndexMismatchError) as exc:
                if not usable:
                    passed[name] = exc
        if not usable:
            raise next(iter(passed.values()), None) or IndexNotFoundError(
                "no index older than the published one is kept.",
                "Correct the corpus and run `mentorkb ingest`.",
            )
        try:
            storage.publish(usable[0].generation)
        except OSError as exc:
            raise not_writable(exc) from exc
    reasons = {name: error.reason for name, error in passed.items()}
    return Rollback(current, usable[0], len(usable) - 1, reasons)


def _openable(storage: Storage, name: str, settings: Settings) -> Manifest:
    """Return the manifest of a generation that readers could open.

    Raises:
        IndexDamagedError: It is damaged.
        IndexMismatchError: It was written in another format, or split otherwise than
            the settings say.
    """
    with closing(storage.open(name)) as generation:
        require_same_splitting(generation.manifest, settings)
        return generation.manifest
