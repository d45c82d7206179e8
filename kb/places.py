"""Places elsewhere that a question names, from a gazetteer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kb.inflection import plain, possible_names, stem

_FILE = Path(__file__).with_name("places.txt")
_ORDINARY_FILE = Path(__file__).with_name("ordinary_words.txt")
_WORD = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(r"\s?[-'’. ]?")
_MOST_WORDS = 3
_SHORTEST_INFLECTED = 5
# Inhabitants from which a place is known in small letters, from which with an ending
# too, and from which a name counts although it is an ordinary word of some language.
_TOWN = 15_000
_CITY = 50_000
_LARGE_CITY = 100_000
_LONGEST_ACRONYM = 6
_SENTENCE_END = '.?!:;¿¡«"“”„('
# In German every noun is capitalised, so that a capital says nothing.
_CAPITALISES_NOUNS = frozenset({"de"})
# Languages that a question of a few words is easily mistaken for.
_RELATED = (
    frozenset({"nb", "nn", "no", "da", "sv"}),
    frozenset({"es", "pt", "it", "ro", "gl", "ca"}),
    frozenset({"nl", "de", "af"}),
    frozenset({"pl", "cs", "sk"}),
)
_SERVED = frozenset(
    ("en", "hu", "sv", "fi", "nb", "fr", "it", "de", "es", "pl", "nl", "pt", "ro", "el")
    + ("da", "cs")
)


@dataclass(frozen=True, slots=True)
class Place:
    """A city, town or village."""

    population: int
    names: frozenset[str]
    """All its names, plain."""

    @property
    def is_town(self) -> bool:
        """Whether it is more than a village."""
        return self.population >= _TOWN


def named_places(text: str, language: str) -> dict[str, Place]:
    """Return the places that a text names, as the text writes them, in its order.

    The mentor cities are not in the gazetteer. A name counts in capitals and in small
    letters, with or without accents and with the endings of the served languages. What
    is also an ordinary word counts only as the name of a large city, where a capital
    or the language shows that the word is not meant; villages need a capital.

    Args:
        text: A question.
        language: ISO 639-1 code of its language.
    """
    matches = list(_WORD.finditer(text))
    words = [plain(match.group()) for match in matches]
    capitals_tell = _capitals_tell(matches, language)
    found: dict[str, Place] = {}
    at = 0
    while at < len(words):
        for n in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            phrase = text[matches[at].start() : matches[at + n - 1].end()]
            is_name = capitals_tell and _is_capitalised(text, matches[at])
            if (
                _hang_together(text, matches[at : at + n])
                and not (capitals_tell and n == 1 and _is_acronym(phrase))
                and (place := _look_up(" ".join(words[at : at + n]), language, is_name))
            ):
                found[phrase] = place
                at += n - 1
                break
        at += 1
    return found


def capitalised_names(text: str, language: str) -> list[str]:
    """Return the words of a text whose capital says that they are names, in order.

    A capital says so inside a sentence of a text that is not written in capitals
    throughout, in a language that does not capitalise every noun.

    Args:
        text: A question.
        language: ISO 639-1 code of its language.
    """
    matches = list(_WORD.finditer(text))
    if not _capitals_tell(matches, language):
        return []
    return [m.group() for m in matches if _is_capitalised(text, m)]


def _look_up(words: str, language: str, is_name: bool) -> Place | None:
    """Return the place that words name, if they are not meant otherwise."""
    for name in possible_names(words):
        place = _gazetteer().get(name)
        is_inflected = name != words
        if place is None or (
            is_inflected
            and len(name) < _SHORTEST_INFLECTED
            and place.population < _LARGE_CITY
        ):
            continue
        ordinary_in = _ordinary_words().get(words)
        if ordinary_in:
            is_large = place.population >= _LARGE_CITY
            is_meant = is_name or not _may_be(language, ordinary_in)
            return place if is_large and is_meant else None
        needed = 0 if is_name else _CITY if is_inflected else _TOWN
        return place if place.population >= needed else None
    return None


def _may_be(language: str, others: frozenset[str]) -> bool:
    """Say whether a text taken to be in a language may be in one of some others."""
    if language not in _SERVED or language in others:
        return True
    return any(language in group and group & others for group in _RELATED)


def _capitals_tell(matches: Sequence[re.Match[str]], language: str) -> bool:
    """Say whether a text capitalises its names and little else."""
    if language in _CAPITALISES_NOUNS:
        return False
    later = [match.group() for match in matches[1:]]
    n_capitalised = sum(word[0].isupper() for word in later)
    return n_capitalised * 2 < len(later)


def _is_capitalised(text: str, match: re.Match[str]) -> bool:
    """Say whether a word has a capital that does not come from opening a sentence."""
    before = text[: match.start()].rstrip()
    return (
        match.group()[0].isupper() and bool(before) and before[-1] not in _SENTENCE_END
    )


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) <= _LONGEST_ACRONYM


def _hang_together(text: str, matches: Sequence[re.Match[str]]) -> bool:
    return all(
        _JOINT.fullmatch(text, first.end(), second.start())
        for first, second in zip(matches, matches[1:], strict=False)
    )


@cache
def _gazetteer() -> dict[str, Place]:
    """Return places by their plain names, and by the stems of these; larger first."""
    places: dict[str, Place] = {}
    for line in _lines(_FILE):
        population, *names = line.split("\t")
        place = Place(int(population) * 1_000, frozenset(names))
        for name in names:
            places.setdefault(name, place)
            if stemmed := stem(name):
                places.setdefault(stemmed, place)
    return places


@cache
def _ordinary_words() -> dict[str, frozenset[str]]:
    """Return, for words that look like a place, the languages where they are others."""
    split = (line.split("\t") for line in _lines(_ORDINARY_FILE))
    return {word: frozenset(languages.split()) for word, languages in split}


def is_ordinary(word: str, language: str) -> bool:
    """Say whether a plain word that looks like a city is another in a language."""
    return language in _ordinary_words().get(word, ())


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]
