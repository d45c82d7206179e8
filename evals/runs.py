"""A system and a question set to a run; runs as TREC files and as JSON lines."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evals.questions import Question
from evals.systems import Retrieved, System
from kb.errors import QuestionSetError
from kb.types import Query

DEPTH = 100
"""How many passages each system returns for a question."""

Level = Literal["case", "passage"]
LEVELS: tuple[Level, ...] = ("case", "passage")


@dataclass(frozen=True)
class Outcome:
    """What a system did with one question."""

    question: Question
    found: Retrieved
    ms: float
    """Milliseconds for everything the system did with the question."""

    def ranking(self, level: Level) -> list[str]:
        """Return the ids found at a level, best first."""
        return self.found.cases if level == "case" else self.found.passages


@dataclass(frozen=True)
class Run:
    """A system's outcomes over a question set."""

    system: str
    outcomes: list[Outcome]

    def has(self, level: Level) -> bool:
        """Say whether the system ranks documents of this level."""
        return any(outcome.ranking(level) for outcome in self.outcomes)

    @property
    def answers(self) -> bool:
        """Whether the system answers, beside retrieving."""
        return any(outcome.found.answer for outcome in self.outcomes)


def run_system(system: System, questions: Sequence[Question]) -> Iterable[Outcome]:
    """Yield what a system does with each question, in order.

    The first question is asked once before the clock starts, so that loading the model
    is not part of any measured time.
    """
    if questions:
        system.retrieve(_query(questions[0]), DEPTH)
    for question in questions:
        started = time.perf_counter()
        found = system.retrieve(_query(question), DEPTH)
        yield Outcome(question, found, (time.perf_counter() - started) * 1000)


def _query(question: Question) -> Query:
    return Query(
        question.text,
        tuple(question.cities),
        tuple(question.themes),
        question.qid,
        question.after,
    )


def write_trec(run: Run, level: Level, path: Path) -> None:
    """Write a TREC run file: question id, Q0, document id, rank, score, system.

    The score is 1 / rank: tools sort by score, and a ranking that spreads cases or
    fuses ranks has no score of its own that falls with the rank.
    """
    tag = "".join(run.system.split())
    path.write_text(
        "".join(
            f"{outcome.question.qid} Q0 {found_id} {rank} {1 / rank:.6f} {tag}\n"
            for outcome in run.outcomes
            for rank, found_id in enumerate(outcome.ranking(level), start=1)
        ),
        encoding="utf-8",
    )


Record = dict[str, Any]


def write_records(records: Iterable[Record], path: Path) -> None:
    """Write per-question results as JSON lines."""
    path.write_text(
        "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records),
        encoding="utf-8",
    )


def _is_record(value: object) -> bool:
    return isinstance(value, dict) and "qid" in value and "measures" in value


def read_records(path: Path) -> list[Record]:
    """Read per-question results that `write_records` wrote.

    Raises:
        QuestionSetError: The file cannot be read or is not one of ours.
    """
    try:
        # Not splitlines: a question may hold a Unicode line separator.
        lines = path.read_text(encoding="utf-8").split("\n")
        records = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as exc:
        raise QuestionSetError(
            f"the results cannot be read ({exc}).",
            "Name a folder that `mentorkb eval run --out` wrote.",
            path=str(path),
        ) from exc
    if not records or not all(map(_is_record, records)):
        raise QuestionSetError(
            "these are no per-question results.",
            "Name a folder that `mentorkb eval run --out` wrote.",
            path=str(path),
        )
    return records
