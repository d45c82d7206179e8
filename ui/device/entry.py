"""One of the things that a browser keeps: how it is written, and taken up again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of the session that outlives it in the reader's browser."""

    name: str
    """Under which the browser keeps it; never given to something else."""
    label: Callable[[], str]
    """What readers call it."""
    most_chars: int
    """Longer texts are neither written nor read."""
    text: Callable[[], str]
    """Returns what the session holds; empty for nothing."""
    take_up: Callable[[str, bool], str]
    """Takes the browser's text, which may be anything, and whether the session has
    changes that the browser lacks, and then joins both. Returns what the reader has to
    know; raises a `KnowledgeBaseError` where the text cannot be used, which leaves the
    session as it was."""
