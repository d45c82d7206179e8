"""The judged questions on single cases: what a reader learns from, and `others`.

They lie in `questions/reader/`, one file a city, and `hard.jsonl` of questions that are
close to a case without an answer. Those on twelve cases are never learnt from: they are
the question set `others`. ``python -m evals.judged`` writes its files, which is needed
only after judged questions or ids of statements have changed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from evals.qrels import Grades, Qrels, write_qrels
from evals.questions import BaseQuestion, Question, Split, read_questions_as, split_file
from kb.types import case_id_of, city_of

FOLDER = Path(__file__).with_name("questions") / "reader"
HELD_OUT = 12
"""How many cases are kept out of all learning."""


class JudgedQuestion(BaseQuestion):
    """A question on one case, or on a whole city, with the statements that answer."""

    kind: str
    """How it is asked (fact, how, why, keyword, vague), or why it has no answer."""
    case: str
    """The case that it was written on; a city's slug for a question on the whole city;
    empty where it has nothing to do with any."""
    answers: dict[str, Annotated[int, Field(ge=1, le=2)]]
    """Grade by statement: 2 answers, 1 helps. Other statements of the case do neither;
    those of other cases were judged only where listed."""
    must: list[str] = []
    """Words of a statement with grade 2."""
    why: str = ""
    """What is missing, where it has no answer."""
    answered_elsewhere: Literal[True] | None = None
    """Whether cases of another city answer it, or may: its own city does not."""

    @property
    def is_answerable(self) -> bool:
        """Whether a statement answers it."""
        return bool(self.answers)


def read_judged(folder: Path = FOLDER) -> list[JudgedQuestion]:
    """Read every judged question, by file and in the order of the files.

    Raises:
        QuestionSetError: A file cannot be read or a line does not parse.
    """
    return [
        question
        for path in sorted(folder.glob("*.jsonl"))
        for question in read_questions_as(
            path, JudgedQuestion, "README.md shows the format."
        )
    ]


def held_out_cases(case_ids: Iterable[str]) -> frozenset[str]:
    """Return the cases whose questions nothing may be learnt from.

    By a digest of their ids: the first of each city, then the first of the rest.

    Args:
        case_ids: The cases that have judged questions, each ``city/practice``.
    """
    ordered = sorted(case_ids, key=lambda c: hashlib.sha256(c.encode()).hexdigest())
    of_city: dict[str, str] = {}
    for case_id in ordered:
        of_city.setdefault(city_of(case_id), case_id)
    first = list(of_city.values())
    rest = [case_id for case_id in ordered if case_id not in first]
    return frozenset([*first, *rest][:HELD_OUT])


def part_held_out(
    judged: Iterable[JudgedQuestion],
) -> tuple[list[JudgedQuestion], list[JudgedQuestion]]:
    """Return the questions that may be learnt from, and those that are held out."""
    questions = list(judged)
    apart = held_out_cases({q.case for q in questions if "/" in q.case})
    return (
        [q for q in questions if q.case not in apart],
        [q for q in questions if q.case in apart],
    )


def held_out_questions(judged: Iterable[JudgedQuestion]) -> list[JudgedQuestion]:
    """Return the questions of the set `others`.

    A question that another city may answer is none of them: what answers it was not
    judged.
    """
    return [q for q in part_held_out(judged)[1] if not q.answered_elsewhere]


def as_question(judged: JudgedQuestion) -> Question:
    """Return a judged question as one of a question set."""
    # `vague` is a way of asking; without an answer, it names no reason for that.
    unanswered = judged.kind == "vague" and not judged.is_answerable
    return Question(
        qid=judged.qid,
        text=judged.text,
        lang=judged.lang,
        kind="absent" if unanswered else judged.kind,
        must_hold=judged.must,
        nearest_case=judged.case,
        why=judged.why,
    )


def grades_of(judged: JudgedQuestion, statement_ids: Some[str]) -> Grades:
    """Return the grades of a question: 0 for what its case says beside the answer.

    Args:
        judged: The question.
        statement_ids: All statements of its case.
    """
    return dict.fromkeys(statement_ids, 0) | judged.answers


def case_grades(grades: Grades) -> Grades:
    """Return each case's grade: that of its best statement."""
    cases: Grades = {}
    for statement_id, grade in grades.items():
        case_id = case_id_of(statement_id)
        cases[case_id] = max(cases.get(case_id, 0), grade)
    return cases


def _write_others() -> None:
    """Write the question set `others` with its judgements."""
    from evals.collection import read_collection
    from kb import KnowledgeBase
    from kb.settings import load_settings

    of_case: defaultdict[str, list[str]] = defaultdict(list)
    for statement in read_collection(
        KnowledgeBase(load_settings())
    ).statements.values():
        of_case[statement.case_id].append(statement.statement_id)
    judged = held_out_questions(read_judged())
    statements: Qrels = {q.qid: grades_of(q, of_case[q.case]) for q in judged}
    path = split_file(Split.OTHERS)
    lines = [as_question(q).model_dump_json(exclude_defaults=True) for q in judged]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_qrels(statements, path.with_suffix(".statements.qrels"))
    write_qrels(
        {qid: case_grades(grades) for qid, grades in statements.items()},
        path.with_suffix(".cases.qrels"),
    )


if __name__ == "__main__":
    _write_others()
