"""A system and a question set to a run; runs as TREC files."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.questions import Question
from evals.systems import Response, System
from kb.types import Query

DEPTH = 100
"""How many passages each system returns for a question."""

Level = Literal["case", "passage"]
LEVELS: tuple[Level, ...] = ("case", "passage")


@dataclass(frozen=True)
class RunEntry:
    """One question with a system's response."""

    question: Question
    response: Response
    ms: float
    """Milliseconds for everything the system did with the question."""

    def ranking(self, level: Level) -> list[str]:
        """Return the ids found at a level, best first."""
        return self.response.cases if level == "case" else self.response.passages


@dataclass(frozen=True)
class Run:
    """A system's responses to a question set."""

    system: str
    entries: list[RunEntry]

    def ranks(self, level: Level) -> bool:
        """Say whether the system ranks documents of this level."""
        return any(entry.ranking(level) for entry in self.entries)

    @property
    def has_answers(self) -> bool:
        """Whether the system answers, beside retrieving."""
        return any(entry.response.answer for entry in self.entries)


def run_system(system: System, questions: Sequence[Question]) -> Iterable[RunEntry]:
    """Yield a system's response to each question, in order.

    The first question is asked once before the clock starts, so that loading the model
    is not part of any measured time.
    """
    if questions:
        system.retrieve(_query(questions[0]), DEPTH)
    for question in questions:
        started = time.perf_counter()
        response = system.retrieve(_query(question), DEPTH)
        yield RunEntry(question, response, (time.perf_counter() - started) * 1000)


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
            f"{entry.question.qid} Q0 {doc_id} {rank} {1 / rank:.6f} {tag}\n"
            for entry in run.entries
            for rank, doc_id in enumerate(entry.ranking(level), start=1)
        ),
        encoding="utf-8",
    )
