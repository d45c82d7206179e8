"""What a paper of a given length has room for, from the fullest to the shortest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ui.briefing.model import MAX_ITEMS, Length


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of each case stands in a paper."""

    statements: int
    """Chosen statements of a case, the first ones."""
    obstacles: int
    """Obstacles that were not chosen."""
    questions: int
    """What the sources leave open."""
    figures: int
    """Key figures of a case, the first ones."""
    has_summaries: bool = True
    """Whether each chapter begins with its summary."""
    has_opening: bool = True
    """Whether the summaries may stand together at the beginning."""
    compares: bool = False
    has_contents: bool = False
    in_points: bool = False
    """Whether the statements stand in one list, without chapters."""
    cases: int = MAX_ITEMS


_ALL = MAX_ITEMS
_FIGURES = 12
"""Of a case, also where there is room for all: the table stays one to look at."""
_EVERYTHING = Plan(_ALL, _ALL, _ALL, _FIGURES, compares=True, has_contents=True)
_TWO_PAGES = (
    Plan(_ALL, 2, 3, 6, compares=True),
    Plan(_ALL, 2, 3, 6),
    Plan(_ALL, 1, 2, 4, has_opening=False),
    Plan(6, 1, 1, 3, has_opening=False),
    Plan(4, 1, 1, 0, has_opening=False),
    Plan(3, 1, 0, 0, has_opening=False),
    Plan(2, 0, 0, 0, has_opening=False),
    Plan(1, 0, 0, 0, has_opening=False),
)
_POINTS = (
    Plan(3, 0, 0, 0, has_summaries=False, in_points=True),
    Plan(2, 0, 0, 0, has_summaries=False, in_points=True),
    Plan(1, 0, 0, 0, has_summaries=False, in_points=True),
    Plan(1, 0, 0, 0, has_summaries=False, has_opening=False, in_points=True),
)


def plans(length: Length, n_cases: int) -> Iterator[Plan]:
    """Yield the plans for a length, the first of which that fits is taken.

    Args:
        length: As it was chosen.
        n_cases: Of the briefing; the last plans have room for ever fewer of them.
    """
    if length == "all":
        yield _EVERYTHING
        return
    if length == "two":
        yield from _TWO_PAGES
    yield from _POINTS
    for cases in range(n_cases - 1, 0, -1):
        yield replace(_POINTS[-2], cases=cases)
        yield replace(_POINTS[-1], cases=cases)
