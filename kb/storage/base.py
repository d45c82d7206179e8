"""What every storage offers, and the rule for what it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from kb.errors import IndexDamagedError, IndexMismatchError, IndexNotFoundError
from kb.index.catalogue import Catalogue
from kb.index.generation import Generation
from kb.index.manifest import Manifest
from kb.index.vectors import VectorStore

KEPT_GENERATIONS = 3
"""The published one and those that one can step back to."""


@dataclass(frozen=True)
class GenerationDraft:
    """A generation that is being written."""

    name: str
    folder: Path
    """Where its files go (`kb.index.generation.FILES`)."""
    store: VectorStore
    """Where its vectors go."""


class Storage(Protocol):
    """A place for generations; safe to share between threads.

    Every method raises `StorageUnavailableError` when the place cannot be reached.
    """

    @property
    def place(self) -> str:
        """Where it is, for messages."""

    def current(self) -> str | None:
        """Return the name of the published generation, or None when there is none.

        Raises:
            IndexDamagedError: The record that names it cannot be read.
        """

    def complete(self) -> list[str]:
        """Return the names of all complete generations, oldest first."""

    def manifest(self, name: str) -> Manifest:
        """Read a generation's manifest.

        Raises:
            IndexDamagedError: It is missing or does not parse.
            IndexMismatchError: It was written in another format.
        """

    def open(self, name: str) -> Generation:
        """Open a complete generation for reading.

        Raises:
            IndexDamagedError: A part is missing or does not fit the manifest.
            IndexMismatchError: It was written in another format.
        """

    def catalogue(self, name: str) -> AbstractContextManager[Catalogue]:
        """Open the records of a complete generation alone, which is much faster.

        Raises:
            IndexDamagedError: They are missing or cannot be read.
        """

    def draft(self, name: str) -> AbstractContextManager[GenerationDraft]:
        """Begin a generation; what was written is removed if the block fails."""

    def finish(self, draft: GenerationDraft, manifest: Manifest) -> None:
        """Make a draft a complete generation; nobody reads it until it is published."""

    def publish(self, name: str) -> None:
        """Make a complete generation the one that readers use, in one atomic step."""

    def tidy(self) -> None:
        """Remove half-written generations, and complete ones beyond those kept."""

    def close(self) -> None:
        """Release the connection; generations that are open are released apart."""


def published(storage: Storage) -> str:
    """Return the name of the published generation.

    Raises:
        IndexNotFoundError: Nothing is published.
    """
    name = storage.current()
    if name is None:
        raise IndexNotFoundError(
            f"there is no index in {storage.place}.",
            "Run `mentorkb ingest` first, or say with KB_INDEX_DIR where it is.",
        )
    return name


def lineage(storage: Storage) -> Iterator[str]:
    """Yield the published generation, then step by step what was published before it.

    Each generation names the one before. What somebody has gone back from, what was
    never published and the first stage of an ingestion are not among them. Where the
    manifest of one cannot be read, the newest older one is taken for it.
    """
    name = storage.current()
    if name is None:
        return
    yield name
    complete = storage.complete()
    manifest = _manifest(storage, name)
    while True:
        older = [other for other in complete if other < name]
        before = manifest.previous if manifest else max(older, default=None)
        if before not in older:  # it is None, or was removed
            return
        name, manifest = before, _manifest(storage, before)
        if not (manifest and manifest.is_partial):
            yield name


def _manifest(storage: Storage, name: str) -> Manifest | None:
    try:
        return storage.manifest(name)
    except (IndexDamagedError, IndexMismatchError):
        return None


def superfluous(storage: Storage) -> list[str]:
    """Return the complete generations that need not be kept, oldest first."""
    kept = {*islice(lineage(storage), KEPT_GENERATIONS)}
    return [name for name in storage.complete() if name not in kept]
