"""Places elsewhere that a question names, from a gazetteer."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from kb.words import fold

_FILE = Path(__file__).with_name("places.txt")
_CAPITALISED = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
_SHORTEST_INFLECTED = 5
_MAX_ENDING = 4
_VOWELS = frozenset("aeiouyαεηιουω")


def named_places(text: str) -> dict[str, frozenset[str]]:
    """Return the places that a text names.

    A place is a capitalised word that the gazetteer lists, inflected or not. The mentor
    cities are not in the gazetteer, and of names of several words only the first is.

    Returns:
        For each place, as the text writes it, all its folded names.
    """
    found: dict[str, frozenset[str]] = {}
    for match in _CAPITALISED.finditer(text):
        word = match.group()
        if word[0].isupper() and (names := _look_up(fold(word))):
            found[word] = names
    return found


def _look_up(folded: str) -> frozenset[str] | None:
    places, stems = _gazetteer()
    if folded in places:
        return places[folded]
    shortest = max(_SHORTEST_INFLECTED, len(folded) - _MAX_ENDING)
    for length in range(len(folded) - 1, shortest - 1, -1):
        if names := places.get(folded[:length]) or stems.get(folded[:length]):
            return names
    return None


@cache
def _gazetteer() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return names by name, and by the stem of names whose final vowel may change."""
    places: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        names = frozenset(line.split())
        for name in names:
            if len(name) >= _SHORTEST:
                places.setdefault(name, names)
            if len(name) > _SHORTEST_INFLECTED and name[-1] in _VOWELS:
                stems.setdefault(name[:-1], names)
    return places, stems
