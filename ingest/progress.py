"""Where an ingestion tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Where an ingestion tells how far it is."""

    def start(self, step: str, total: int) -> None:
        """A step of ``total`` parts begins."""

    def advance(self, n: int) -> None:
        """``n`` more parts of the step are done."""
