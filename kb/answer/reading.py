"""Statements and open questions as the reader reads them for one question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.context import open_question_as_read, statement_text
from kb.index.generation import Generation
from kb.question.amounts import plain_figures
from kb.reader import ANSWERS, HELPS, Reader
from kb.reader.calibration import Calibration
from kb.search import Ranking, ScoredStatement
from kb.types import OpenQuestion

SCORE = "behind"
LOG_ODDS_ANSWERS, LOG_ODDS_HELPS = "answers", "helps"
"""Values that the chances of a statement are made of: how far its score is behind the
best one, and what the reader says."""


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A statement with the chances that it answers a question, 0 to 1."""

    item: ScoredStatement
    answers: float
    """That it gives what was asked, or a part of it."""
    helps: float
    """That it helps at least."""
    values: dict[str, float]
    """What the chances were made of, by name."""

    @property
    def case_id(self) -> str:
        """Its case."""
        return self.item.statement.case_id

    @property
    def city(self) -> str:
        """Slug of its city."""
        return self.item.statement.city


class Reading:
    """Reads for one question, each text at most once."""

    def __init__(
        self,
        ranking: Ranking,
        generation: Generation,
        reader: Reader,
        calibration: Calibration,
    ) -> None:
        """Take what the question found, and who reads it.

        Args:
            ranking: What the question found.
            generation: What it was found in.
            reader: Reads.
            calibration: What the reader's log-odds are worth.
        """
        self.ranking = ranking
        self.calibration = calibration
        self._generation = generation
        self._reader = reader
        self._read: dict[str, ReadStatement] = {}
        self._question = plain_figures(ranking.query.text)
        # Scores have another level in each language and corpus; their distances less.
        self._best = ranking.statements[0].score if ranking.statements else 0.0

    def of(self, items: Iterable[ScoredStatement]) -> list[ReadStatement]:
        """Return statements as they were read, the best answers first."""
        wanted = {item.statement.statement_id: item for item in items}
        new = [item for name, item in wanted.items() if name not in self._read]
        for read in self._as_read(self._question, new):
            self._read[read.item.statement.statement_id] = read
        return best_first(self._read[name] for name in wanted)

    def for_part(
        self, part: str, items: Sequence[ScoredStatement]
    ) -> list[ReadStatement]:
        """Return statements as read for a part of the question, best answers first."""
        return best_first(self._as_read(plain_figures(part), items))

    def open_questions(self, n: int) -> list[tuple[OpenQuestion, float]]:
        """Return the ``n`` nearest open questions of the best cases, likeliest first.

        Each comes with the chance that it is what was asked.
        """
        names = list(self.ranking.open_questions)[:n]
        found = self._generation.catalogue.open_questions_by_id(names)
        questions = [found[name] for name in names]
        cases = self._generation.catalogue.cases_by_id([q.case_id for q in questions])
        cities = self._generation.catalogue.cities
        texts = [
            open_question_as_read(q, cases[q.case_id], cities[cases[q.case_id].city])
            for q in questions
        ]
        columns = self._reader.read(self._question, texts)
        chances = [
            self.calibration.open_question.chance(
                {LOG_ODDS_ANSWERS: float(row[ANSWERS])}
            )
            for row in columns
        ]
        order = sorted(range(len(questions)), key=lambda i: -chances[i])
        return [(questions[i], chances[i]) for i in order]

    def _as_read(
        self, question: str, items: Sequence[ScoredStatement]
    ) -> list[ReadStatement]:
        if not items:
            return []
        catalogue = self._generation.catalogue
        cases = catalogue.cases_by_id(
            list(dict.fromkeys(item.statement.case_id for item in items))
        )
        texts = [
            statement_text(item.statement, case, catalogue.cities[case.city])
            for item in items
            if (case := cases[item.statement.case_id])
        ]
        read = []
        for item, row in zip(items, self._reader.read(question, texts), strict=True):
            values = {
                LOG_ODDS_ANSWERS: float(row[ANSWERS]),
                LOG_ODDS_HELPS: float(row[HELPS]),
                SCORE: item.score - self._best,
            }
            read.append(
                ReadStatement(
                    item,
                    answers=self.calibration.answers.chance(values),
                    helps=self.calibration.helps.chance(values),
                    values=values,
                )
            )
        return read


def best_first(read: Iterable[ReadStatement]) -> list[ReadStatement]:
    """Return statements by their chance to answer; equal ones by id."""
    return sorted(read, key=lambda r: (-r.answers, r.item.statement.statement_id))
