"""Relevance judgements in TREC qrels files.

Grades: 2, it states (a part of) what was asked; 1, it helps, as a condition or context
that a good answer wants beside; 0, it was read and does neither. What is not listed was
not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.errors import QuestionSetError
from evals.lines import read_lines, write_whole
from kb.errors import shown

if TYPE_CHECKING:
    from evals.collection import Collection
    from evals.questions import Question

RELEVANT = 2
"""The grade of what answers; measures with one threshold use it."""

Grades = dict[str, int]
"""Relevance grade by document id."""
Qrels = dict[str, Grades]
"""Grades by question id."""


@dataclass(frozen=True)
class Judgements:
    """What is known to be relevant, at three levels."""

    cases: Qrels
    passages: Qrels
    statements: Qrels

    def within(self, questions: Iterable[Question]) -> Judgements:
        """Return the judgements filed under each question's own id.

        A question that asks the same as another one shares its judgements.
        """

        def expand(qrels: Qrels) -> Qrels:
            return {
                question.qid: qrels[question.judged_as]
                for question in wanted
                if question.judged_as in qrels
            }

        wanted = list(questions)
        return Judgements(
            expand(self.cases), expand(self.passages), expand(self.statements)
        )


def read_judgements(paths: Iterable[Path], collection: Collection) -> Judgements:
    """Read qrels of cases, passages and statements, and derive the missing levels.

    The ids tell the level. A passage is graded as its best statement, a case without a
    grade of its own as its best passage.

    Raises:
        QuestionSetError: A file cannot be read, a line does not parse, or no id of a
            file is in the collection.
    """
    cases: Qrels = {}
    passages: Qrels = {}
    statements: Qrels = {}
    for path in paths:
        known = 0
        for qid, grades in read_qrels(path).items():
            for doc_id, grade in grades.items():
                for qrels, ids in (
                    (cases, collection.cases),
                    (passages, collection.passages),
                    (statements, collection.statements),
                ):
                    if doc_id in ids:
                        qrels.setdefault(qid, {})[doc_id] = grade
                        known += 1
        if not known:
            raise QuestionSetError(
                "none of its ids is a case, passage or statement of the corpus.",
                "Ids are those that `mentorkb search --json` shows.",
                path=str(path),
            )
    for qid, grades in statements.items():
        of_statement = {s: collection.statements[s].passage_id for s in grades}
        _raise_to(passages.setdefault(qid, {}), grades, of_statement)
    for qid, grades in passages.items():
        of_passage = {p: collection.passages[p].case_id for p in grades}
        derived: Grades = {}
        _raise_to(derived, grades, of_passage)
        cases[qid] = derived | cases.get(qid, {})
    return Judgements(cases, passages, statements)


def _raise_to(whole: Grades, parts: Grades, whole_of: Mapping[str, str]) -> None:
    for part, grade in parts.items():
        whole[whole_of[part]] = max(whole.get(whole_of[part], 0), grade)


def read_qrels(path: Path) -> Qrels:
    """Read a TREC qrels file: question id, unused, document id, grade.

    Raises:
        QuestionSetError: The file cannot be read or a line does not parse.
    """
    lines = read_lines(path, "the qrels", "a TREC qrels file in UTF-8")
    qrels: Qrels = {}
    for number, line in enumerate(lines, start=1):
        columns = line.split()
        if not columns:
            continue
        try:
            qid, _, doc_id, grade = columns
            qrels.setdefault(qid, {})[doc_id] = max(0, int(grade))
        except ValueError as exc:
            raise QuestionSetError(
                f"{shown(line)} is no judgement.",
                "Write question id, 0, document id and grade, with blanks between.",
                path=str(path),
                line=number,
            ) from exc
    return qrels


def write_qrels(qrels: Qrels, path: Path) -> None:
    """Write a TREC qrels file, sorted, in one step."""
    write_whole(path, as_text(qrels))


def as_text(qrels: Qrels) -> str:
    """Return the text of a TREC qrels file, sorted."""
    return "".join(
        f"{qid} 0 {doc_id} {grade}\n"
        for qid, grades in sorted(qrels.items())
        for doc_id, grade in sorted(grades.items())
    )
