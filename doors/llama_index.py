"""The door for llama-index: a retriever, a query engine that cites, and our reader.

They fit wherever llama-index takes its own: in an agent's tools, a chat engine, a
pipeline of yours. The query engine needs no language model and writes no text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import Field, PrivateAttr

from kb.errors import ReaderUnavailableError
from kb.records import answer_record, source_records
from kb.types import Answer, Citation, Hit, Query

if TYPE_CHECKING:
    from llama_index.core.prompts.mixin import PromptMixinType

    from kb import KnowledgeBase


class MentorCitiesRetriever(BaseRetriever):
    """Retrieves the passages that are nearest to a question, best first.

    Each node's metadata holds case, city, section, page and public sources.
    """

    def __init__(
        self,
        kb: KnowledgeBase,
        k: int = 10,
        cities: Sequence[str] = (),
        themes: Sequence[str] = (),
    ) -> None:
        """Take an open knowledge base.

        Args:
            kb: It stays open as long as this is used.
            k: How many passages.
            cities: Slugs of the only cities; none for all.
            themes: Slugs of the only themes; none for all.
        """
        super().__init__()
        self._kb, self._k = kb, k
        self._cities, self._themes = tuple(cities), tuple(themes)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query = Query(query_bundle.query_str, self._cities, self._themes)
        return [_node_of_hit(hit) for hit in self._kb.search(query, self._k)]


class MentorCitiesQueryEngine(BaseQueryEngine):
    """Answers with statements of the cases, word for word, numbered as they are cited.

    The response's source nodes are the cited passages. Its metadata is the JSON of
    `mentorkb ask --json`: with ``abstained``, the response is the reason.
    """

    def __init__(
        self,
        kb: KnowledgeBase,
        cities: Sequence[str] = (),
        themes: Sequence[str] = (),
    ) -> None:
        """Take an open knowledge base.

        Args:
            kb: It stays open as long as this is used.
            cities: Slugs of the only cities; none for all.
            themes: Slugs of the only themes; none for all.
        """
        super().__init__(callback_manager=None)
        self._kb = kb
        self._cities, self._themes = tuple(cities), tuple(themes)

    def _query(self, query_bundle: QueryBundle) -> Response:
        query = Query(query_bundle.query_str, self._cities, self._themes)
        return _response(self._kb.ask(query))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


class ReaderPostprocessor(BaseNodePostprocessor):
    """Orders any nodes by how well they answer, as the knowledge base's reader reads.

    The new scores are log-odds: higher is better, below 0 is unlikely.
    """

    top_n: int = Field(default=5, ge=1, description="How many nodes are kept.")
    _kb: KnowledgeBase = PrivateAttr()

    def __init__(self, kb: KnowledgeBase, top_n: int = 5) -> None:
        """Take an open knowledge base, whose reader reads.

        Raises:
            ReaderUnavailableError: It has none, as with ``KB_READER=off``.
        """
        super().__init__()
        if kb.reader is None:
            raise ReaderUnavailableError("no reader is used.", "Remove KB_READER=off.")
        self.top_n = top_n
        self._kb = kb

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which llama-index keeps it."""
        return "ReaderPostprocessor"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        from kb.reader import ANSWERS

        if query_bundle is None or self._kb.reader is None:
            return nodes[: self.top_n]
        reader, _ = self._kb.reader
        texts = [node.node.get_content() for node in nodes]
        odds = reader.read(query_bundle.query_str, texts)[:, ANSWERS]
        read = [
            NodeWithScore(node=node.node, score=float(score))
            for node, score in zip(nodes, odds, strict=True)
        ]
        return sorted(read, key=lambda n: (-(n.score or 0), n.node_id))[: self.top_n]


def _response(answer: Answer) -> Response:
    lines = [
        f"{statement.text} {''.join(f'[{n}]' for n in statement.citations)}"
        for statement in answer.statements
    ]
    record: dict[str, Any] = answer_record(answer)
    return Response(
        response="\n".join(lines) or answer.reason,
        source_nodes=[_node_of_citation(citation) for citation in answer.citations],
        metadata=record,
    )


def _node_of_hit(hit: Hit) -> NodeWithScore:
    passage = hit.passage
    node = TextNode(
        id_=passage.passage_id,
        text=passage.text,
        metadata={
            "case_id": hit.case.case_id,
            "title": hit.case.title,
            "city": hit.case.city,
            "section": passage.section,
            "page": passage.page,
            "uncertain": passage.uncertain,
            "sources": source_records(hit.sources),
        },
        excluded_embed_metadata_keys=["sources"],
    )
    return NodeWithScore(node=node, score=hit.score)


def _node_of_citation(citation: Citation) -> NodeWithScore:
    node = TextNode(
        id_=citation.statement_id,
        text=citation.passage,
        metadata={
            "n": citation.n,
            "statement": citation.statement,
            "case_id": citation.case_id,
            "title": citation.title,
            "city": citation.city,
            "section": citation.section,
            "page": citation.page,
            "uncertain": citation.uncertain,
            "sources": source_records(citation.sources),
        },
    )
    return NodeWithScore(node=node, score=1 / citation.n)
