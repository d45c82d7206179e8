"""Whether a question asks about several cities at once."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

from kb.words import words

_FILE = Path(__file__).with_name("comparing_words.txt")


def asks_for_comparison(text: str, named_cities: Collection[str]) -> bool:
    """Say whether a question wants to hear from several cities.

    It does when it names more than one, or names none and speaks of cities in the
    plural or of comparing.

    Args:
        text: The question.
        named_cities: Slugs of the mentor cities that it names.
    """
    if len(named_cities) == 1:
        return False
    if named_cities:
        return True
    beginnings = _beginnings()
    return any(word.startswith(beginnings) for word in words(text))


@cache
def _beginnings() -> tuple[str, ...]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
