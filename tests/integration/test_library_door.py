"""The knowledge base as a notebook or a script uses it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kb import KnowledgeBase, KnowledgeBaseError, Query, QueryError
from kb.errors import IndexNotFoundError

ROOT = Path(__file__).parents[2]
COST = "How much did the pipe and the heat pump cost?"
NOTHING: Any = None
ONE_CITY: Any = "sampleby"


@pytest.fixture
def opened(tiny_index, monkeypatch):
    """A knowledge base that takes its settings from the environment."""
    monkeypatch.setenv("KB_INDEX_DIR", str(tiny_index.index_dir))
    with KnowledgeBase() as kb:
        yield kb


def test_readme_example(shipped_index, monkeypatch, capsys):
    """The example of the README runs as it stands there, over the shipped cases."""
    monkeypatch.setenv("KB_INDEX_DIR", str(shipped_index))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), names)
    assert "HUF 4.9 billion" in capsys.readouterr().out
    assert len(names["hits"]) == 5
    assert {hit.case.city for hit in names["hits"]} == {"espoo"}
    assert len(names["cases"]) == names["cases"]["case_id"].nunique()
    assert set(names["statements"]["case_id"]) <= set(names["cases"]["case_id"])


def test_question_as_a_string(opened):
    """A string asks what a query of the same text asks."""
    by_string, by_query = opened.ask(COST), opened.ask(Query(COST))
    assert by_string.statements == by_query.statements
    assert [h.passage for h in opened.search(COST, 3)] == [
        h.passage for h in opened.search(Query(COST), 3)
    ]


def test_statements_belong_to_cases(opened):
    """Every statement is there once, with the case that it is of."""
    table = pd.DataFrame(opened.statements())
    assert table["statement_id"].is_unique
    assert set(table["case_id"]) == {case.case_id for case in opened.cases()}


def test_block_releases_the_index(tiny_index):
    """At the end of the block nothing is open any more, also after an error."""
    with pytest.raises(QueryError, match="is empty"), KnowledgeBase(tiny_index) as kb:
        kb.ask("")
    with pytest.raises(KnowledgeBaseError, match="is closed"):
        kb.ask(COST)


def test_without_an_index(tmp_path, monkeypatch):
    """Where nothing is published, the error names the folder and the remedy."""
    monkeypatch.setenv("KB_INDEX_DIR", str(tmp_path))
    with pytest.raises(IndexNotFoundError, match=r"mentorkb ingest"):
        KnowledgeBase()


def test_representations_are_short(opened):
    """What a console prints of each is one line."""
    answer, (hit, *_) = opened.ask(COST), opened.search(COST)
    assert repr(opened).startswith("<KnowledgeBase: 4 cases of 2 cities, indexed 20")
    assert repr(answer).startswith("<Answer: ")
    assert repr(hit).startswith("<Hit 1: exampleton/biscuit-heat#costs")
    assert all("\n" not in repr(each) for each in (opened, answer, hit))


def test_answer_in_a_notebook(opened):
    """A notebook shows the statements, their numbers and the public sources."""
    html = opened.ask(COST)._repr_html_()
    assert "7 million crowns" in html
    assert "[1]" in html
    assert 'href="https://heat.exampleton.example/biscuits"' in html


def test_abstention_in_a_notebook(opened):
    """An abstention says so, and why."""
    html = opened.ask("Who won the football match?")._repr_html_()
    assert "The sources do not answer this." in html
    assert "<li>" not in html.partition("The nearest cases")[0]


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda kb: kb.ask(5), "5 is no question"),
        (lambda kb: kb.ask(Query(COST, after=NOTHING)), "after = None is no text"),
        (lambda kb: kb.ask(Query(COST, cities=ONE_CITY)), r"cities=\('sampleby',\)"),
        (lambda kb: kb.ask(Query(COST, themes=NOTHING)), "themes = None is no list"),
        (lambda kb: kb.search(COST, -1), "Use 1 or more"),
        (lambda kb: kb.search(COST, "5"), "Use 1 or more"),
        (lambda kb: kb.compare(COST), "Choose two to four"),
    ],
    ids=["number", "after", "cities", "themes", "k", "k as text", "no cities"],
)
def test_mistakes_of_a_script(opened, ask, told):
    """What a script gives wrongly is told with the remedy."""
    with pytest.raises(QueryError, match=told):
        ask(opened)
