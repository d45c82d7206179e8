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
    return speaks_of_several(text)


def speaks_of_several(text: str) -> bool:
    """Say whether a text speaks of cities in the plural, of others, or of comparing."""
    whole, beginnings = _comparing_words()
    return any(word in whole or word.startswith(beginnings) for word in words(text))


@cache
def _comparing_words() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words that count whole, and the beginnings of those that count."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line and not line.startswith("#")]
    return (
        frozenset(word for word in listed if not word.endswith("*")),
        tuple(word[:-1] for word in listed if word.endswith("*")),
    )
