"""Stand-ins for what is slow or far away; each implements one of our protocols."""

from __future__ import annotations

import hashlib
import re
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from ingest.progress import Outlook

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

    def n_tokens(self, text: str) -> int:
        """See `kb.index.embed.Embedder.n_tokens`."""
        return len(_WORD.findall(text))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """See `kb.index.embed.Embedder.embed_query`."""
        return self._vector(text)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `kb.index.embed.Embedder.embed_passages`."""
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


class FakeReader:
    """Log-odds from the words that question and text share, or given ones.

    Without given log-odds, a text with a third of the question's words is as likely to
    answer as not, and a bit likelier to help. ``asked`` lists every call with its
    texts.
    """

    def __init__(
        self,
        given: Mapping[str, tuple[float, float]] | None = None,
        *,
        reader_id: str = "fake",
    ) -> None:
        """Choose how the reader reads.

        Args:
            given: Log-odds to answer and to help by a part of the texts that have
                them; all other texts are as far from both as can be.
            reader_id: The name that it goes by.
        """
        self.reader_id = reader_id
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._given = given

    def read(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `kb.reader.Reader.read`."""
        self.asked.append((question, tuple(texts)))
        rows = [self._row(question, text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), 2)

    def _row(self, question: str, text: str) -> tuple[float, float]:
        if self._given is not None:
            found = [odds for part, odds in self._given.items() if part in text]
            return found[0] if found else (-12.0, -12.0)
        asked, own = (set(_WORD.findall(t.casefold())) for t in (question, text))
        answers = 9 * len(asked & own) / len(asked) - 3
        return answers, answers + 1


class RecordingProgress:
    """Keeps what an ingestion tells about its progress."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self.steps: list[tuple[str, int]] = []
        self.done: dict[str, int] = {}
        self.outlooks: list[Outlook] = []

    def start(self, step: str, total: int) -> None:
        """See `ingest.Progress.start`."""
        self.steps.append((step, total))
        self.done[step] = 0

    def advance(self, n: int) -> None:
        """See `ingest.Progress.advance`."""
        self.done[self.steps[-1][0]] += n

    def expect(self, outlook: Outlook) -> None:
        """See `ingest.Progress.expect`."""
        self.outlooks.append(outlook)


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
