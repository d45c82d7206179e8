"""Whether a case's sources are dated and recent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ingest.documents import Document
from kb.records import year_told
from kb.types import Problem


def aged_sources(document: Document, max_age: int, today: date) -> Iterator[Problem]:
    """Yield each source that is older than the limit, or may be.

    Args:
        document: The case as it was read.
        max_age: Years after its publication in which a source counts as recent.
        today: The day of the check.
    """
    for source in document.case.sources if document.case else ():
        year = source.earliest_year
        if year is None or today.year - year <= max_age:
            continue
        key, age = "year", f"{source.year}, more than {max_age} years ago"
        if source.year is None:
            key = "not_before"
            age = f"{year_told(source)} and may be more than {max_age} years old"
        yield Problem(
            document.front_matter_path or document.path,
            document.lines.get(("sources", source.source_id, key)),
            "old-source",
            "hint",
            f"the source {source.source_id} is from {age}.",
            "Look for a newer source, or say in the statement of which year it is.",
        )


def undated_sources(document: Document) -> Iterator[Problem]:
    """Yield one finding for all of a case's sources of which no year is known.

    One a case and not one a source: a third of all web pages carry no date, and
    hundreds of findings would hide the others.
    """
    sources = document.case.sources if document.case else ()
    undated = [s.source_id for s in sources if s.earliest_year is None]
    if undated:
        yield Problem(
            document.front_matter_path or document.path,
            document.lines.get(("sources", undated[0], "year")),
            "source-without-year",
            "hint",
            f"{len(undated)} of {len(sources)} sources have no year: "
            f"{', '.join(undated)}.",
            "Add the year of publication where the source states one, or "
            "`not_before` where something in it tells from which year on it can be.",
        )
