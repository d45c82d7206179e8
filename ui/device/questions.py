"""The questions that were asked lately, as a browser keeps them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.errors import KnowledgeBaseError
from kb.question.prepare import MAX_QUESTION_CHARS
from kb.types import Query
from ui.device.entry import Entry
from ui.state import MOST_QUESTIONS, asked_before, keep_asked, knowledge_base
from ui.texts import _

_Text = Annotated[str, Field(max_length=MAX_QUESTION_CHARS)]
_Slugs = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=50)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Question(_Record):
    text: _Text
    cities: _Slugs = []
    themes: _Slugs = []
    after: _Text = ""


class _Questions(_Record):
    format: Literal["mentor-cities-questions"] = "mentor-cities-questions"
    version: Literal[1] = 1
    questions: list[_Question] = Field(default=[], max_length=MOST_QUESTIONS)
    """Latest first."""


class QuestionsError(KnowledgeBaseError):
    """A text is not what `write_questions` writes."""


def write_questions(queries: list[Query]) -> str:
    """Return questions, latest first, as a text; empty for none."""
    if not queries:
        return ""
    questions = [
        _Question.model_construct(
            text=query.text,
            cities=list(query.cities),
            themes=list(query.themes),
            after=query.after,
        )
        for query in queries[:MOST_QUESTIONS]
    ]
    return _Questions.model_construct(questions=questions).model_dump_json()


def read_questions(text: str, cities: set[str], themes: set[str]) -> list[Query]:
    """Return the questions of a text, without filters that are not there any more.

    Args:
        text: What `write_questions` wrote, or anything else.
        cities: Slugs that can be filtered by.
        themes: The same of themes.

    Raises:
        QuestionsError: It is something else.
    """
    if not text:
        return []
    try:
        kept = _Questions.model_validate_json(text)
    except ValidationError as exc:
        raise QuestionsError(_("it is no list of questions of this version")) from exc
    return [
        Query(
            question.text,
            tuple(slug for slug in question.cities if slug in cities),
            tuple(slug for slug in question.themes if slug in themes),
            after=question.after,
        )
        for question in kept.questions
    ]


def _take_up(text: str, is_changed: bool) -> str:
    kb = knowledge_base()
    queries = read_questions(
        text, {city.slug for city in kb.cities}, {theme.slug for theme in kb.themes}
    )
    keep_asked([*asked_before(), *queries] if is_changed else queries)
    return ""


QUESTIONS = Entry(
    name="questions",
    label=lambda: _("Your questions"),
    most_chars=100_000,
    text=lambda: write_questions(asked_before()),
    take_up=_take_up,
)
