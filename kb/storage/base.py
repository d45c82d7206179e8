"""What every storage offers, and the rule for what it keeps."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kb.errors import IndexNotFoundError
from kb.index.generation import Generation
from kb.index.manifest import Manifest
from kb.index.vectors import VectorStore

KEPT_GENERATIONS = 2


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

    def draft(self, name: str) -> AbstractContextManager[GenerationDraft]:
        """Begin a generation; what was written is removed if the block fails."""

    def finish(self, draft: GenerationDraft, manifest: Manifest) -> None:
        """Make a draft a complete generation; nobody reads it until it is published."""

    def publish(self, name: str) -> None:
        """Make a complete generation the one that readers use, in one atomic step."""

    def tidy(self, before: str | None) -> None:
        """Remove half-written generations, and complete ones beyond those kept.

        Args:
            before: What was published before the present generation, where known.
        """

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


def superfluous(
    complete: Iterable[str], current: str | None, before: str | None
) -> list[str]:
    """Return which generations need not be kept: all but the published and one other.

    The other is the one that was published before; where that is not known, the newest
    older one, because a newer one was perhaps never published.
    """
    others = sorted(
        (name for name in complete if name != current),
        key=lambda name: (name == before, name < (current or ""), name),
    )
    return others[: max(0, len(others) - (KEPT_GENERATIONS - 1))]
