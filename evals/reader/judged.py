"""The judged questions of all sets in one shape, for learning to read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from evals.judged import (
    JudgedQuestion,
    held_out_cases,
    part_held_out,
    read_judged,
)
from evals.qrels import read_qrels
from evals.questions import (
    BaseQuestion,
    Question,
    Split,
    read_questions,
    read_questions_as,
    split_file,
)
from kb.types import case_id_of, city_of

OPEN_FOLDER = Path(__file__).parents[1] / "questions" / "open"
ASKED_FILE = OPEN_FOLDER / "asked.jsonl"
MATCHED_FILE = OPEN_FOLDER / "matched.jsonl"
_README = "evals/questions/open/README.md shows the format."


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question with everything that is known about what answers it."""

    qid: str
    text: str
    language: str
    kind: str
    case: str
    """The case that it is on; empty for none, or for several."""
    need: str
    """Id of what it asks for: a question and its translations share it."""
    grades: Mapping[str, int]
    """2 answers, 1 helps, by statement id; empty where nothing does."""
    judged: Collection[str] | None = None
    """Ids of the statements that somebody read; None when all others do not answer."""
    unknown_cases: frozenset[str] = field(default_factory=frozenset)
    """Cases whose other statements nobody read."""
    only_city: str = ""
    """Slug of the only city that is known not to answer; empty for all cities."""
    asks_open: tuple[str, ...] | None = None
    """Ids of the case's open questions that it asks; None where nobody read them."""

    @property
    def is_answerable(self) -> bool:
        """Whether a statement answers it."""
        return bool(self.grades)

    def grade(self, statement_id: str) -> int | None:
        """Return how well a statement answers; None where nobody knows."""
        if statement_id in self.grades:
            return self.grades[statement_id]
        case_id = case_id_of(statement_id)
        if case_id in self.unknown_cases:
            return None
        if self.judged is not None and statement_id not in self.judged:
            return None
        if self.only_city and city_of(case_id) != self.only_city:
            return None
        return 0


class OpenQuestionAsked(BaseQuestion):
    """A question that asks just what a case's sources leave open."""

    kind: str
    case: str
    open: list[str]
    """Ids of the open questions."""
    answers: dict[str, Annotated[int, Field(ge=1, le=2)]]


class OpenQuestionMatch(BaseQuestion):
    """Which of its case's open questions a judged question asks, if any."""

    text: str = "-"
    open: list[str]


def read_training_questions(case_ids: Collection[str]) -> list[ReadQuestion]:
    """Return every question that may be learnt from, of all sets.

    The questions on the held-out cases, and the sets for reports, are left out.

    Args:
        case_ids: The cases of the index.
    """
    judged = read_judged()
    learnt, _ = part_held_out(judged)
    apart = held_out_cases({q.case for q in judged if "/" in q.case})
    return [
        *of_cases(learnt, case_ids),
        *(q for q in _of_split(Split.DEV, pooled=True) if q.case not in apart),
        *_of_split(Split.BROAD_DEV, pooled=False),
        *_on_open_questions({q.case for q in learnt}),
    ]


def of_cases(
    judged: Collection[JudgedQuestion], case_ids: Collection[str]
) -> list[ReadQuestion]:
    """Return questions on single cases and on whole cities."""
    matches = {
        match.qid: tuple(match.open)
        for match in read_questions_as(MATCHED_FILE, OpenQuestionMatch, _README)
    }
    found = []
    for question in judged:
        # What answers a question on a whole city was not looked for in all its cases.
        of_city = {
            case_id
            for case_id in case_ids
            if question.answers and case_id.startswith(f"{question.case}/")
        }
        found.append(
            ReadQuestion(
                qid=question.qid,
                text=question.text,
                language=question.lang,
                kind=question.kind,
                case=question.case,
                need=question.qid,
                grades=question.answers,
                unknown_cases=frozenset(of_city),
                only_city=city_of(question.case) if question.answered_elsewhere else "",
                asks_open=matches.get(question.qid),
            )
        )
    return found


def _of_split(split: Split, *, pooled: bool) -> list[ReadQuestion]:
    """Return the questions of a set.

    Args:
        split: The set.
        pooled: Whether somebody read only the statements that were pooled. Otherwise
            all cases were looked through: unlisted statements of those that answer may
            still help, other cases do not.
    """
    path = split_file(split)
    statements = read_qrels(path.with_suffix(".statements.qrels"))
    cases = read_qrels(path.with_suffix(".cases.qrels"))
    found = []
    for question in read_questions(path):
        grades = statements.get(question.judged_as, {})
        of_cases = cases.get(question.judged_as, {})
        answerable = question.is_answerable
        found.append(
            ReadQuestion(
                qid=f"{split}:{question.qid}",
                text=question.text,
                language=question.lang,
                kind=question.kind,
                case=_case_of(question, of_cases) if pooled else "",
                need=question.judged_as,
                grades={s: g for s, g in grades.items() if g > 0 and answerable},
                judged=grades.keys() if pooled and answerable else None,
                unknown_cases=frozenset() if pooled else frozenset(of_cases),
            )
        )
    return found


def _case_of(question: Question, grades: Mapping[str, int]) -> str:
    """Return the case that a question is filed under: its best one."""
    answering = [case_id for case_id, grade in grades.items() if grade > 0]
    if question.is_answerable and answering:
        return min(answering, key=lambda case_id: (-grades[case_id], case_id))
    return question.nearest_case


def _on_open_questions(cases: Collection[str]) -> list[ReadQuestion]:
    return [
        ReadQuestion(
            qid=question.qid,
            text=question.text,
            language=question.lang,
            kind=question.kind,
            case=question.case,
            need=question.qid,
            grades=question.answers,
            asks_open=tuple(question.open),
        )
        for question in read_questions_as(ASKED_FILE, OpenQuestionAsked, _README)
        if question.case in cases
    ]
