"""What a reader makes of judged questions: the raw material of fits and figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter

from evals.reader.judged import ReadQuestion
from ingest import Progress
from kb import KnowledgeBase
from kb.answer.composing import first_candidates
from kb.answer.topic import nearness
from kb.context import open_question_as_read, statement_text
from kb.question.amounts import plain_figures
from kb.reader import ANSWERS, HELPS, Reader
from kb.types import Case, City, OpenQuestion, Query

OPEN_QUESTIONS = 4


@dataclass(frozen=True, slots=True)
class ReadText:
    """A statement or open question as it was read."""

    text_id: str
    answers: float
    """Log-odds."""
    helps: float
    behind: float
    """How far a statement's score is behind the best one, 0 or less."""
    grade: int | None
    """How it was judged; None where nobody did."""


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """A judged question with what was read for it."""

    qid: str
    language: str
    kind: str
    case: str
    is_answerable: bool
    topic: float
    """How near it is to what the cases cover."""
    statements: list[ReadText]
    open_questions: list[ReadText]


def read_questions(
    kb: KnowledgeBase,
    reader: Reader,
    questions: Iterable[ReadQuestion],
    progress: Progress,
) -> Iterator[QuestionReading]:
    """Read what a knowledge base finds for each question.

    Args:
        kb: Finds the statements.
        reader: Reads them, as `kb.answer.extractive` would have it.
        questions: Judged.
        progress: Told after each question.
    """
    cases = {case.case_id: case for case in kb.cases()}
    cities = {city.slug: city for city in kb.cities}
    for question in questions:
        yield _read(kb, reader, question, cases, cities)
        progress.advance(1)


def _read(
    kb: KnowledgeBase,
    reader: Reader,
    question: ReadQuestion,
    cases: Mapping[str, Case],
    cities: Mapping[str, City],
) -> QuestionReading:
    ranking = kb.ranking(Query(question.text))
    items = first_candidates(ranking)
    best = ranking.statements[0].score if items else 0.0
    near = kb.open_questions(list(ranking.open_questions)[:OPEN_QUESTIONS])

    def read(texts: list[str]) -> list[tuple[float, float]]:
        columns = reader.read(plain_figures(question.text), texts)
        return [(float(row[ANSWERS]), float(row[HELPS])) for row in columns]

    statements = [
        statement_text(item.statement, case, cities[case.city])
        for item in items
        if (case := cases[item.statement.case_id])
    ]
    open_questions = [
        open_question_as_read(q, cases[q.case_id], cities[cases[q.case_id].city])
        for q in near
    ]
    return QuestionReading(
        qid=question.qid,
        language=question.language,
        kind=question.kind,
        case=question.case,
        is_answerable=question.is_answerable,
        topic=nearness(ranking),
        statements=[
            ReadText(name, *odds, item.score - best, question.grade(name))
            for item, odds in zip(items, read(statements), strict=True)
            if (name := item.statement.statement_id)
        ],
        open_questions=[
            ReadText(q.question_id, *odds, 0.0, _open_grade(question, q))
            for q, odds in zip(near, read(open_questions), strict=True)
        ],
    )


def _open_grade(question: ReadQuestion, near: OpenQuestion) -> int | None:
    """Return 2 for an open question that is asked, 0 for another one of the case."""
    if question.asks_open is None or near.case_id != question.case:
        return None  # those of other cases were not read by anybody
    return 2 * (near.question_id in question.asks_open)


class ReadingFile:
    """Readings as JSON lines, so that a long reading goes on after a stop."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self._path = path
        self._adapter = TypeAdapter(QuestionReading)

    @classmethod
    def of(cls, folder: Path, reader_id: str, of: str) -> Self:
        """Return the file of what a reader read of something, named by its digest."""
        return cls.at(folder / f"{reader_id.replace('/', '-')}.{of}.jsonl")

    @classmethod
    def at(cls, path: Path) -> Self:
        """Return the file at a path, making its folder.

        A last line that a stop left unfinished is cut off.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.read_bytes() if path.exists() else b""
        if whole and not whole.endswith(b"\n"):
            path.write_bytes(whole[: whole.rfind(b"\n") + 1])
        return cls(path)

    def read(self) -> list[QuestionReading]:
        """Return what was read so far."""
        if not self._path.exists():
            return []
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return [self._adapter.validate_json(line) for line in lines]

    def append(self, reading: QuestionReading) -> None:
        """Keep one more."""
        line = TypeAdapter(dict).dump_json(asdict(reading)).decode()
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
