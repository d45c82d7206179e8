"""Vectors by model and text, so that a rebuild embeds only what changed."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.embed import Embedder

logger = logging.getLogger(__name__)

_BATCH = 32


class VectorCache:
    """A SQLite file of vectors, keyed by a digest of model, backend and text."""

    def __init__(self, path: Path) -> None:
        """Open the file, creating it if it is not there."""
        try:
            self._db = _connect(path)
        except sqlite3.DatabaseError as exc:
            # Everything in it can be computed again.
            logger.warning("the vector cache is damaged and made anew: %s", exc)
            path.unlink()
            self._db = _connect(path)

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
        for position, key in enumerate(keys):
            row = self._db.execute(
                "SELECT vector FROM vectors WHERE key = ?", (key,)
            ).fetchone()
            if row:
                vectors[position] = np.frombuffer(row[0], dtype=np.float32)
            else:
                missing.append(position)
        on_progress(len(texts) - len(missing))
        for start in range(0, len(missing), _BATCH):
            positions = missing[start : start + _BATCH]
            computed = embedder.embed_passages([texts[i] for i in positions])
            vectors[positions] = computed
            with self._db:
                self._db.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                    [
                        (keys[position], vector.tobytes())
                        for position, vector in zip(positions, computed, strict=True)
                    ],
                )
            on_progress(len(positions))
        return vectors, len(missing)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    try:
        # A killed ingestion keeps every vector that it had finished.
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(
            "CREATE TABLE IF NOT EXISTS vectors "
            "(key BLOB PRIMARY KEY, vector BLOB NOT NULL)"
        )
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _key(embedder: Embedder, text: str) -> bytes:
    space = f"{embedder.model_id}\0{embedder.backend}\0{embedder.dimension}"
    return hashlib.sha256(f"{space}\0{text}".encode()).digest()
