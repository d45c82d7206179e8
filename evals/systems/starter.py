"""The llama-index starter pipeline: default splitter, MiniLM, Chroma, nothing tuned."""

from __future__ import annotations

import time
from uuid import uuid4

from evals.systems.base import Response, Workbench
from evals.systems.baselines import as_llama_index
from kb.index.embed import MINILM
from kb.types import Query

_TOP_NODES = 100


class Starter:
    """What the first page of llama-index's documentation builds.

    It cuts the cases in its own way, so that only the cases it finds can be judged.
    """

    name = "starter"

    def __init__(self, bench: Workbench) -> None:
        """Split, embed and store every case."""
        import chromadb
        from llama_index.core import Document, StorageContext, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.vector_stores.chroma import ChromaVectorStore

        texts = _case_texts(bench)
        bench.progress.start("Starter pipeline", 1)
        store = ChromaVectorStore(
            chroma_collection=chromadb.EphemeralClient().get_or_create_collection(
                f"starter-{uuid4().hex}", embedding_function=None
            )
        )
        index = VectorStoreIndex.from_documents(
            [
                Document(text=text, metadata={"case_id": case_id})
                for case_id, text in texts.items()
            ],
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=as_llama_index(bench.embedder(MINILM)),
            transformations=[SentenceSplitter()],
        )
        bench.progress.advance(1)
        self._retriever = index.as_retriever(similarity_top_k=_TOP_NODES)

    def retrieve(self, query: Query, depth: int) -> Response:
        """See `System.retrieve`."""
        started = time.perf_counter()
        found = self._retriever.retrieve(query.text)[:depth]
        ms = (time.perf_counter() - started) * 1000
        cases = list(dict.fromkeys(str(n.node.metadata["case_id"]) for n in found))
        return Response([], cases, None, {"total": ms})


def _case_texts(bench: Workbench) -> dict[str, str]:
    """Return each case as one text, in the order of its file."""
    texts: dict[str, list[str]] = {
        case_id: [case.title, case.summary]
        for case_id, case in bench.collection.cases.items()
    }
    for passage in bench.collection.passages.values():
        texts[passage.case_id] += [f"## {passage.section}", passage.text]
    return {case_id: "\n\n".join(parts) for case_id, parts in texts.items()}
