"""The usual ways to search passages, by way of llama-index where it has them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from evals.systems.base import Response, Workbench
from kb.types import Query

if TYPE_CHECKING:
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.schema import BaseNode, TextNode

    from kb.index.embed import Embedder

_FUSED_DEPTH = 100


class Dense:
    """Exact cosine similarity of question and passage."""

    def __init__(self, name: str, embedder: Embedder, bench: Workbench) -> None:
        """Embed all passages."""
        self.name = name
        self._embedder = embedder
        self._collection = bench.collection
        self._ids = list(bench.collection.passages)
        self._vectors = bench.vectors(embedder, bench.texts)

    def retrieve(self, query: Query, depth: int) -> Response:
        """See `System.retrieve`."""
        started = time.perf_counter()
        similarity = self._vectors @ self._embedder.embed_query(query.text)
        order = np.argsort(-similarity, kind="stable")[:depth]
        passages = [self._ids[i] for i in order]
        return Response.ranked(passages, self._collection, started)


class Retriever:
    """A llama-index retriever over the passages."""

    def __init__(
        self, name: str, build: Callable[[list[TextNode]], Any], bench: Workbench
    ) -> None:
        """Hand the passages as nodes to ``build``, which returns the retriever."""
        from llama_index.core.schema import TextNode

        self.name = name
        self._collection = bench.collection
        ids = list(bench.collection.passages)
        nodes = [
            TextNode(id_=passage_id, text=text)
            for passage_id, text in zip(ids, bench.texts, strict=True)
        ]
        self._retriever: BaseRetriever = build(nodes)

    def retrieve(self, query: Query, depth: int) -> Response:
        """See `System.retrieve`."""
        started = time.perf_counter()
        nodes = self._retriever.retrieve(query.text)[:depth]
        passages = [item.node.node_id for item in nodes]
        return Response.ranked(passages, self._collection, started)


def bm25_retriever(nodes: list[TextNode]) -> BaseRetriever:
    """Return llama-index's BM25 with its default English stemmer and stop words."""
    from llama_index.retrievers.bm25 import BM25Retriever

    # It logs every step at DEBUG and sets its own level to let that through.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    depth = min(_FUSED_DEPTH, len(nodes))
    return BM25Retriever.from_defaults(nodes=list(nodes), similarity_top_k=depth)


def fusion_retriever(
    nodes: list[TextNode], embedder: Embedder, bench: Workbench
) -> BaseRetriever:
    """Return dense search and BM25, fused by reciprocal rank.

    Source: Cormack, Clarke and Büttcher, 2009; llama-index's own retriever.
    """
    from llama_index.core import VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES

    embedded: list[BaseNode] = list(nodes)
    for node, vector in zip(
        embedded, bench.vectors(embedder, bench.texts), strict=True
    ):
        node.embedding = vector.tolist()
    index = VectorStoreIndex(embedded, embed_model=as_llama_index(embedder))
    dense = index.as_retriever(similarity_top_k=_FUSED_DEPTH)
    return QueryFusionRetriever(
        [dense, bm25_retriever(nodes)],
        # One query means that no language model is asked; it insists on having one.
        num_queries=1,
        llm=MockLLM(),
        mode=FUSION_MODES.RECIPROCAL_RANK,
        similarity_top_k=_FUSED_DEPTH,
        use_async=False,
    )


def as_llama_index(embedder: Embedder) -> BaseEmbedding:
    """Wrap one of our embedders for llama-index."""
    from llama_index.core.embeddings import BaseEmbedding

    class _Wrapped(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return [float(x) for x in embedder.embed_query(query)]

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors = embedder.embed_passages(texts)
            return [[float(x) for x in vector] for vector in vectors]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return _Wrapped(model_name=embedder.model_id)
