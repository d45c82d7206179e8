"""Results question by question, as JSON lines: what `mentorkb eval compare` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from evals.errors import QuestionSetError
from evals.lines import read_lines
from evals.measuring import MeasuredRun
from evals.runs import RunEntry
from evals.systems import OURS
from kb.types import Answer

FILE = "{system}.results.jsonl"
_KEPT = 10
"""How many of the first cases and passages are kept."""
_EXPECTED = "a folder that `mentorkb eval run --out` wrote"


@dataclass(frozen=True)
class AnswerResult:
    """How a question was answered, or refused."""

    abstained: bool
    reason_code: str
    confidence: float
    statements: list[str]
    """Ids of the statements shown."""


@dataclass(frozen=True)
class QuestionResult:
    """What a system did with a question, and how it was measured."""

    qid: str
    need: str
    """The question that its judgements are filed under."""
    lang: str
    kind: str
    text: str
    cases: list[str]
    """Ids of the first cases."""
    passages: list[str]
    answer: AnswerResult | None
    """None for a system that only retrieves."""
    measures: dict[str, float]
    ms: float
    timings_ms: dict[str, float]


def results_of(measured: MeasuredRun) -> list[QuestionResult]:
    """Return the results of a run, in the order of its questions."""
    return [_result(entry, measured) for entry in measured.run.entries]


def _result(entry: RunEntry, measured: MeasuredRun) -> QuestionResult:
    question, response = entry.question, entry.response
    return QuestionResult(
        qid=question.qid,
        need=question.judged_as,
        lang=question.lang,
        kind=question.kind,
        text=question.text,
        cases=response.cases[:_KEPT],
        passages=response.passages[:_KEPT],
        answer=_answer_result(response.answer),
        measures={
            name: by_question[question.qid]
            for name, by_question in measured.values.items()
            if question.qid in by_question
        },
        ms=round(entry.ms, 2),
        timings_ms=response.timings_ms,
    )


def _answer_result(answer: Answer | None) -> AnswerResult | None:
    if answer is None:
        return None
    return AnswerResult(
        abstained=answer.abstained,
        reason_code=answer.reason_code,
        confidence=answer.confidence,
        statements=[citation.statement_id for citation in answer.citations],
    )


def write_results(results: Iterable[QuestionResult], path: Path) -> None:
    """Write results, a line for each question."""
    lines = [json.dumps(asdict(r), ensure_ascii=False) + "\n" for r in results]
    path.write_text("".join(lines), encoding="utf-8")


def read_results(path: Path) -> list[QuestionResult]:
    """Read what `write_results` wrote.

    Args:
        path: The file, or a folder that holds the knowledge base's own.

    Raises:
        QuestionSetError: The file cannot be read or holds something else.
    """
    if path.is_dir():
        path /= FILE.format(system=OURS)
    lines = read_lines(path, "the results", _EXPECTED)
    try:
        found = [json.loads(line) for line in lines if line.strip()]
    except ValueError as exc:
        raise QuestionSetError(
            f"the results cannot be read ({exc}).", f"Name {_EXPECTED}.", path=str(path)
        ) from exc
    try:
        results = TypeAdapter(list[QuestionResult]).validate_python(found)
    except ValidationError:
        results = []
    if not results:
        raise QuestionSetError(
            "these are no per-question results.", f"Name {_EXPECTED}.", path=str(path)
        )
    return results
