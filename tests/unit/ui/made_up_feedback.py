"""Plainly invented feedback, and a store whose day can be turned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ui.feedback import DownReason, FeedbackStore, Rating, Shown, Verdict

SHOWN = Shown(
    question="Does the biscuit oven heat the baths?",
    cities=("exampleton",),
    themes=(),
    language="en",
    reason_code="no-direct-answer",
    cases=("exampleton/biscuit-heat",),
    passages=("exampleton/biscuit-heat#results",),
    generation="made-up-index",
    settings_digest="0123456789ab",
)


def shown(question: str = SHOWN.question, **changes: Any) -> Shown:
    """Return what was shown for a question."""
    return replace(SHOWN, question=question, **changes)


def thumb_down(
    reason: DownReason | None = DownReason.WRONG, comment: str = "", **changes: Any
) -> Rating:
    """Return a thumb down; its question was answered."""
    rating = Rating(shown(reason_code=""), Verdict.DOWN, reason, comment)
    return replace(rating, **changes)


class Calendar:
    """Tells a day that a test can turn."""

    def __init__(self) -> None:
        """Begin with a day in spring."""
        self.day = date(2031, 4, 1)

    def __call__(self) -> date:
        """Return the day."""
        return self.day

    def turn(self, days: int) -> None:
        """Go on by some days."""
        self.day += timedelta(days=days)


def bytes_below(folder: Path) -> bytes:
    """Return everything that lies in the files of a folder."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


def store_in(folder: Path, today: Calendar | None = None) -> FeedbackStore:
    """Return a store that keeps entries for 30 days."""
    return FeedbackStore(folder / "feedback", days=30, today=today or Calendar())
