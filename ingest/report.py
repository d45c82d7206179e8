"""What an ingestion did, for people and for ``--json``."""

from __future__ import annotations

from dataclasses import dataclass

from kb.generation import Counts
from kb.types import Problem


@dataclass(frozen=True)
class IngestReport:
    """The outcome of one ingestion; times in seconds."""

    generation: str | None
    """The published generation; None when nothing is published."""
    unchanged: bool
    """True when the published generation already held this corpus."""
    counts: Counts | None
    files: int
    rejected: list[Problem]
    embedded: int
    """Texts whose vectors were computed; the others came from the cache."""
    from_cache: int
    model_id: str
    multilingual: bool
    seconds: float

    @property
    def exit_code(self) -> int:
        """0 published, 1 published with rejected files, 2 nothing published."""
        if self.generation is None:
            return 2
        return 1 if self.rejected else 0
