"""Any cross-encoder, behind the knowledge base's own first passages."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from evals.systems.base import Response, Workbench
from kb.errors import EmbedderUnavailableError, shown
from kb.types import Query

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_RERANKED = 30


class Reranked:
    """The knowledge base's first passages in the order of a cross-encoder."""

    def __init__(self, name: str, model: str, bench: Workbench) -> None:
        """Load a sentence-transformers cross-encoder by name or local path.

        Raises:
            EmbedderUnavailableError: It cannot be loaded.
        """
        self.name = name
        self._kb = bench.kb
        self._collection = bench.collection
        self._model = _load(model)

    def retrieve(self, query: Query, depth: int) -> Response:
        """See `System.retrieve`."""
        started = time.perf_counter()
        ids = [hit.passage.passage_id for hit in self._kb.search(query, depth)]
        first = ids[:_RERANKED]
        passages = [self._collection.passages[passage_id] for passage_id in first]
        pairs = [(query.text, self._collection.text_of(p)) for p in passages]
        scores = self._scores(pairs)
        order = sorted(range(len(first)), key=lambda i: (-scores[i], first[i]))
        ranked = [first[i] for i in order] + ids[_RERANKED:]
        return Response.ranked(ranked, self._collection, started)

    def _scores(self, pairs: list[tuple[str, str]]) -> list[float]:
        if not pairs:
            return []
        found = self._model.predict(pairs, show_progress_bar=False)
        return [float(score) for score in found]


def _load(name: str) -> CrossEncoder:
    from sentence_transformers import CrossEncoder

    try:
        model: CrossEncoder = CrossEncoder(name)
    except Exception as exc:  # the loader's hub, file and format errors share no root
        raise EmbedderUnavailableError(
            f"the cross-encoder {shown(name)} cannot be loaded ({type(exc).__name__}).",
            "Check the name and the connection, or name the folder of a downloaded "
            "model.",
        ) from exc
    return model
