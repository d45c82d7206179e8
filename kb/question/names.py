"""Names in a question: mentor cities, and places that the evidence does not mention."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from difflib import get_close_matches

from kb.question.countries import english_country
from kb.question.inflection import plain, possible_names, stems
from kb.question.language import detect_language
from kb.question.places import capitalised_names, is_ordinary, named_places
from kb.types import City
from kb.words import fold, words

# Finnish and Hungarian put several endings after a name (Helsingissäkin, Pécsről).
_MAX_ENDING = 6
# No ordinary word begins like a name of so many letters; a shorter one (Lund, Pécs) may
# only have a known ending.
_LONG_NAME = 6
_MIN_NAME = 3
_MIN_STEM = 4
_TYPO_SIMILARITY = 0.86


def named_cities(text: str, cities: Iterable[City]) -> frozenset[str]:
    """Return the slugs of the mentor cities that a text mentions, inflected or not."""
    found = _words(text)
    return frozenset(
        city.slug
        for city in cities
        if any(
            _is_form_of(word, name) and not _is_ordinary(word, name, text)
            for name in _names(city)
            for word in found
        )
    )


def names_elsewhere(
    text: str,
    language: str,
    named: Collection[str],
    evidence_words: Callable[[], Collection[str]],
    vocabulary: Vocabulary,
) -> list[str]:
    """Return the places that a question asks about and the evidence does not mention.

    Villages and countries are left out if the corpus mentions them anywhere. Beside a
    mentor city nothing is elsewhere: the question can be answered for that city.

    Args:
        text: The question.
        language: ISO 639-1 code of its language.
        named: Slugs of the mentor cities that it mentions.
        evidence_words: Returns the folded words of the evidence; called only if a
            place is named, because it takes some milliseconds.
        vocabulary: Every word of the corpus.

    Returns:
        The places, as the question writes them, in its order; empty if there is none.
    """
    if named:
        return []
    places = named_places(text, language)
    evidence = _words(" ".join(evidence_words())) if places else []
    elsewhere = [
        name
        for name, place in places.items()
        if not _mentions_any(evidence, place.names)
        and (place.is_town or not vocabulary.knows(name))
    ]
    return elsewhere + [
        name
        for name in capitalised_names(text, language)
        if name not in places and vocabulary.lacks_country(name, language)
    ]


def _mentions_any(text_words: Sequence[str], names: Collection[str]) -> bool:
    """Say whether words hold a name, all of its parts, or its people ("German")."""
    held = set(text_words)
    return any(
        name in held
        or (len(name) >= _LONG_NAME and name[:-1] in held)
        or (" " in name and held.issuperset(name.split()))
        for name in names
    )


def without_cities(text: str, cities: Iterable[City]) -> str:
    """Return a text without the mentor cities that it mentions.

    A text that holds nothing else is returned whole.
    """
    names = [name for city in cities for name in _names(city)]
    kept = [word for word in text.split() if not _mentions(word, names, text)]
    bare = " ".join(kept)
    return bare if words(bare) else text


def _mentions(word: str, names: Sequence[str], text: str) -> bool:
    return any(
        _is_form_of(part, name) and not _is_ordinary(part, name, text)
        for part in _words(word)
        for name in names
    )


def _words(text: str) -> list[str]:
    return [plain(word) for word in words(text)]


def _is_form_of(word: str, name: str) -> bool:
    if len(name) >= _LONG_NAME:
        if word.startswith(name):
            return len(word) - len(name) <= _MAX_ENDING
        # Romanian and Slavic languages change the end of a name (Florența, Florenței).
        return any(
            len(word) > len(stem) and stem in possible_names(word)
            for stem in stems(name)
        )
    return name in possible_names(word)


def _is_ordinary(word: str, name: str, text: str) -> bool:
    """Say whether a form of a city's name means something else (lundi, in French)."""
    return word != name and is_ordinary(word, detect_language(text))


def _names(city: City) -> list[str]:
    """Return the plain names of a city that are one word long."""
    return [
        folded
        for name in (city.name, *city.aliases)
        if len(folded := plain(name)) >= _MIN_NAME and " " not in folded
    ]


class Vocabulary:
    """Every word of the corpus, with tolerance for endings and slips of the pen."""

    def __init__(self, corpus_words: Collection[str]) -> None:
        """Take the folded words of the corpus."""
        self._words = frozenset(corpus_words)
        self._sorted = sorted(self._words)

    def knows(self, word: str) -> bool:
        """Say whether the corpus uses a word, an inflected form of it or a near one."""
        folded = fold(word)
        if folded in self._words:
            return True
        stems = (
            folded[:n]
            for n in range(len(folded) - 1, max(_MIN_STEM, len(folded) - 6) - 1, -1)
        )
        if any(stem in self._words for stem in stems):
            return True
        if len(folded) > _MIN_STEM + 1 and self._has_prefix(folded[: len(folded) - 3]):
            return len(folded) - 3 > _MIN_STEM or self._is_near(folded)
        return self._is_near(folded)

    def lacks_country(self, word: str, language: str) -> bool:
        """Say whether a word names a country that the corpus never mentions.

        Args:
            word: A single word.
            language: ISO 639-1 code of its language.
        """
        english = english_country(word, language)
        return english is not None and not all(map(self.knows, words(english)))

    def _has_prefix(self, prefix: str) -> bool:
        place = bisect_left(self._sorted, prefix)
        return place < len(self._sorted) and self._sorted[place].startswith(prefix)

    def _is_near(self, folded: str) -> bool:
        same_start = bisect_left(self._sorted, folded[:1])
        end = bisect_left(self._sorted, folded[:1] + "\uffff")
        candidates: Sequence[str] = self._sorted[same_start:end]
        return bool(get_close_matches(folded, candidates, n=1, cutoff=_TYPO_SIMILARITY))
