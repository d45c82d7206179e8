"""Files of queries for the batch modes: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from kb.errors import QueryError, shown
from kb.types import Query

_REMEDY = (
    'Each line is one object: {"qid": "q1", "text": "…"}; '
    "cities, themes, after optional."
)


def read_queries(path: Path) -> Iterator[Query]:
    """Yield the queries of a JSON lines file, in order; blank lines are passed over.

    Raises:
        QueryError: The file cannot be read, or a line is not a query; raised when its
            line is reached.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise QueryError(
            f"the file of queries cannot be read ({exc}).",
            "Name a JSON lines file in UTF-8.",
            path=str(path),
        ) from exc
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(line, str(path), number)


def _read_line(line: str, path: str, number: int) -> Query:
    try:
        values = json.loads(line)
    except json.JSONDecodeError as exc:
        raise QueryError(
            f"the line is not JSON ({exc.msg}).", _REMEDY, path=path, line=number
        ) from exc
    if not isinstance(values, dict):
        raise QueryError(
            f"{shown(values)} is not an object.", _REMEDY, path=path, line=number
        )
    filters: dict[str, tuple[str, ...]] = {}
    for name in ("cities", "themes"):
        given = values.get(name) or []
        if not isinstance(given, list) or not all(isinstance(v, str) for v in given):
            raise QueryError(
                f"{name} = {shown(given)} is not a list of slugs.",
                _REMEDY,
                path=path,
                line=number,
            )
        filters[name] = tuple(given)
    qid, text = values.get("qid"), values.get("text")
    after = values.get("after") or ""
    if not isinstance(after, str):
        raise QueryError(
            f"after = {shown(after)} is not a question.",
            _REMEDY,
            path=path,
            line=number,
        )
    if not isinstance(qid, str) or not isinstance(text, str):
        raise QueryError(
            "qid and text must both be given, as strings.",
            _REMEDY,
            path=path,
            line=number,
        )
    return Query(text, filters["cities"], filters["themes"], qid, after)
