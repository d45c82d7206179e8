"""Open questions with the names of the cases that leave them open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kb.types import City, OpenQuestion
from ui.state import knowledge_base
from ui.texts import _


def named_questions(
    questions: Iterable[OpenQuestion], cities: Mapping[str, City]
) -> Iterator[tuple[str, str]]:
    """Yield city and case, and text, of each question.

    One whose case is gone, because a newer index has come, is left out.
    """
    for question in questions:
        full = knowledge_base().full_case(question.case_id)
        if full is not None:
            city = cities[full.case.city].name
            yield _("{city}: {case}", city=city, case=full.case.title), question.text
