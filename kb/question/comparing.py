"""Whether a question asks about several cities at once, or for all on a topic."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from kb.words import words

_FILE = Path(__file__).with_name("comparing_words.txt")
_OVERVIEW_FILE = Path(__file__).with_name("overview_words.txt")
_BETWEEN = r"(?: \w+){1,6}"
_NO_INFINITIVE = r"(?! \w+[aei]r\b)"


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


def asks_for_overview(text: str, named_cities: Collection[str]) -> bool:
    """Say whether a question asks cities for all on a topic: "what has X done on".

    Args:
        text: The question.
        named_cities: Slugs of the mentor cities that it names; without one it asks
            nobody.
    """
    if not named_cities:
        return False
    return _overview_words().match(" ".join(words(text))) is not None


@cache
def _overview_words() -> re.Pattern[str]:
    return re.compile("|".join(map(_overview_pattern, _lines(_OVERVIEW_FILE))))


def _overview_pattern(phrase: str) -> str:
    begins, mark, _ = phrase.partition(" !")
    pattern = re.escape(begins).replace(r"\ \.\.\.", _BETWEEN).replace(r"\*", r"\w*")
    return rf"{pattern}\b{_NO_INFINITIVE if mark else ''}"


@cache
def _comparing_words() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words that count whole, and the beginnings of those that count."""
    listed = _lines(_FILE)
    return (
        frozenset(word for word in listed if not word.endswith("*")),
        tuple(word[:-1] for word in listed if word.endswith("*")),
    )


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
