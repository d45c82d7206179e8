"""The generation in use: opened, followed when a newer one is published, released."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kb.errors import (
    IndexDamagedError,
    IndexNotWritableError,
    KnowledgeBaseError,
    StorageUnavailableError,
)
from kb.index.generation import Generation
from kb.index.manifest import Manifest
from kb.library import LibraryCase
from kb.question.names import Vocabulary
from kb.storage import Storage

logger = logging.getLogger(__name__)


@dataclass
class OpenGeneration:
    """An open generation and how many questions are using it."""

    generation: Generation
    vocabulary: Vocabulary
    library: list[LibraryCase] | None = None
    users: int = 0
    retired: bool = False


class Following:
    """Opens what is published, and moves on between two uses; safe between threads.

    Who holds one generation (`hold`) costs the storage a single look, however much is
    then asked: on a server that is far away, each look takes as long as the way.
    """

    def __init__(
        self, storage: Storage, name: str, fits: Callable[[Manifest], None]
    ) -> None:
        """Open a generation.

        Args:
            storage: Where generations are.
            name: Of the first.
            fits: Raises where a generation is none for this program or its settings.

        Raises:
            KnowledgeBaseError: It cannot be opened, or does not fit.
        """
        self._storage, self._fits = storage, fits
        self._lock = threading.Lock()
        self._moving = threading.Lock()
        self._held = threading.local()
        self._unusable: str | None = None
        self._is_closed = False
        self._in_use = self._open(name)

    @property
    def manifest(self) -> Manifest:
        """Of the generation in use, without a look at what is published."""
        return self._in_use.generation.manifest

    @contextmanager
    def use(self) -> Iterator[OpenGeneration]:
        """Yield the one that this thread holds, else the newest; it stays open.

        Raises:
            KnowledgeBaseError: It is closed, or the storage cannot be reached.
        """
        held: OpenGeneration | None = getattr(self._held, "generation", None)
        if held:
            yield held
            return
        if self._is_closed:
            raise KnowledgeBaseError(
                "the knowledge base is closed.", "Ask before the end of its block."
            )
        self._move()
        with self._lock:
            in_use = self._in_use
            in_use.users += 1
        try:
            yield in_use
        finally:
            with self._lock:
                in_use.users -= 1
                if in_use.retired and in_use.users == 0:
                    in_use.generation.close()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let this thread use one generation throughout the block.

        Raises:
            KnowledgeBaseError: As for `use`.
        """
        with self.use() as in_use:
            outer = getattr(self._held, "generation", None)
            self._held.generation = in_use
            try:
                yield
            finally:
                self._held.generation = outer

    def close(self) -> None:
        """Release the generation, once nobody uses it any more."""
        with self._lock:
            self._is_closed = True
            self._retire(self._in_use)

    def _open(self, name: str) -> OpenGeneration:
        try:
            self._fits(self._storage.manifest(name))
            generation = self._storage.open(name)
        except IndexDamagedError:
            # Two ingestions since the name was read may have removed the generation.
            newer = self._storage.current()
            if newer is None or newer == name:
                raise
            return self._open(newer)
        return OpenGeneration(generation, Vocabulary(generation.catalogue.vocabulary))

    def _move(self) -> None:
        """Change to the newest generation; questions that come meanwhile wait for it.

        On a server the old one may be gone already, so that none may go on with it.
        """
        if not self._is_news(self._storage.current()):
            return
        with self._moving:
            newest = self._storage.current()
            if newest is None or not self._is_news(newest):
                return  # another question has just moved
            try:
                opened = self._open(newest)
            except (IndexNotWritableError, StorageUnavailableError):
                raise  # both pass, and the next question tries again
            except KnowledgeBaseError as exc:
                logger.warning("the newest index is not used: %s", exc)
                self._unusable = newest
                return
            with self._lock:
                old, self._in_use = self._in_use, opened
                self._retire(old)

    def _is_news(self, name: str | None) -> bool:
        return name not in (None, self.manifest.generation, self._unusable)

    def _retire(self, in_use: OpenGeneration) -> None:
        in_use.retired = True
        if in_use.users == 0:
            in_use.generation.close()
