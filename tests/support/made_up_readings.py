"""Plainly invented findings, and what a fake reader makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any, cast

from kb.answer.reading import Reading
from kb.index.generation import Generation
from kb.reader.calibration import Calibration
from kb.search import ScoredStatement
from kb.types import Case, OpenQuestion
from tests.support.fakes import FakeReader
from tests.support.made_up import CALIBRATION, case, city, ranking, scored

CITIES = {
    name.lower(): city(name) for name in ("Exampleton", "Mockton", "Sampleby", "Testow")
}
_SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru")


class MadeUpCatalogue:
    """Has every case of the invented cities, and the open questions that it is told."""

    cities = CITIES

    def __init__(self, open_questions: Iterable[OpenQuestion]) -> None:
        """Keep the open questions."""
        self._open_questions = {q.question_id: q for q in open_questions}

    def cases_by_id(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """See `kb.index.catalogue.Catalogue.cases_by_id`."""
        return {case_id: case(case_id) for case_id in case_ids}

    def open_questions_by_id(self, ids: Sequence[str]) -> dict[str, OpenQuestion]:
        """See `kb.index.catalogue.Catalogue.open_questions_by_id`."""
        return {name: self._open_questions[name] for name in ids}


class Finding:
    """Statements in the order of their rank, each with the log-odds that it gets.

    Every statement is one invented word, so that none repeats another.
    """

    def __init__(self) -> None:
        """Begin with nothing found."""
        self.items: list[ScoredStatement] = []
        self.given: dict[str, tuple[float, float]] = {}

    def add(
        self,
        case_id: str,
        answers: float,
        helps: float | None = None,
        text: str | None = None,
    ) -> ScoredStatement:
        """Add the next statement; what answers helps as well unless said otherwise.

        Args:
            case_id: Its case.
            answers: Log-odds that it answers.
            helps: Log-odds that it helps.
            text: What it says; a word of its own unless given.
        """
        number = len(self.items)
        item = scored(
            case_id,
            1 - number / 100,
            text or word(number),
            similarity=0.5,
            bare_similarity=0.5,
            number=number + 100,
        )
        self.items.append(item)
        odds = answers if helps is None else helps
        self.given[item.statement.text] = (answers, odds)
        return item

    def read_by(self, reader: FakeReader | None = None, **found: Any) -> Reading:
        """Return a reading of what was added; ``found`` as for `ranking`."""
        return reading(self.items, reader or FakeReader(self.given), **found)


def word(number: int) -> str:
    """Return an invented word, another one for each number below 1,000."""
    digits = f"{number:03}"
    return "".join(_SYLLABLES[int(digit)] for digit in digits) + "sk"


def reading(
    items: Iterable[ScoredStatement],
    reader: FakeReader,
    *,
    calibration: Calibration = CALIBRATION,
    left_open: Sequence[OpenQuestion] = (),
    **found: Any,
) -> Reading:
    """Return a reading of statements; the open questions stand nearest first."""
    near = {q.question_id: 0.5 - n / 100 for n, q in enumerate(left_open)}
    generation = SimpleNamespace(catalogue=MadeUpCatalogue(left_open))
    return Reading(
        ranking(items, open_questions=near, **found),
        cast(Generation, generation),
        reader,
        calibration,
    )
