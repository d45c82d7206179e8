"""The shipped corpus, indexed, against the shipped questions and the contracts."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals import ask_all, read_questions, summarise
from kb import KnowledgeBase
from kb.settings import Settings
from kb.types import Query

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def kb(shipped_index):
    kb = KnowledgeBase(Settings(index_dir=shipped_index))
    yield kb
    kb.close()


def test_counts(kb):
    """The index holds every case, statement and open question of the corpus."""
    counts = kb.manifest.counts
    assert (counts.cities, counts.cases) == (9, 118)
    assert (counts.statements, counts.open_questions) == (1_474, 303)


def test_smoke_questions(kb):
    """The shipped questions find their cases, and the unanswerable are refused."""
    questions = read_questions(ROOT / "evals" / "questions" / "smoke.jsonl")
    summary = summarise(ask_all(kb, questions))
    assert summary.measures["Success(rel=2)@5"] >= 0.9
    assert summary.false_refusals <= 1
    assert summary.refusals >= 4


def test_answer_when_checked_against_the_files(kb):
    """Every statement of an answer stands in its case's file, word for word."""
    answer = kb.ask(Query("What did the straw-fired unit in Pécs cost?"))
    assert answer.statements
    for statement in answer.statements:
        file = ROOT / "corpus" / f"{statement.case_id}.md"
        assert f"- {statement.text} [^S" in file.read_text(encoding="utf-8")


def test_passages_of_one_case(kb):
    """Among the first ten hits no case has more than three passages."""
    hits = kb.search(Query("What did the straw-fired unit in Pécs cost?"), 10)
    cases = [hit.case.case_id for hit in hits]
    assert max(cases.count(case_id) for case_id in cases) <= 3
