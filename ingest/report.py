"""What an ingestion did, for people and for ``--json``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kb.index.manifest import Counts
from kb.types import Problem

State = Literal["added", "changed", "unchanged", "removed", "rejected"]
STATES: tuple[State, ...] = ("added", "changed", "removed", "unchanged", "rejected")


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one corpus file; every file listed or removed has exactly one."""

    path: str
    state: State
    """Compared with the generation that was published before."""
    seconds: float
    """How long reading it took; 0 where that was not needed."""


@dataclass(frozen=True)
class IngestReport:
    """The outcome of one ingestion; times in seconds."""

    generation: str | None
    """The published generation; None when nothing is published."""
    unchanged: bool
    """True when the published generation already held this corpus."""
    counts: Counts | None
    outcomes: list[FileOutcome]
    rejected: list[Problem]
    warnings: list[Problem]
    """What of the files that were read could not be read."""
    embedded: int
    """Texts whose vectors were computed; the others came from the cache."""
    from_cache: int
    model_id: str
    multilingual: bool
    seconds: float
    to_confirm: list[Problem] = field(default_factory=list)
    """What an expert has to say again of texts that have changed."""
    seconds_by_step: Mapping[str, float] = field(default_factory=dict)
    damage: str = ""
    """What was wrong with the published generation, which this one replaces."""

    @property
    def states(self) -> dict[State, int]:
        """How many files came to which state."""
        counted = Counter(outcome.state for outcome in self.outcomes)
        return {state: counted[state] for state in STATES}

    @property
    def files(self) -> int:
        """How many files the corpus holds."""
        return sum(outcome.state != "removed" for outcome in self.outcomes)

    @property
    def exit_code(self) -> int:
        """0 published, 1 published with rejected files, 2 nothing published."""
        if self.generation is None:
            return 2
        return 1 if self.rejected else 0
