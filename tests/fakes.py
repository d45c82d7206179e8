"""Stand-ins for what is slow or far away; each implements one of our protocols."""

from __future__ import annotations

import hashlib
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\w+")


class FakeEmbedder:
    """Unit vectors from the words of a text, the same in every process.

    Texts that share words are similar and an empty text has a vector too. ``embedded``
    lists every passage text in the order in which it was asked for.
    """

    def __init__(
        self,
        dimension: int = 64,
        *,
        model_id: str = "fake",
        backend: str = "words",
        multilingual: bool = True,
    ) -> None:
        """Choose the length of the vectors and the names the embedder goes by."""
        self.dimension = dimension
        self.model_id = model_id
        self.backend = backend
        self.multilingual = multilingual
        self.embedded: list[str] = []
        self.batches: list[int] = []

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """See `kb.embed.Embedder.embed_query`."""
        return self._vector(text)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `kb.embed.Embedder.embed_passages`."""
        self.embedded.extend(texts)
        self.batches.append(len(texts))
        vectors = [self._vector(text) for text in texts]
        return np.array(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def _vector(self, text: str) -> NDArray[np.float32]:
        total = np.zeros(self.dimension)
        for word in _WORD.findall(text.casefold()) or [""]:
            # Python's own hash() differs from process to process.
            digest = hashlib.sha256(word.encode()).digest()
            generator = np.random.default_rng(int.from_bytes(digest[:8], "big"))
            total += generator.standard_normal(self.dimension)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


class RecordingProgress:
    """Keeps what an ingestion tells about its progress."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self.steps: list[tuple[str, int]] = []
        self.done: dict[str, int] = {}

    def start(self, step: str, total: int) -> None:
        """See `ingest.Progress.start`."""
        self.steps.append((step, total))
        self.done[step] = 0

    def advance(self, n: int) -> None:
        """See `ingest.Progress.advance`."""
        self.done[self.steps[-1][0]] += n


@contextmanager
def within_seconds(seconds: int) -> Iterator[None]:
    """End what would wait for ever, such as for somebody who writes into a pipe.

    Raises:
        RuntimeError: The block took longer. No OSError, which our code may catch.
    """

    def give_up(*_: object) -> None:
        raise RuntimeError(f"it takes longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
