"""Results question by question: made, written, read back, refused."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from evals.errors import QuestionSetError
from evals.measuring import MeasuredRun
from evals.results import (
    AnswerResult,
    QuestionResult,
    read_results,
    results_of,
    write_results,
)
from tests.unit.evals.made_up_runs import HEAT, TRAM, answer, entry, question, run

PIPE = f"{HEAT}#costs.1"
RR = "case RR(rel=2)@10"
RESULT = QuestionResult(
    qid="q1",
    need="q1",
    lang="hu",
    kind="specific",
    text="Miért?",
    cases=[HEAT, TRAM],
    passages=[],
    answer=AnswerResult(
        abstained=False, reason_code="", confidence=0.8, statements=[PIPE]
    ),
    measures={RR: 1.0},
    ms=10,
    timings_ms={"embed": 1.0},
)


def test_results_when_a_system_answers():
    """A question's result says what was found, decided and measured for it."""
    original = question("q1", kind="specific", lang="hu", text="Miért?")
    translation = question("q1-fi", need="q1", lang="fi")
    done = run(
        entry(original, [HEAT, TRAM], answer(PIPE), ms=10, timings_ms={"embed": 1.0}),
        entry(translation, [HEAT], answer(PIPE)),
    )
    values = {RR: {"q1": 1.0}, "other": {"q2": 0.5}}
    first, second = results_of(MeasuredRun(done, values))
    assert first == RESULT
    assert (second.need, second.measures) == ("q1", {})


def test_results_when_a_system_only_retrieves():
    """No answer is none, not a refusal; long rankings are cut at ten."""
    cases = [f"a/{n}" for n in range(12)]
    (found,) = results_of(MeasuredRun(run(entry(question("q1"), cases)), {}))
    assert found.answer is None
    assert found.cases == cases[:10]


def test_results_when_written_and_read(tmp_path):
    """Results come back as they were, readable in their own script."""
    path = tmp_path / "a.jsonl"
    retrieved = replace(RESULT, qid="q2", answer=None)
    write_results([RESULT, retrieved], path)
    assert read_results(path) == [RESULT, retrieved]
    assert "Miért?" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"], ids=ascii)
def test_results_when_a_question_holds_a_line_separator(tmp_path, sign):
    """Every text that a question may have can be read back."""
    path = tmp_path / "a.jsonl"
    result = replace(RESULT, text=f"Why{sign}so?")
    write_results([result], path)
    assert read_results(path) == [result]


def test_read_results_when_a_folder_is_named(tmp_path):
    """A folder stands for the knowledge base's own results in it."""
    other = replace(RESULT, qid="q2")
    write_results([RESULT], tmp_path / "ours.results.jsonl")
    write_results([other], tmp_path / "bm25.results.jsonl")
    assert read_results(tmp_path) == [RESULT]
    assert read_results(tmp_path / "bm25.results.jsonl") == [other]


def test_read_results_when_a_folder_holds_none(tmp_path):
    """The file that is missing is named."""
    with pytest.raises(QuestionSetError, match="cannot be read.*--out") as caught:
        read_results(tmp_path)
    assert caught.value.path == str(tmp_path / "ours.results.jsonl")


LACKING = asdict(RESULT)
del LACKING["need"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"q1 Q0 a/x 1 1.0 ours", "cannot be read"),
        (b"", "are no per-question results"),
        (json.dumps(LACKING).encode(), "are no per-question results"),
        (b"[1]", "are no per-question results"),
        (b"1", "are no per-question results"),
    ],
    ids=["none", "not utf-8", "trec run", "empty", "lacking", "list", "number"],
)
def test_read_results_when_they_are_not_ours(tmp_path, content, reason):
    """Anything but results is refused, and where results come from is told."""
    path = tmp_path / "a.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(QuestionSetError, match=f"{reason}.*--out") as caught:
        read_results(path)
    assert caught.value.path == str(path)
