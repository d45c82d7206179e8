"""How much evidence stands behind a statement, by a rule of three questions.

1. Do at least two different publishers say it?
2. Is one of them usually no part of the projects it writes about, that is a public
   body, the press or a research institution?
3. Is the newest source with a year at most ten years old? One of which only the
   earliest possible year is known ("2022 or later") counts as of that year.

Three times yes is good evidence, three times no little evidence, anything else limited
evidence.

The rule counts sources. It does not know whether a source is right, whether two of them
repeat the same press release, or whether a publisher takes sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.types import Source
from ui.publishers import (
    PublisherKind,
    own_domain,
    publisher_kind,
    publisher_name,
)

Level = Literal["wider", "narrow", "thin"]
Reason = Literal[
    "several-publishers",
    "one-publisher",
    "no-source",
    "outsider",
    "no-outsider",
    "publishers-unknown",
    "recent",
    "old",
    "maybe-old",
    "year-unknown",
]
"""Answers to the three questions, in their order: the first of each means yes."""

MAX_AGE_YEARS = 10
"""A source is recent until it is older than this."""
OUTSIDERS: frozenset[PublisherKind] = frozenset({"public", "press", "research"})
"""Kinds of publisher that usually are no part of the projects they write about."""
YES: frozenset[Reason] = frozenset({"several-publishers", "outsider", "recent"})
"""The answers that mean yes, one for each question."""


@dataclass(frozen=True, slots=True)
class Strength:
    """How much evidence stands behind a statement, and what the rule saw."""

    level: Level
    n_sources: int
    kinds: tuple[PublisherKind, ...]
    """Kind of each publisher, in the order in which the sources name them."""
    newest: int | None
    """Year of the newest source; None when no year is known of any."""
    newest_may_be_later: bool
    """Whether it is only the earliest year that the newest source can be from."""
    oldest: int | None
    reasons: tuple[Reason, Reason, Reason]
    """What the rule answers to its three questions, in their order."""

    @property
    def n_publishers(self) -> int:
        """How many different publishers there are."""
        return len(self.kinds)


def strength(sources: Iterable[Source], today_year: int) -> Strength:
    """Return how much evidence a statement's sources are.

    Without sources the level is ``thin``.

    Args:
        sources: Those that the statement names; their order does not change the level.
        today_year: The current year, from which ages are counted.
    """
    entries = list(sources)
    kinds = tuple(_kind(group) for group in _by_publisher(entries))
    years = [s.earliest_year for s in entries if s.earliest_year is not None]
    newest = max(years, default=None)
    may_be_later = newest not in {source.year for source in entries}
    reasons = (_how_many(kinds), _who(kinds), _when(newest, may_be_later, today_year))
    return Strength(
        level=_level(reasons),
        n_sources=len(entries),
        kinds=kinds,
        newest=newest,
        newest_may_be_later=newest is not None and may_be_later,
        oldest=min(years, default=None),
        reasons=reasons,
    )


def _level(reasons: Sequence[Reason]) -> Level:
    n_yes = len(YES.intersection(reasons))
    if n_yes == len(YES):
        return "wider"
    return "narrow" if n_yes else "thin"


def _how_many(kinds: Sequence[PublisherKind]) -> Reason:
    if not kinds:
        return "no-source"
    return "one-publisher" if len(kinds) == 1 else "several-publishers"


def _who(kinds: Sequence[PublisherKind]) -> Reason:
    if OUTSIDERS.intersection(kinds):
        return "outsider"
    # Where some are unknown, nobody can say that no outsider is among them.
    return "publishers-unknown" if "unknown" in kinds else "no-outsider"


def _when(newest: int | None, may_be_later: bool, today_year: int) -> Reason:
    if newest is None:
        return "year-unknown"
    if today_year - newest <= MAX_AGE_YEARS:
        return "recent"
    return "maybe-old" if may_be_later else "old"


def _by_publisher(sources: Iterable[Source]) -> list[list[Source]]:
    """Group sources by publisher, in the order in which they come.

    Two sources have the same publisher when its name or its own web domain is the same.
    """
    groups: list[list[Source]] = []
    for source in sources:
        marks = _marks(source)
        same = [g for g in groups if any(marks & _marks(other) for other in g)]
        if not same:
            groups.append([source])
            continue
        # One source can show that two publishers so far are one.
        for other in same[1:]:
            same[0].extend(other)
            groups.remove(other)
        same[0].append(source)
    return groups


def _marks(source: Source) -> set[str]:
    """Return what tells a publisher from others."""
    marks = {f"name {publisher_name(source)}"}
    if domain := own_domain(source):
        marks.add(f"domain {domain}")
    return marks


def _kind(sources: Iterable[Source]) -> PublisherKind:
    """Return the first kind that is known of one publisher's sources."""
    kinds = map(publisher_kind, sources)
    return next((kind for kind in kinds if kind != "unknown"), "unknown")
