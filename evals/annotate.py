"""Judging what nobody has judged yet, one passage at a time, in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.collection import Collection
from evals.qrels import Qrels, read_qrels, write_qrels
from evals.questions import Question
from evals.runs import RunEntry
from kb.types import Statement

GRADES = ("0", "1", "2")
SKIP, QUIT = "s", "q"
HELP = (
    "2: states (a part of) what was asked. 1: helps, as a condition or context. "
    "0: neither (just press Enter). s: skip this passage. q: stop; all is saved."
)


@dataclass(frozen=True)
class UnjudgedPassage:
    """A passage that a system found and whose statements nobody has judged."""

    question: Question
    rank: int
    passage_id: str
    statements: list[Statement]


def unjudged_passages(
    entries: Iterable[RunEntry], judged: Qrels, collection: Collection, depth: int
) -> Iterator[UnjudgedPassage]:
    """Yield the unjudged passages among the first of each answerable question.

    Questions that share judgements are proposed once for each passage.

    Args:
        entries: What a system found.
        judged: Judgements of statements, by information need; may grow meanwhile.
        collection: What was searched.
        depth: How many of a question's first passages are looked at.
    """
    by_passage: dict[str, list[Statement]] = {}
    for statement in collection.statements.values():
        by_passage.setdefault(statement.passage_id, []).append(statement)
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        question = entry.question
        if not question.is_answerable:
            continue
        for rank, passage_id in enumerate(entry.response.passages[:depth], start=1):
            known = judged.get(question.judged_as, {})
            open_statements = [
                statement
                for statement in by_passage.get(passage_id, [])
                if statement.statement_id not in known
            ]
            if open_statements and (question.judged_as, passage_id) not in seen:
                seen.add((question.judged_as, passage_id))
                yield UnjudgedPassage(question, rank, passage_id, open_statements)


class Recorder:
    """Qrels on disk that grow by one passage at a time."""

    def __init__(self, statements: Path, cases: Path) -> None:
        """Read both files.

        Raises:
            QuestionSetError: One cannot be read.
        """
        self._paths = statements, cases
        self.statements = read_qrels(statements)
        self.cases = read_qrels(cases)

    def record(self, passage: UnjudgedPassage, grades: dict[str, int]) -> None:
        """Save a passage's grades; its case gets the best of them if that is better."""
        need = passage.question.judged_as
        self.statements.setdefault(need, {}).update(grades)
        case_id = passage.statements[0].case_id
        of_need = self.cases.setdefault(need, {})
        of_need[case_id] = max(of_need.get(case_id, 0), *grades.values())
        write_qrels(self.statements, self._paths[0])
        write_qrels(self.cases, self._paths[1])


def annotate(
    passages: Iterable[UnjudgedPassage],
    recorder: Recorder,
    collection: Collection,
    ask: Callable[[str], str],
    show: Callable[[str], None],
) -> int:
    """Ask for the grade of each unjudged statement until there is none or it is enough.

    Args:
        passages: What to judge.
        recorder: Where each passage's grades go as soon as they are complete.
        collection: For the titles of cases.
        ask: Shows a prompt and returns what was typed.
        show: Shows a line.

    Returns:
        How many passages were judged.
    """
    show(HELP)
    n_judged = 0
    for passage in passages:
        case = collection.cases[passage.statements[0].case_id]
        section = collection.passages[passage.passage_id].section
        show(
            f"\n{passage.question.qid} [{passage.question.lang}] "
            f"{passage.question.text}"
        )
        show(f"  {case.title} ({case.case_id}), {section}, rank {passage.rank}")
        grades = _ask_grades(passage, ask, show)
        if grades is None:
            break
        if grades:
            recorder.record(passage, grades)
            n_judged += 1
    return n_judged


def _ask_grades(
    passage: UnjudgedPassage, ask: Callable[[str], str], show: Callable[[str], None]
) -> dict[str, int] | None:
    """Return grades by statement id; empty for a skipped passage, None to stop."""
    grades: dict[str, int] = {}
    for statement in passage.statements:
        show(f"    {statement.text}")
        while (typed := ask("    grade").strip() or "0") not in (*GRADES, SKIP, QUIT):
            show(f"    {typed!r} is none of 0, 1, 2, s, q.")
        if typed == QUIT:
            return None
        if typed == SKIP:
            return {}
        grades[statement.statement_id] = int(typed)
    return grades
