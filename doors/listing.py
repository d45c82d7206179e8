"""The list of cases as every door gives it: in pages, by city and theme."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from kb.question.prepare import require_known
from kb.records import Record, case_record
from kb.types import Case

if TYPE_CHECKING:
    from kb import KnowledgeBase

MOST_CASES = 50
"""On one page."""
SOME_CASES = 20
"""On a page, where nothing else is wished."""


def listed_cases(
    kb: KnowledgeBase,
    cities: Collection[str],
    themes: Collection[str],
    offset: int,
    limit: int,
) -> Record:
    """Return a page of the cases with the number of all, in the order of their ids.

    Args:
        kb: Where they are.
        cities: Slugs of the only cities; none for all.
        themes: Slugs of the only themes; none for all.
        offset: How many to pass over.
        limit: How many at most.

    Raises:
        QueryError: There is no such city or theme.
    """
    require_known("city", cities, [city.slug for city in kb.cities])
    require_known("theme", themes, [theme.slug for theme in kb.themes])
    found = [
        case
        for case in kb.cases()
        if (not cities or case.city in cities)
        and (not themes or set(themes) & set(case.themes))
    ]
    page = found[offset : offset + limit]
    return {"total": len(found), "cases": [_listed(case) for case in page]}


def _listed(case: Case) -> Record:
    """Return a case as a line of a list: of its sources only the addresses."""
    record = case_record(case)
    record["sources"] = [source.url for source in case.sources]
    for name in ("actors", "path", "language"):
        del record[name]
    return record
