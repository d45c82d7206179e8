"""Plainly invented statements and cases as a briefing holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zlib import crc32

from kb import FullCase
from kb.types import OpenQuestion, Source, Statement, Theme
from tests.support import made_up
from ui.briefing.model import CollectedCase, CollectedStatement

THEME = Theme("district-heating", "Energy and district heating", "Made up.")
PIPE = replace(made_up.SOURCE, source_id="S2", title="The oven pipe", year=None)
PIPE = replace(PIPE, url="https://crumbly.example/pipe", language="sv")


def source(number: int, **changes: Any) -> Source:
    """Return a source with its own address."""
    address = f"https://made-up.example/{number}"
    return replace(made_up.SOURCE, source_id=f"S{number}", url=address, **changes)


def collected_case(
    case_id: str = made_up.CASE.case_id,
    *,
    questions: int = 1,
    statements: Sequence[Statement] = (),
    **changes: Any,
) -> CollectedCase:
    """Return a case with two sources, some open questions and some statements."""
    case = made_up.case(
        case_id, **{"sources": (made_up.SOURCE, PIPE), "language": "en", **changes}
    )
    full = FullCase(
        case=case,
        passages=[],
        statements=list(statements),
        open_questions=[
            OpenQuestion(f"{case_id}#{n}", case_id, f"Question {n} of {case_id}?")
            for n in range(1, questions + 1)
        ],
    )
    return CollectedCase(
        full=full,
        city=replace(made_up.CITY, slug=case.city, name=case.city.title()),
        themes=(THEME,),
        generation="made-up",
    )


def collected(
    text: str,
    *,
    of: CollectedCase | None = None,
    question: str = "",
    page: int | None = None,
    **changes: Any,
) -> CollectedStatement:
    """Return a statement of a case; its id is made of its text."""
    of = of or collected_case()
    number = crc32(text.encode("utf-8", "surrogatepass"))
    statement_id = f"{of.item_id}#costs.{number:x}"
    statement = made_up.statement(statement_id, text, **changes)
    return CollectedStatement(statement, of, page, question)
