"""The knowledge base inside llama-index, through llama-index's own classes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.chat_engine import ContextChatEngine
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.core.tools import QueryEngineTool

from doors.llama_index import (
    MentorCitiesQueryEngine,
    MentorCitiesRetriever,
    ReaderPostprocessor,
)
from kb import KnowledgeBase
from kb.errors import QueryError, ReaderUnavailableError
from kb.records import answer_record
from tests.support.event_loop import awaited
from tests.support.tiny_language_model import TinyLanguageModel

ROOT = Path(__file__).parents[2]
COST = "How much did the pipe and the heat pump cost?"
HEAT = "exampleton/biscuit-heat"


def test_retriever_finds_what_search_finds(kb):
    """Nodes are the passages of a search, in its order, with their public sources."""
    nodes = MentorCitiesRetriever(kb, k=3).retrieve(COST)
    hits = kb.search(COST, 3)
    assert [n.node_id for n in nodes] == [hit.passage.passage_id for hit in hits]
    assert [n.score for n in nodes] == [hit.score for hit in hits]
    assert nodes[0].metadata["sources"][0]["url"].startswith("https://")


def test_retriever_keeps_to_its_filters(kb):
    """Only the chosen cities are searched; an unknown one is an error."""
    nodes = MentorCitiesRetriever(kb, cities=["sampleby"]).retrieve(COST)
    assert {n.metadata["city"] for n in nodes} == {"sampleby"}
    with pytest.raises(QueryError, match="no city 'atlantis'"):
        MentorCitiesRetriever(kb, cities=["atlantis"]).retrieve(COST)


def test_query_engine_gives_the_one_answer(kb):
    """The response quotes what the answer quotes; its nodes are what is cited."""
    response = MentorCitiesQueryEngine(kb).query(COST)
    answer = kb.ask(COST)
    assert "7 million crowns in 2019. [1]" in str(response)
    assert [n.metadata["n"] for n in response.source_nodes] == [
        citation.n for citation in answer.citations
    ]
    assert all(n.metadata["statement"] in n.text for n in response.source_nodes)
    found = response.metadata or {}
    expected = {**answer_record(answer), "timings_ms": {}}
    assert {**found, "timings_ms": {}} == expected


def test_query_engine_abstains(kb):
    """Where the sources do not answer, the response is the reason and cites nothing."""
    response = MentorCitiesQueryEngine(kb).query("Who won the football match?")
    found = response.metadata or {}
    assert found["abstained"] is True
    assert str(response) == found["reason"]
    assert response.source_nodes == []


def test_query_engine_is_a_tool_for_agents(kb):
    """llama-index takes it as an agent's tool, called in its event loop."""
    tool = QueryEngineTool.from_defaults(
        MentorCitiesQueryEngine(kb), name="mentor_cities", description="Cases."
    )
    output = awaited(tool.acall(COST))
    assert "7 million crowns" in str(output)


def test_reader_orders_nodes_of_any_origin(kb):
    """Text from elsewhere is read, too, and what answers comes first."""
    texts = [
        "Costs: The town hall has a blue door.",
        "Costs: The pipe and the heat pump cost 7 million crowns in 2019.",
        "Timeline: The clerks went on holiday.",
    ]
    nodes = [
        NodeWithScore(node=TextNode(id_=str(n), text=text), score=1.0)
        for n, text in enumerate(texts)
    ]
    reader = ReaderPostprocessor(kb, top_n=2)
    read = reader.postprocess_nodes(nodes, QueryBundle(COST))
    assert [n.node_id for n in read][0] == "1"
    assert len(read) == 2
    assert (read[0].score or 0) > (read[1].score or 0)
    assert reader.postprocess_nodes([], QueryBundle(COST)) == []


def test_query_engine_of_llama_index(kb):
    """Retriever and reader give a language model the passage that answers, alone."""
    model = TinyLanguageModel()
    engine = RetrieverQueryEngine.from_args(
        MentorCitiesRetriever(kb, k=8),
        llm=model,
        node_postprocessors=[ReaderPostprocessor(kb, top_n=1)],
    )
    response = engine.query(COST)
    (node,) = response.source_nodes
    assert node.metadata["case_id"] == HEAT
    (prompt,) = model.prompts
    assert "cost 7 million crowns in 2019" in prompt
    assert "bricks" not in prompt
    assert str(response)


def test_chat_engine_of_llama_index(kb):
    """A chat finds passages for each turn, and names them with their sources."""
    model = TinyLanguageModel()
    chat = ContextChatEngine.from_defaults(
        MentorCitiesRetriever(kb, k=1),
        llm=model,
        memory=ChatMemoryBuffer.from_defaults(llm=model),
    )
    first = chat.chat(COST)
    second = chat.chat("Who reused the bricks of the brewery?")
    found = [r.source_nodes[0].metadata for r in (first, second)]
    assert [case["case_id"] for case in found] == [HEAT, "sampleby/borrowed-bricks"]
    assert all(case["sources"] for case in found)
    assert "7 million crowns in 2019" in model.prompts[0]
    assert "bricks" in model.prompts[1]


def test_reader_that_is_switched_off(tiny_index):
    """Where nothing reads, the postprocessor is refused with the remedy."""
    settings = tiny_index.model_copy(update={"reader": "off"})
    with (
        KnowledgeBase(settings) as kb,
        pytest.raises(ReaderUnavailableError, match="KB_READER=off"),
    ):
        ReaderPostprocessor(kb)


def test_documented_examples(tiny_index, monkeypatch, capsys):
    """The examples of the documentation run as they stand there, in their order."""
    monkeypatch.setenv("KB_INDEX_DIR", str(tiny_index.index_dir))
    text = (ROOT / "docs" / "llama-index.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"llm": TinyLanguageModel()}
    for example in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(compile(example, "llama-index.md", "exec"), names)
        assert capsys.readouterr().out.strip()
    names["kb"].close()
