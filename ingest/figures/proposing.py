"""Which figures are proposed for a draft, and how a confirmed one is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

from ingest.figures.read import read_figures
from kb.review import mark_of
from kb.types import KeyFigure, Statement

_MOST = 1_000
"""More than anybody confirms, so that a long report takes no minutes."""
Entry = Mapping[str, Any]
"""An item of ``figures:`` in a front matter."""


def proposed_figures(
    statements: Iterable[Statement], language: str
) -> tuple[KeyFigure, ...]:
    """Return the first thousand figures that statements give, in reading order.

    Nobody has confirmed them: they are shown to those who look after the cases, and
    stand in no index.

    Args:
        statements: Of one case.
        language: ISO 639-1 code of their language.
    """
    read = (
        figure
        for statement in statements
        for figure in read_figures(statement.statement_id, statement.text, language)
    )
    return tuple(islice(read, _MOST))


def is_listed(figure: KeyFigure, entries: Iterable[Entry]) -> bool:
    """Return whether a front matter lists what a figure quotes, or a part of it."""
    mark = mark_of(figure.statement_id)
    return any(
        entry.get("statement") == mark
        and (quote := str(entry.get("quote", "")))
        and (quote in figure.quote or figure.quote in quote)
        for entry in entries
    )


def figure_entry(figure: KeyFigure) -> dict[str, Any]:
    """Return a figure as the item of a front matter that says it.

    Keys have the order of the schema; what is not known is left out.
    """
    values = asdict(figure)
    del values["statement_id"]
    optional = ("value_to", "year", "who", "per")
    return {"statement": mark_of(figure.statement_id)} | {
        key: _plain(value)
        for key, value in values.items()
        if value is not None or key not in optional
    }


def _plain(value: object) -> object:
    """Return a whole number without its point, as people write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
