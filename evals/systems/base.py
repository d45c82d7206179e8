"""What a compared system is, and what it needs to be built."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, Self

from evals.collection import Collection, read_collection
from ingest import Progress, VectorCache
from kb import KnowledgeBase, Settings
from kb.index.embed import Embedder, load_embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kb.types import Answer, Query


@dataclass(frozen=True)
class Response:
    """What a system returns for one question, best first."""

    passages: list[str]
    """Passage ids; empty for a system that does not know the corpus's passages."""
    cases: list[str]
    """Case ids, each once."""
    answer: Answer | None = None
    """None for a system that only retrieves."""
    timings_ms: dict[str, float] = field(default_factory=dict)
    """Milliseconds by stage."""

    @classmethod
    def ranked(
        cls, passages: list[str], collection: Collection, started: float
    ) -> Self:
        """Return ranked passages with their cases, timed since ``started``."""
        ms = (time.perf_counter() - started) * 1000
        return cls(passages, collection.cases_of(passages), None, {"total": ms})


class System(Protocol):
    """One way to find what answers a question."""

    @property
    def name(self) -> str:
        """What it is called in runs and reports."""

    def retrieve(self, query: Query, depth: int) -> Response:
        """Return the ``depth`` best passages, or as many as it finds."""


class Workbench:
    """What systems are built from: one index, and vectors that are computed once."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        """Open the published index.

        Args:
            settings: Where the index is and how to weigh.
            progress: Told about vectors that must be computed first.
        """
        self.settings = settings
        self.progress = progress
        self.kb = KnowledgeBase(settings)
        self._embedders: dict[str, Embedder] = {}

    @cached_property
    def collection(self) -> Collection:
        """All units of the index."""
        return read_collection(self.kb)

    @cached_property
    def texts(self) -> list[str]:
        """The text of each passage, with title and section, for other systems."""
        passages = self.collection.passages.values()
        return [self.collection.text_of(passage) for passage in passages]

    def embedder(self, name: str) -> Embedder:
        """Return a model by name, loaded once.

        Raises:
            EmbedderUnavailableError: It cannot be loaded.
        """
        if name not in self._embedders:
            self._embedders[name] = load_embedder(name)
        return self._embedders[name]

    def vectors(self, embedder: Embedder, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of passages, (len(texts), dimension) float32, unit length.

        They are kept in the index folder's cache.
        """
        self.progress.start(f"Vectors of {embedder.model_id}", len(texts))
        cache = VectorCache(self.settings.index_dir / "cache.sqlite")
        try:
            return cache.embed(texts, embedder, self.progress.advance)[0]
        finally:
            cache.close()
