"""Names in a question: mentor cities it mentions, and names the corpus never uses."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from kb.countries import english_country
from kb.types import City
from kb.words import fold, words

# Finnish and Hungarian put several endings after a name (Helsingissäkin, Pécsről).
_MAX_ENDING = 6
_CAPITALISED = re.compile(r"[^\W\d_][\w'’-]*")
_SENTENCE_END = '.?!:;¿¡«"“”„('
_MIN_NAME = 3
_MIN_STEM = 4
_TYPO_SIMILARITY = 0.86
# In German every noun is capitalised, so that a capital says nothing.
_CAPITALISES_NOUNS = frozenset({"de"})


def named_cities(text: str, cities: Iterable[City]) -> frozenset[str]:
    """Return the slugs of the mentor cities that a text mentions, inflected or not."""
    found = words(text)
    return frozenset(
        city.slug
        for city in cities
        if any(_is_form_of(word, name) for name in _names(city) for word in found)
    )


def without_cities(text: str, cities: Iterable[City]) -> str:
    """Return a text without the mentor cities that it mentions.

    A text that holds nothing else is returned whole.
    """
    names = [name for city in cities for name in _names(city)]
    kept = [word for word in text.split() if not _mentions(word, names)]
    bare = " ".join(kept)
    return bare if words(bare) else text


def _mentions(word: str, names: Sequence[str]) -> bool:
    return any(_is_form_of(part, name) for part in words(word) for name in names)


def _is_form_of(word: str, name: str) -> bool:
    return word.startswith(name) and len(word) - len(name) <= _MAX_ENDING


def _names(city: City) -> list[str]:
    """Return the folded names of a city that are one word long."""
    return [
        folded
        for name in (city.name, *city.aliases)
        if len(folded := fold(name)) >= _MIN_NAME and " " not in folded
    ]


class Vocabulary:
    """Every word of the corpus, with tolerance for endings and slips of the pen."""

    def __init__(self, corpus_words: Collection[str]) -> None:
        """Take the folded words of the corpus."""
        self._words = frozenset(corpus_words)
        self._sorted = sorted(self._words)

    def unknown_names(self, text: str, language: str) -> list[str]:
        """Return the proper names in a text that the corpus never uses, in order.

        A name is a capitalised word inside a sentence. Words with digits are left out,
        and so is every word in another script than Latin, of a language that
        capitalises all nouns, and of a text written in capitals.
        """
        if language in _CAPITALISES_NOUNS or text.isupper():
            return []
        return [
            part
            for match in _CAPITALISED.finditer(text)
            if not _opens_sentence(text[: match.start()])
            for part in re.split(r"[-'’]", match.group())
            if _looks_like_name(part)
            and not self.knows(part)
            and not self._knows_country(part, language)
        ]

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

    def _knows_country(self, word: str, language: str) -> bool:
        english = english_country(word, language)
        return english is not None and all(map(self.knows, words(english)))

    def _has_prefix(self, prefix: str) -> bool:
        place = bisect_left(self._sorted, prefix)
        return place < len(self._sorted) and self._sorted[place].startswith(prefix)

    def _is_near(self, folded: str) -> bool:
        same_start = bisect_left(self._sorted, folded[:1])
        end = bisect_left(self._sorted, folded[:1] + "\uffff")
        candidates: Sequence[str] = self._sorted[same_start:end]
        return bool(get_close_matches(folded, candidates, n=1, cutoff=_TYPO_SIMILARITY))


def _opens_sentence(before: str) -> bool:
    stripped = before.rstrip()
    return not stripped or stripped[-1] in _SENTENCE_END


def _looks_like_name(word: str) -> bool:
    is_name = len(word) >= _MIN_NAME and word[0].isupper() and word.isalpha()
    # The corpus writes in Latin letters: a name in others can never be found in it.
    return is_name and all("LATIN" in unicodedata.name(char) for char in word)
