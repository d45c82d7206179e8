"""Question sets: JSON lines, one question each; their judgements are in qrels files."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.errors import QuestionSetError
from evals.lines import read_lines
from kb.errors import shown


class Split(StrEnum):
    """The shipped question sets."""

    DEV = "dev"
    """For choosing weights and thresholds."""
    TEST = "test"
    """For reporting; nothing is chosen on it."""
    BROAD_DEV = "broad-dev"
    """Broad, comparing, multi-part and follow-up questions, for choosing."""
    BROAD_TEST = "broad-test"
    """The same, for reporting."""
    OTHERS = "others"
    """For reporting, by other hands than `dev` and `test`: on cases whose questions
    are kept out of everything that is chosen or learnt."""


REPORTED = (Split.TEST, Split.OTHERS, Split.BROAD_TEST)
"""The sets on which nothing is chosen, in the order of reports."""
UNANSWERABLE = (
    "off-topic",
    "other-city",
    "near-miss",
    "not-stated",
    "other-attribute",
    "swapped",
    "not-in-sources",
    "absent",
    "false-premise",
)
"""Kinds of questions that the corpus cannot answer, in the order of reports."""

_FOLDER = Path(__file__).with_name("questions")


class BaseQuestion(BaseModel):
    """What every question has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    qid: Annotated[str, Field(pattern=r"^\S+$")]
    text: Annotated[str, Field(min_length=1)]
    lang: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = ""
    """ISO 639-1 code; empty when not given."""


_Question = TypeVar("_Question", bound=BaseQuestion)


class Question(BaseQuestion):
    """A question as an officer asks it, and what is known about a right answer."""

    kind: str = ""
    """How it is asked (specific, vague, keyword, compare, broad, ...), or why it has no
    answer (one of `UNANSWERABLE`)."""
    after: str = ""
    """The question asked just before, in whose context a follow-up is understood."""
    need: str = ""
    """The question whose judgements it shares, because it asks the same in another
    language; empty when it has its own."""
    names_city: bool = False
    """Whether it names a mentor city; if so, it names all that it `covers`."""
    theme: str = ""
    section: str = ""
    """The kind of fact that answers it."""
    must_hold: list[str] = []
    """Figures or phrases that a right answer shows, as the corpus writes them."""
    covers: list[str] = []
    """Slugs of the cities that a good answer covers."""
    cities: list[str] = []
    """Slugs of the cities to search in; empty for all."""
    themes: list[str] = []
    """Slugs of the themes to search in; empty for all."""
    nearest_case: str = ""
    why: str = ""
    """Why it has no answer, in a sentence."""

    @property
    def is_answerable(self) -> bool:
        """Whether the corpus answers it."""
        return self.kind not in UNANSWERABLE

    @property
    def judged_as(self) -> str:
        """Id under which its judgements are filed."""
        return self.need or self.qid


def split_file(split: Split) -> Path:
    """Return the question file of a split; its qrels lie beside it."""
    return _FOLDER / f"{split}.jsonl"


def falls_to_test(qid: str) -> bool:
    """Say in which half a question belongs that was written for both: by its id."""
    return int(hashlib.sha256(qid.encode()).hexdigest(), 16) % 2 == 1


def read_questions(path: Path) -> list[Question]:
    """Read a question set, in the order of the file.

    Raises:
        QuestionSetError: The file cannot be read or is empty, a line does not parse, or
            an id is given twice.
    """
    return read_questions_as(path, Question, "evals/README.md shows the format.")


def read_questions_as(
    path: Path, model: type[_Question], remedy: str
) -> list[_Question]:
    """Read JSON lines of questions, in the order of the file.

    Args:
        path: The file.
        model: What a line holds.
        remedy: Where the format is shown.

    Raises:
        QuestionSetError: The file cannot be read or is empty, a line does not parse, or
            an id is given twice.
    """
    lines = read_lines(path, "the question set", "a JSON lines file in UTF-8")
    questions: dict[str, _Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = model.model_validate_json(line)
        except ValidationError as exc:
            error = exc.errors()[0]
            where = ".".join(str(part) for part in error["loc"])
            raise QuestionSetError(
                f"{where or 'the line'} = {shown(error['input'])} does not fit: "
                f"{error['msg']}.",
                remedy,
                path=str(path),
                line=number,
            ) from exc
        if question.qid in questions:
            raise QuestionSetError(
                f"the id {shown(question.qid)} is given twice.",
                "Give each question its own id.",
                path=str(path),
                line=number,
            )
        questions[question.qid] = question
    if not questions:
        raise QuestionSetError(
            "the question set is empty.", "Write a question a line.", path=str(path)
        )
    return list(questions.values())
