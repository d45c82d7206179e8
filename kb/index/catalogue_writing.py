"""The catalogue of a new generation, written once; `kb.index.catalogue` reads it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, astuple
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kb.index.catalogue import TextRecord
from kb.types import (
    Case,
    City,
    Condition,
    KeyFigure,
    OpenQuestion,
    Passage,
    Statement,
    Step,
    Theme,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_SCHEMA = """
CREATE TABLE cities (slug TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE themes (slug TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE cases (
    case_id TEXT PRIMARY KEY, city TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE case_themes (case_id TEXT NOT NULL, theme TEXT NOT NULL);
CREATE TABLE passages (
    passage_id TEXT PRIMARY KEY, case_id TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE statements (
    position INTEGER PRIMARY KEY,
    statement_id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE open_questions (
    question_id TEXT PRIMARY KEY, case_id TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE figures (
    position INTEGER PRIMARY KEY,
    statement_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE conditions (
    position INTEGER PRIMARY KEY, case_id TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE steps (
    position INTEGER PRIMARY KEY, case_id TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE files (path TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE texts (
    path TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    described TEXT NOT NULL,
    review TEXT,
    reviewed TEXT
);
CREATE TABLE vocabulary (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX passages_by_case ON passages (case_id);
CREATE INDEX statements_by_case ON statements (case_id);
CREATE INDEX open_questions_by_case ON open_questions (case_id);
CREATE INDEX figures_by_statement ON figures (statement_id);
CREATE INDEX figures_by_case ON figures (case_id);
CREATE INDEX conditions_by_case ON conditions (case_id);
CREATE INDEX steps_by_case ON steps (case_id);
CREATE INDEX cases_by_city ON cases (city);
"""


def write_catalogue(
    path: Path,
    *,
    cities: Iterable[City],
    themes: Iterable[Theme],
    cases: Iterable[Case],
    passages: Iterable[Passage],
    statements: Iterable[Statement],
    open_questions: Iterable[OpenQuestion],
    vocabulary: Iterable[str],
    files: Mapping[str, str],
    texts: Mapping[str, TextRecord] = MappingProxyType({}),
    figures: Iterable[KeyFigure] = (),
    conditions: Iterable[Condition] = (),
    steps: Iterable[Step] = (),
) -> None:
    """Write a new catalogue; what has an order keeps it as positions from 0.

    ``files`` holds a digest of every corpus file that the cases were read from,
    ``texts`` what is remembered of its text.
    """
    cases = list(cases)
    rows: dict[str, Iterable[tuple[object, ...]]] = {
        "cities": ((c.slug, _json(c)) for c in cities),
        "themes": ((t.slug, _json(t)) for t in themes),
        "cases": ((c.case_id, c.city, _json(c)) for c in cases),
        "case_themes": ((c.case_id, theme) for c in cases for theme in c.themes),
        "passages": ((p.passage_id, p.case_id, _json(p)) for p in passages),
        "statements": (
            (n, s.statement_id, s.case_id, _json(s)) for n, s in enumerate(statements)
        ),
        "open_questions": (
            (q.question_id, q.case_id, _json(q)) for q in open_questions
        ),
        "figures": (
            (n, f.statement_id, f.case_id, _json(f)) for n, f in enumerate(figures)
        ),
        "conditions": _of_cases(conditions),
        "steps": _of_cases(steps),
        "vocabulary": ((word,) for word in set(vocabulary)),
        "files": files.items(),
        "texts": ((path, *astuple(text)) for path, text in texts.items()),
    }
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(_SCHEMA)
        for table, values in rows.items():
            width = len(db.execute(f"PRAGMA table_info({table})").fetchall())
            marks = ",".join("?" * width)
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", values)


def _of_cases(items: Iterable[Condition | Step]) -> Iterable[tuple[object, ...]]:
    for position, item in enumerate(items):
        yield position, item.case_id, _json(item)


def _json(record: DataclassInstance) -> str:
    return json.dumps(asdict(record), ensure_ascii=False)
