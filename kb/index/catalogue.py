"""The catalogue: every record of one generation, in one read-only SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import IndexDamagedError
from kb.sections import SUBSECTION
from kb.types import (
    Case,
    City,
    Condition,
    KeyFigure,
    OpenQuestion,
    Passage,
    Review,
    Source,
    Statement,
    Step,
    Theme,
)

# SQLite's default limit on variables in one statement is 32,766; stay far below.
_MAX_VARIABLES = 5_000
_MOST_IN_MEMORY = 64_000_000
"""Bytes of a file that is read whole: what happens to it later is then no matter."""
# Counting in SQLite takes 2 ms for 1,474 statements; reading their records takes 8 ms.
_SECTION = "json_extract(record, '$.section')"
_CHECKED_ON = "json_extract(record, '$.checked_on')"


@dataclass(frozen=True, slots=True)
class TextRecord:
    """What is remembered of a case file, to see later whether its text has changed."""

    digest: str
    """Of its text, front matter left out."""
    described: str
    """Of title and years that its front matter gives."""
    review: str | None
    """Who reviewed it and when; None of what is not reviewed."""
    reviewed: str | None
    """Digest, or its beginning, of the text that this review is of."""


class Catalogue:
    """Reads the records of one generation; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            IndexDamagedError: It is missing or not a catalogue.
        """
        self._path = path
        try:
            self._db = _connect(path)
        except (OSError, sqlite3.Error) as exc:
            raise self._damaged(exc) from exc
        try:
            self.cities = {c.slug: c for c in map(_city, self._all("cities"))}
            self.themes = {t.slug: t for t in map(_theme, self._all("themes"))}
            rows = self._rows("SELECT case_id FROM cases ORDER BY case_id")
            self.case_ids = tuple(case_id for (case_id,) in rows)
            rows = self._rows("SELECT word FROM vocabulary")
            self.vocabulary = frozenset(word for (word,) in rows)
        except IndexDamagedError:
            self._db.close()
            raise

    def cases(self) -> list[Case]:
        """Return every case, in the order of their ids."""
        found = map(_case, self._all("cases"))
        return sorted(found, key=lambda case: case.case_id)

    def case(self, case_id: str) -> Case | None:
        """Return one case, or None."""
        found = self._some("cases", "case_id", [case_id])
        return _case(found[0]) if found else None

    def cases_by_id(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """Return the named cases; unknown ids are left out."""
        found = map(_case, self._some("cases", "case_id", case_ids))
        return {case.case_id: case for case in found}

    def passages_by_id(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Return the named passages; unknown ids are left out."""
        records = self._some("passages", "passage_id", passage_ids)
        return {record["passage_id"]: Passage(**record) for record in records}

    def passages_of(self, case_id: str) -> list[Passage]:
        """Return a case's passages in reading order."""
        found = [Passage(**r) for r in self._some("passages", "case_id", [case_id])]
        return sorted(found, key=lambda passage: passage.start)

    def statements(self) -> list[Statement]:
        """Return every statement, by position."""
        return list(map(_statement, self._all("statements")))

    def statements_of(self, case_id: str) -> list[Statement]:
        """Return a case's statements in reading order."""
        return list(map(_statement, self._some("statements", "case_id", [case_id])))

    def statements_in(self, section: str) -> list[Statement]:
        """Return the statements under a heading and its sub-headings, by position."""
        rows = self._rows(
            f"SELECT record FROM statements WHERE {_SECTION} = ? "
            f"OR substr({_SECTION}, 1, ?) = ? ORDER BY position",
            (section, len(section + SUBSECTION), section + SUBSECTION),
        )
        return [_statement(json.loads(record)) for (record,) in rows]

    def statement_counts(self) -> list[tuple[str, str, int, int]]:
        """Return case id, path of a section, and how many statements it has.

        The last number is that of the statements that were compared with their sources.
        """
        return self._rows(
            f"SELECT case_id, {_SECTION}, COUNT(*), COUNT({_CHECKED_ON}) "
            "FROM statements GROUP BY 1, 2"
        )

    def statements_by_id(self, statement_ids: Sequence[str]) -> dict[str, Statement]:
        """Return the named statements; unknown ids are left out."""
        found = map(_statement, self._some("statements", "statement_id", statement_ids))
        return {statement.statement_id: statement for statement in found}

    def statements_at(self, positions: Sequence[int]) -> list[Statement]:
        """Return the statements at the given positions, by ascending position."""
        return list(map(_statement, self._some("statements", "position", positions)))

    def positions_of(self, statement_ids: Sequence[str]) -> dict[str, int]:
        """Return the positions of the named statements in the lexical index."""
        positions: dict[str, int] = {}
        for ids in _slices(statement_ids):
            positions.update(
                self._rows(
                    "SELECT statement_id, position FROM statements "
                    f"WHERE statement_id IN ({_marks(ids)})",
                    ids,
                )
            )
        return positions

    def positions_within(
        self, cities: Sequence[str], themes: Sequence[str]
    ) -> list[int] | None:
        """Return the positions of statements that pass the filters; None for all."""
        if not cities and not themes:
            return None
        clauses: list[str] = []
        values: list[str] = []
        if cities:
            clauses.append(
                "case_id IN (SELECT case_id FROM cases "
                f"WHERE city IN ({_marks(cities)}))"
            )
            values += cities
        if themes:
            clauses.append(
                "case_id IN (SELECT case_id FROM case_themes "
                f"WHERE theme IN ({_marks(themes)}))"
            )
            values += themes
        where = " AND ".join(clauses)
        rows = self._rows(f"SELECT position FROM statements WHERE {where}", values)
        return [position for (position,) in rows]

    def open_questions_of(self, case_id: str) -> list[OpenQuestion]:
        """Return what a case's sources leave open, in reading order."""
        records = self._some("open_questions", "case_id", [case_id])
        return [OpenQuestion(**record) for record in records]

    def open_questions_by_id(self, ids: Sequence[str]) -> dict[str, OpenQuestion]:
        """Return the named open questions; unknown ids are left out."""
        records = self._some("open_questions", "question_id", ids)
        return {record["question_id"]: OpenQuestion(**record) for record in records}

    def figures(self) -> list[KeyFigure]:
        """Return every key figure, case by case."""
        return [KeyFigure(**record) for record in self._all("figures")]

    def figures_of(self, case_id: str) -> list[KeyFigure]:
        """Return a case's key figures, in the order of its front matter."""
        return [KeyFigure(**r) for r in self._some("figures", "case_id", [case_id])]

    def figures_by_statement(
        self, statement_ids: Sequence[str]
    ) -> dict[str, list[KeyFigure]]:
        """Return the key figures of statements; what has none is left out."""
        found: dict[str, list[KeyFigure]] = {}
        for record in self._some("figures", "statement_id", statement_ids):
            found.setdefault(record["statement_id"], []).append(KeyFigure(**record))
        return found

    def conditions_of(self, case_id: str) -> list[Condition]:
        """Return a case's conditions, in the order of its front matter."""
        records = self._some("conditions", "case_id", [case_id])
        return [Condition(**_tuples(record, "statement_ids")) for record in records]

    def steps_of(self, case_id: str) -> list[Step]:
        """Return the steps of a case in their order."""
        records = self._some("steps", "case_id", [case_id])
        return [Step(**_tuples(record, "statement_ids")) for record in records]

    def files(self) -> dict[str, str]:
        """Return a digest of each corpus file that was read, by its path."""
        return dict(self._rows("SELECT path, digest FROM files"))

    def texts(self) -> dict[str, TextRecord]:
        """Return what is remembered of the text of each case file, by its path."""
        rows = self._rows("SELECT path, digest, described, review, reviewed FROM texts")
        return {path: TextRecord(*values) for path, *values in rows}

    def count(self, table: str) -> int:
        """Return the number of rows of one of the catalogue's tables."""
        ((count,),) = self._rows(f"SELECT COUNT(*) FROM {table}")
        return int(count)

    def close(self) -> None:
        """Release the file; the catalogue cannot be used afterwards."""
        self._db.close()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as exc:
            raise self._damaged(exc) from exc

    def _damaged(self, exc: OSError | sqlite3.Error) -> IndexDamagedError:
        return IndexDamagedError(
            f"the catalogue cannot be read ({exc}).",
            "Run `mentorkb ingest` to build the index again.",
            path=str(self._path),
        )

    def _all(self, table: str) -> list[dict[str, Any]]:
        rows = self._rows(f"SELECT record FROM {table} ORDER BY rowid")
        return [json.loads(record) for (record,) in rows]

    def _some(
        self, table: str, column: str, values: Sequence[str] | Sequence[int]
    ) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = []
        for part in _slices(values):
            rows = self._rows(
                f"SELECT record FROM {table} WHERE {column} IN ({_marks(part)}) "
                "ORDER BY rowid",
                part,
            )
            records.extend(json.loads(record) for (record,) in rows)
        return records


def _connect(path: Path) -> sqlite3.Connection:
    size = path.stat().st_size
    if not size:  # SQLite takes it for a database without tables, or asks for memory
        raise sqlite3.DatabaseError("the file is empty")
    if size <= _MOST_IN_MEMORY:
        db = sqlite3.connect(":memory:", check_same_thread=False)
        db.deserialize(path.read_bytes())
        return db
    # "immutable" is true by construction: a generation is never changed.
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _slices(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(values), _MAX_VARIABLES):
        yield values[start : start + _MAX_VARIABLES]


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


def _case(record: dict[str, Any]) -> Case:
    record["sources"] = _sources(record["sources"])
    record["review"] = Review(**record["review"])
    return Case(**_tuples(record, "themes", "actors"))


def _city(record: dict[str, Any]) -> City:
    record["population_source"] = Source(**record["population_source"])
    record["mission_sources"] = _sources(record["mission_sources"])
    return City(**_tuples(record, "aliases"))


def _theme(record: dict[str, Any]) -> Theme:
    return Theme(**record)


def _statement(record: dict[str, Any]) -> Statement:
    return Statement(**_tuples(record, "source_ids"))


def _sources(records: list[dict[str, Any]]) -> tuple[Source, ...]:
    return tuple(Source(**record) for record in records)


def _tuples(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return record | {name: tuple(record[name]) for name in names}
