"""What an ingestion need not compute again: vectors of texts, and documents read."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ingest.documents import Units
from kb.index.embed import Embedder
from kb.types import Problem

logger = logging.getLogger(__name__)

FILE = "cache.sqlite"
_BATCH = 32
_SEAL_BYTES = 4
_Read = tuple[Units, tuple[Problem, ...]]
_read = TypeAdapter(_Read)


class VectorCache:
    """A SQLite file of vectors, keyed by a digest of model, backend and text."""

    def __init__(self, path: Path) -> None:
        """Open the file, creating it if it is not there."""
        self._db = _open(path)

    def missing(self, texts: Sequence[str], embedder: Embedder) -> list[str]:
        """Return the texts whose vectors it does not have, in their order."""
        return [text for text in texts if self._content(embedder, text) is None]

    def embed(
        self,
        texts: Sequence[str],
        embedder: Embedder,
        on_progress: Callable[[int], None],
    ) -> tuple[NDArray[np.float32], int]:
        """Return the vectors of texts, from the cache where it has them.

        Args:
            texts: What to embed, as passages.
            embedder: What computes the missing vectors.
            on_progress: Called with the number of texts that were just finished.

        Returns:
            (len(texts), dimension) float32, and how many were computed anew.
        """
        keys = [_key(embedder, text) for text in texts]
        vectors = np.empty((len(texts), embedder.dimension), dtype=np.float32)
        missing: list[int] = []
        for position, text in enumerate(texts):
            content = self._content(embedder, text)
            if content is None:
                missing.append(position)
            else:
                vectors[position] = np.frombuffer(content, dtype=np.float32)
        on_progress(len(texts) - len(missing))
        for start in range(0, len(missing), _BATCH):
            positions = missing[start : start + _BATCH]
            computed = embedder.embed_passages([texts[i] for i in positions])
            vectors[positions] = computed
            with self._db:
                self._db.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                    [
                        (keys[position], _sealed(vector.tobytes()))
                        for position, vector in zip(positions, computed, strict=True)
                    ],
                )
            on_progress(len(positions))
        return vectors, len(missing)

    def _content(self, embedder: Embedder, text: str) -> bytes | None:
        return _unsealed(
            self._db.execute(
                "SELECT vector FROM vectors WHERE key = ?", (_key(embedder, text),)
            ).fetchone()
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class DocumentCache:
    """The same file's documents: what a corpus file was split into, and its problems.

    They are kept under whatever text stands for the file and for how it was read.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, creating it if it is not there."""
        self._db = _open(path)

    def get(self, keys: Mapping[str, str]) -> dict[str, _Read]:
        """Return what is there of the given keys, by the same names."""
        found: dict[str, _Read] = {}
        for name, key in keys.items():
            content = _unsealed(
                self._db.execute(
                    "SELECT document FROM documents WHERE key = ?", (_digest(key),)
                ).fetchone()
            )
            if content is not None:
                found[name] = _read.validate_json(content)
        return found

    def put(self, documents: Mapping[str, _Read]) -> None:
        """Keep documents under their keys."""
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO documents VALUES (?, ?)",
                [
                    (_digest(key), _sealed(_read.dump_json(document)))
                    for key, document in documents.items()
                ],
            )

    def keep_only(self, keys: Iterable[str]) -> None:
        """Drop the documents of all other keys."""
        kept = {_digest(key) for key in keys}
        rows = self._db.execute("SELECT key FROM documents").fetchall()
        with self._db:
            self._db.executemany(
                "DELETE FROM documents WHERE key = ?",
                [(key,) for (key,) in rows if key not in kept],
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path)
    except sqlite3.OperationalError:
        raise  # it is locked, or there is no room: nothing is wrong with what it holds
    except sqlite3.DatabaseError as exc:
        # Everything in it can be computed again.
        logger.warning("the cache is damaged and made anew: %s", exc)
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    try:
        # A killed ingestion keeps every vector that it had finished.
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(
            "CREATE TABLE IF NOT EXISTS vectors "
            "(key BLOB PRIMARY KEY, vector BLOB NOT NULL)"
        )
        db.execute(
            "CREATE TABLE IF NOT EXISTS documents "
            "(key BLOB PRIMARY KEY, document BLOB NOT NULL)"
        )
        _require_sound(db)
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _require_sound(db: sqlite3.Connection) -> None:
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _sealed(content: bytes) -> bytes:
    """Return what is stored: SQLite would not notice a value that changes on disk."""
    return zlib.crc32(content).to_bytes(_SEAL_BYTES, "big") + content


def _unsealed(row: tuple[bytes] | None) -> bytes | None:
    """Return the content of a row; None where there is none, or it has changed."""
    if row is None:
        return None
    content = row[0][_SEAL_BYTES:]
    return content if _sealed(content) == row[0] else None


def _key(embedder: Embedder, text: str) -> bytes:
    space = f"{embedder.model_id}\0{embedder.backend}\0{embedder.dimension}"
    return _digest(f"{space}\0{text}")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
