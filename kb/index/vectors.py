"""Dense search: vectors in Chroma, embedded or on a server.

The collections of a generation are never changed after they were written. Chroma gets
vectors, never an embedding function, and its cosine distances become similarities here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from json import JSONDecodeError
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from kb.errors import (
    IndexDamagedError,
    IndexNotWritableError,
    StorageUnavailableError,
    shown,
)

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import Where
    from numpy.typing import NDArray

MetadataValue = str | list[str]
Result = TypeVar("Result")

STATEMENTS = "statements"
BARE_STATEMENTS = "bare-statements"
CASES = "cases"
OPEN_QUESTIONS = "open-questions"
EVERYDAY_TOPICS = "everyday-topics"
COLLECTIONS = (STATEMENTS, BARE_STATEMENTS, CASES, OPEN_QUESTIONS, EVERYDAY_TOPICS)
"""Of a generation."""

# Chroma's own default of 100 would cap recall below the number of candidates asked for.
_HNSW = {
    "space": "cosine",
    "ef_search": 400,
    "ef_construction": 200,
    "max_neighbors": 32,
}
_MAX_BATCH = 1_000
_AT_ONCE = 16
"""Calls to a server: of three questions or so."""
# Chroma counts the clients of a folder in this process, but not safely.
_opening = threading.Lock()


class VectorStore:
    """Unit vectors by id, in named collections; safe to share between threads."""

    def __init__(
        self, client: ClientAPI, prefix: str = "", *, owns_client: bool = True
    ) -> None:
        """Wrap an open client.

        Args:
            client: Of an embedded database or of a server.
            prefix: What the names of its collections begin with, there.
            owns_client: Whether closing the store closes the client.
        """
        self._client = client
        self._prefix = prefix
        self._owns_client = owns_client
        self._collections: dict[str, Collection] = {}
        self._counts: dict[str, int] = {}
        # A server far away is asked for all at once; this process would gain nothing.
        self._threads = None if owns_client else ThreadPoolExecutor(_AT_ONCE)

    @classmethod
    def open(cls, folder: Path) -> VectorStore:
        """Open the embedded database in ``folder``, creating it if it is not there.

        Raises:
            IndexDamagedError: It cannot be opened.
            IndexNotWritableError: There is no room; Chroma writes when it opens.
        """
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        try:
            with _opening:
                client = chromadb.PersistentClient(
                    str(folder), settings=ChromaSettings(anonymized_telemetry=False)
                )
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:  # on damaged files it raises nearly anything
            _forget(folder)
            if _is_not_writable(exc):
                raise not_writable(exc) from exc
            raise _damaged(exc) from exc
        return cls(client)

    def write(
        self,
        collection: str,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        metadatas: Sequence[Mapping[str, MetadataValue]],
        on_progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Create a collection and fill it.

        Args:
            collection: Its name; it must not exist yet.
            ids: One id a vector, unique.
            vectors: (len(ids), dimension) float32, unit length.
            metadatas: One non-empty mapping a vector, for filters.
            on_progress: Called with the number of vectors that were just written.
        """
        with translated_errors():
            target = self._client.create_collection(
                self._prefix + collection,
                embedding_function=None,
                configuration=cast(Any, {"hnsw": _HNSW}),
            )
            size = min(self._client.get_max_batch_size(), _MAX_BATCH)
            for positions in batched_range(len(ids), size):
                target.add(
                    ids=[ids[i] for i in positions],
                    embeddings=vectors[positions],
                    metadatas=[cast(Any, metadatas[i]) for i in positions],
                )
                on_progress(len(positions))

    def together(self, calls: Iterable[Callable[[], Result]]) -> list[Result]:
        """Return what some calls of this store return, in their order.

        Where a server keeps the vectors, they take about as long as one.
        """
        if self._threads is None:
            return [call() for call in calls]
        return [done.result() for done in [self._threads.submit(c) for c in calls]]

    def search(
        self,
        collection: str,
        vector: NDArray[np.float32],
        n: int,
        *,
        cities: Sequence[str] = (),
        themes: Sequence[str] = (),
    ) -> dict[str, float]:
        """Return the cosine similarity of the ``n`` nearest ids, nearest first.

        Args:
            collection: Where to search.
            vector: (dimension,) float32, unit length.
            n: How many at most; fewer when the collection or the filter holds fewer.
            cities: Only records of these cities; empty for all.
            themes: Only records with at least one of these themes; empty for all.
        """
        target = self._collection(collection)
        if collection not in self._counts:
            self._counts[collection] = self.count(collection)
        n = min(n, self._counts[collection])
        if n == 0:
            return {}
        with translated_errors():
            found = target.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=n,
                where=_where(cities, themes),
                include=["distances"],
            )
        distances = found["distances"]
        if distances is None:
            raise IndexDamagedError(
                f"the collection {collection!r} returned no distances.",
                "Run `mentorkb ingest` to build the index again.",
            )
        return {
            found_id: 1.0 - distance
            for found_id, distance in zip(found["ids"][0], distances[0], strict=True)
        }

    def vectors(
        self, collection: str, ids: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of the given ids; unknown ids are left out."""
        if not ids:
            return {}
        target = self._collection(collection)
        with translated_errors():
            found = target.get(ids=list(ids), include=["embeddings"])
        embeddings = found["embeddings"]
        if embeddings is None:
            return {}
        return {
            found_id: np.asarray(vector, dtype=np.float32)
            for found_id, vector in zip(found["ids"], embeddings, strict=True)
        }

    def load(self, dimension: int) -> None:
        """Read every collection into memory, which the first search otherwise does.

        Args:
            dimension: Length of the vectors.
        """
        any_vector = np.full(dimension, dimension**-0.5, dtype=np.float32)
        for collection in COLLECTIONS:
            self.search(collection, any_vector, 1)

    def count(self, collection: str) -> int:
        """Return how many vectors a collection holds."""
        target = self._collection(collection)
        with translated_errors():
            return target.count()

    def close(self) -> None:
        """Release the database's files; the store cannot be used afterwards."""
        self._collections.clear()
        if self._threads:
            self._threads.shutdown()
        if self._owns_client:
            with _opening:
                # Every client has it, though the shared interface does not name it.
                cast(Any, self._client).close()

    def _collection(self, name: str) -> Collection:
        if name not in self._collections:
            with translated_errors():
                self._collections[name] = self._client.get_collection(
                    self._prefix + name, embedding_function=None
                )
        return self._collections[name]


def _forget(folder: Path) -> None:
    """Let a folder that could not be opened be tried again in this process.

    Chroma keeps what it was about to open, although it never started.
    """
    from chromadb.api.shared_system_client import SharedSystemClient

    with _opening, suppress(AttributeError):  # a newer version may keep it elsewhere
        if str(folder) not in SharedSystemClient._identifier_to_refcount:
            SharedSystemClient._identifier_to_system.pop(str(folder), None)


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn what Chroma raises, embedded or as a client, into our errors.

    Raises:
        IndexDamagedError: The database does not hold what it should.
        IndexNotWritableError: There is no room or no permission to write.
        StorageUnavailableError: The server cannot be reached, or refuses.
    """
    import httpx
    from chromadb.errors import AuthorizationError, ChromaAuthError, ChromaError

    try:
        yield
    except (httpx.HTTPError, AuthorizationError, ChromaAuthError) as exc:
        raise unavailable(exc) from exc
    except BaseException as exc:
        # A panic of its Rust core is no Exception, and its class cannot be imported.
        if isinstance(exc, ChromaError) or type(exc).__name__ == "PanicException":
            if _is_not_writable(exc):
                raise not_writable(exc) from exc
            raise _damaged(exc) from exc
        # The client's answer to a reply that is none of Chroma's, as from a proxy.
        if type(exc) is Exception or isinstance(exc, JSONDecodeError):
            raise unavailable(exc) from exc
        raise


def _is_not_writable(exc: BaseException) -> bool:
    signs = (
        "disk is full",
        "disk I/O error",
        "readonly database",
        "Failed to apply logs",  # what the vector index says of a full disk
    )
    return any(sign in str(exc) for sign in signs)


def unavailable(exc: BaseException) -> StorageUnavailableError:
    """Return the error for a Chroma server that does not do its service."""
    detail = shown(" ".join(str(exc).split()) or type(exc).__name__)
    return StorageUnavailableError(
        f"the Chroma server cannot be used ({detail}).",
        "Check that it runs; the program then goes on by itself. If KB_CHROMA_URL, "
        "KB_CHROMA_HEADER, KB_CHROMA_TENANT or KB_CHROMA_DATABASE is wrong, correct it "
        "and start the program again.",
    )


def not_writable(exc: BaseException) -> IndexNotWritableError:
    """Return the error for an index without room or permission to write."""
    return IndexNotWritableError(
        f"the index cannot be written ({exc}).",
        "Check the free space and the permissions of the index folder, or name another "
        "with --index. What was published last stays published.",
    )


def _damaged(exc: BaseException) -> IndexDamagedError:
    return IndexDamagedError(
        f"the vectors of the index cannot be read ({exc}).",
        "Run `mentorkb ingest` to build the index again.",
    )


def batched_range(n: int, size: int) -> Iterable[list[int]]:
    """Yield 0 to n - 1 in lists of at most ``size``."""
    for start in range(0, n, size):
        yield list(range(start, min(start + size, n)))


def _where(cities: Sequence[str], themes: Sequence[str]) -> Where | None:
    clauses: list[Any] = []
    if cities:
        clauses.append({"city": {"$in": list(cities)}})
    if themes:
        any_theme = [{"themes": {"$contains": theme}} for theme in themes]
        clauses.append(any_theme[0] if len(any_theme) == 1 else {"$or": any_theme})
    if not clauses:
        return None
    return cast("Where", clauses[0] if len(clauses) == 1 else {"$and": clauses})
