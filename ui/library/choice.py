"""Which cases fit a choice of cities, themes, sections, years, review; their order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from kb.library import LibraryCase
from kb.types import ReviewStatus
from ui.library.period import years

Filter = Literal["cities", "themes", "section", "period", "review", "found"]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a reader wants to see; what is empty or None lets everything through."""

    cities: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    section: str = ""
    """Heading of a section in which a case must have statements."""
    first_year: int | None = None
    last_year: int | None = None
    """The period of a case must share at least one year with these, both included."""
    review: ReviewStatus | None = None
    found: frozenset[str] | None = None
    """Ids of the cases that hold the words looked for; None where none are."""

    def is_set(self) -> list[Filter]:
        """Return the names of the filters that hold something back."""
        by_name: dict[Filter, bool] = {
            "cities": bool(self.cities),
            "themes": bool(self.themes),
            "section": bool(self.section),
            "period": (self.first_year, self.last_year) != (None, None),
            "review": self.review is not None,
            "found": self.found is not None,
        }
        return [name for name, is_set in by_name.items() if is_set]

    def without(self, name: Filter) -> CaseFilter:
        """Return the same choice with one filter removed."""
        if name == "period":
            return replace(self, first_year=None, last_year=None)
        return replace(self, **{name: getattr(CaseFilter(), name)})


def find_cases(
    library: Iterable[LibraryCase], wanted: CaseFilter, today_year: int
) -> list[LibraryCase]:
    """Return the cases that pass every filter, in the order given.

    A case passes the filter by cities or themes with any of them. One whose period
    names no year passes as long as no year is asked for.

    Args:
        library: The cases to choose from.
        wanted: The filters.
        today_year: The last year of cases that go on.
    """
    return [one for one in library if _passes(one, wanted, today_year)]


def newest_first(cases: Iterable[LibraryCase], today_year: int) -> list[LibraryCase]:
    """Return the cases by the year they began, latest first.

    Of two that began in one year the one that ends later comes first, then the lower
    case id. Cases whose period names no year stand last.
    """

    def order(one: LibraryCase) -> tuple[int, int, str]:
        first, last = years(one.case.period, today_year) or (0, 0)
        return -first, -last, one.case.case_id

    return sorted(cases, key=order)


def what_each_filter_hides(
    library: Iterable[LibraryCase], wanted: CaseFilter, today_year: int
) -> dict[Filter, int]:
    """Return how many cases would fit without each of the filters that are set.

    So that a reader whom nothing fits learns which one to remove.
    """
    library = list(library)
    return {
        name: len(find_cases(library, wanted.without(name), today_year))
        for name in wanted.is_set()
    }


def _passes(one: LibraryCase, wanted: CaseFilter, today_year: int) -> bool:
    case = one.case
    return (
        (not wanted.cities or case.city in wanted.cities)
        and (not wanted.themes or not set(case.themes).isdisjoint(wanted.themes))
        and (not wanted.section or wanted.section in one.statements)
        and (wanted.found is None or case.case_id in wanted.found)
        and (wanted.review is None or case.review.status == wanted.review)
        and _is_within(case.period, wanted, today_year)
    )


def _is_within(period: str, wanted: CaseFilter, today_year: int) -> bool:
    if wanted.first_year is None and wanted.last_year is None:
        return True
    span = years(period, today_year)
    if span is None:
        return False
    first, last = span
    begins_in_time = wanted.last_year is None or first <= wanted.last_year
    ends_in_time = wanted.first_year is None or last >= wanted.first_year
    return begins_in_time and ends_in_time
