"""Question sets: JSON lines, one judged question each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.errors import QuestionSetError, shown

RELEVANT = 2
"""Case grade: the case answers the question. Grade 1: it helps. Unlisted: 0."""


class Question(BaseModel):
    """A question with its judgements; one without judged cases has no answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    qid: Annotated[str, Field(min_length=1)]
    lang: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    text: Annotated[str, Field(min_length=1)]
    cases: dict[str, Annotated[int, Field(ge=1, le=2)]]
    """Relevance grade by case id."""
    kind: str = ""
    """How it is asked (specific, vague, keyword, typo, compare), or why it has no
    answer (near-miss, not-in-sources, other-city, false-premise, off-topic)."""
    names_city: bool = False
    theme: str = ""
    section: str = ""
    """The kind of fact that answers it."""
    statements: dict[str, Annotated[int, Field(ge=1, le=2)]] = {}
    """Relevance grade by statement id: 2 answers the question, 1 helps."""
    must_hold: list[str] = []
    """Figures or phrases that a right answer shows, as the corpus writes them."""
    cities: list[str] = []
    """Slugs of the cities that a good answer covers."""
    nearest_case: str = ""
    why: str = ""
    """Why it has no answer, in a sentence."""

    @property
    def is_answerable(self) -> bool:
        """Whether the corpus answers it."""
        return bool(self.cases)


def read_questions(path: Path) -> list[Question]:
    """Read a question set, in the order of the file.

    Raises:
        QuestionSetError: The file cannot be read, a line does not parse, or an id is
            given twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise QuestionSetError(
            f"the question set cannot be read ({exc}).",
            "Name a JSON lines file in UTF-8.",
            path=str(path),
        ) from exc
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = Question.model_validate_json(line)
        except ValidationError as exc:
            error = exc.errors()[0]
            where = ".".join(str(part) for part in error["loc"])
            raise QuestionSetError(
                f"{where or 'the line'} = {shown(error['input'])} does not fit: "
                f"{error['msg']}.",
                "evals/README.md shows the format.",
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
    return list(questions.values())
