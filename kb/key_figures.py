"""Key figures of all cases: chosen, put in an order, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from kb.types import Case, FigureKind, FigureState, KeyFigure, MoneyKind

MONEY: tuple[MoneyKind, ...] = get_args(MoneyKind)
KINDS: tuple[FigureKind, ...] = get_args(FigureKind)
STATES: tuple[FigureState, ...] = get_args(FigureState)
Order = Literal["city", "largest", "newest"]
ORDERS: tuple[Order, ...] = get_args(Order)


@dataclass(frozen=True, slots=True)
class ListedFigure:
    """A key figure with the case that it is of."""

    figure: KeyFigure
    case: Case


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """What figures are wanted; what is empty or None lets everything through."""

    cities: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    """A figure must be of one of these years, both included."""

    def lets_through(self, one: ListedFigure) -> bool:
        """Say whether a figure passes every filter."""
        figure, case = one.figure, one.case
        return (
            (not self.cities or case.city in self.cities)
            and (not self.themes or not set(case.themes).isdisjoint(self.themes))
            and (not self.kinds or figure.kind in self.kinds)
            and (not self.units or figure.unit in self.units)
            and (not self.states or figure.state in self.states)
            and self._is_in_years(figure.year)
        )

    def _is_in_years(self, year: int | None) -> bool:
        if self.first_year is None and self.last_year is None:
            return True
        return year is not None and (
            (self.first_year or year) <= year <= (self.last_year or year)
        )


def find_figures(
    figures: Iterable[ListedFigure], wanted: FigureFilter, order: Order = "city"
) -> list[ListedFigure]:
    """Return the figures that pass every filter.

    Args:
        figures: What to choose from, case by case.
        wanted: The filters.
        order: As they come (``city``); by unit and in it the largest first, without a
            number last; or the latest year first, without a year last.
    """
    found = [one for one in figures if wanted.lets_through(one)]
    if order == "newest":
        found.sort(key=lambda one: -(one.figure.year or 0))
    elif order == "largest":
        found.sort(key=lambda one: (one.figure.unit, -_most(one.figure)))
    return found


def _most(figure: KeyFigure) -> float:
    return max(figure.value_to or 0, -1 if figure.value is None else figure.value)


def listed_record(one: ListedFigure) -> dict[str, Any]:
    """Return a figure with city, case and themes as one JSON object."""
    case = one.case
    return {
        "city": case.city,
        "case_id": case.case_id,
        "title": case.title,
        "themes": list(case.themes),
        **asdict(one.figure),
    }
