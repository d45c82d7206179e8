"""English nouns in the plural behind a number: what it counts."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import cache

from ingest.figures.vocabulary import figure_words

_WORD = re.compile(r"[ \u00a0-](?P<word>[^\W\d_][\w'’&/-]*)")
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class CountedNoun:
    """The head of the noun phrase behind a number."""

    start: int
    """Where the noun begins; adjectives stand before it."""
    end: int
    name: str


def counted_noun(text: str, end: int, numerals: Container[str]) -> CountedNoun | None:
    """Return the first plural behind a number; None where its phrase has none.

    Args:
        text: In English.
        end: Where the number ends.
        numerals: Words for numbers; one of them begins another phrase.
    """
    place = end
    for _ in range(_MOST_WORDS):
        match = _WORD.match(text, place)
        if (
            not match
            or match["word"].lower() in _listed("ends")
            or match["word"].lower() in numerals
        ):
            return None
        place = match.end()
        if is_plural(match["word"]):
            return CountedNoun(match.start("word"), place, match["word"])
        if text[place : place + 1] == ",":  # "run-down, privately owned offices"
            place += 1
    return None


def is_plural(word: str) -> bool:
    """Return whether a word looks like a noun in the plural."""
    lower = word.lower()
    if lower in _listed("irregular"):
        return True
    return (
        word[0].islower()
        and lower.endswith("s")
        and not lower.endswith(("ss", "'s", "’s", "ous"))
        and len(lower) > len("its")
        and lower not in _listed("not_counted")
    )


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(figure_words()["english_nouns"][name].split())
