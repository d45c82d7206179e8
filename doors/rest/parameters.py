"""The parameters of each address; one that it does not have is refused.

Otherwise a program that misspells a filter would get everything, unnoticed.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from doors.listing import MOST_CASES, SOME_CASES
from kb.question.prepare import MAX_QUESTION_CHARS
from kb.types import Query

_LENGTH: JsonDict = {"minLength": 1, "maxLength": MAX_QUESTION_CHARS}
"""As OpenAPI tells it; `kb` checks it, in the words in which it says so everywhere."""
REPEATABLE = ("city", "theme")


def _question(example: str) -> Any:  # noqa: ANN401  # as pydantic's `Field`
    return Field(
        description="In any European language.",
        examples=[example],
        json_schema_extra=_LENGTH,
    )


class Parameters(BaseModel):
    """No parameters."""

    model_config = ConfigDict(extra="forbid")


class Filters(Parameters):
    """Which cases are meant; both can be repeated, and none means all."""

    city: list[str] = Field(
        default=[],
        description="Only this city, by slug; repeatable. `/v1/cities` lists them.",
        examples=[["pecs"]],
    )
    theme: list[str] = Field(
        default=[],
        description="Only this theme, by slug; repeatable. `/v1/themes` lists them.",
        examples=[["district-heating"]],
    )


class QuestionParameters(Filters):
    """A question with its filters."""

    question: str = _question("How much did the Tüskésrét solar plant in Pécs cost?")

    def query(self) -> Query:
        """Return what is asked."""
        return Query(self.question, tuple(self.city), tuple(self.theme))


class AskParameters(QuestionParameters):
    """A question that may go on from another."""

    after: str = Field(
        default="",
        description="The question asked just before, for a follow-up.",
        examples=["How did Lund pay for its heat network?"],
    )

    def query(self) -> Query:
        """Return what is asked, with what was asked before."""
        return Query(
            self.question, tuple(self.city), tuple(self.theme), after=self.after
        )


class SearchParameters(QuestionParameters):
    """A question, and how many passages are wanted."""

    k: int = Field(default=10, ge=1, le=100, description="How many passages.")


class CompareParameters(QuestionParameters):
    """A question on two to four cities."""

    question: str = _question("tariff for the return temperature of district heating")
    city: list[str] = Field(
        description="Two to four cities, by slug: repeat it.",
        examples=[["lund", "pecs"]],
        json_schema_extra={"minItems": 2, "maxItems": 4},
    )


class CasesParameters(Filters):
    """A page of the cases."""

    offset: int = Field(default=0, ge=0, description="How many to pass over.")
    limit: int = Field(
        default=SOME_CASES, ge=1, le=MOST_CASES, description="How many at most."
    )
