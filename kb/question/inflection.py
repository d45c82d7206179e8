"""Forms of a place's name: which endings the served languages put after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

from kb.words import fold

# Letters that Unicode does not take apart into a plain one and a sign.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)
_VOWELS = "aeiouyαειουηωаеиоуыюя"
_SHORTEST = 4
_SHORTEST_STEM = 4

# What follows a whole name, by languages:
_AFTER_NAME = {
    "en de nl sv nb nn no da": "s es er ers",
    "hu": "n on en t ot et at i iak iek ban ben ba be bol nak nek hoz hez val vel "
    "ra re rol tol nal nel ig ert kent ott ett",
    "pl cs sk sl hr": "a u e i y em om iem owi ie ovi iu ia iowi",
    "ro": "ul ului lui lor",
    "el": "ου ο α ι",
    "ru uk bg": "а у ю е и я і ом ем ы ові",
}
# Names that end in a consonant take an i in Finnish (Lyonissa); -kin means "also".
_FINNISH_CASES = "n an en in on un yn hon hun seen ssa sta lla lta lle na ksi a ta tta"
_FINNISH_PEOPLE = "lainen laisen laiset laisten laisia laista"
_AFTER_NAME["fi"] = f"{_FINNISH_PEOPLE} " + " ".join(
    link + case + clitic
    for link, case, clitic in product(
        ("", "i"), _FINNISH_CASES.split(), ("", "kin", "ko")
    )
)
# What replaces the last vowel of a name; "-" is nothing (Katowice, Katowic).
_FOR_VOWEL = {
    "pl cs sk sl hr": "- a e i y u ie em om ou ach iach ich ech am ami",
    "ro": "ei ii i ai a",
    "el": "α ας η ης ο ος ου ον ι ιου ων",
    "ru uk bg": "а я е и ы у ю ом ой ей ию ии ия ах ям ам ами",
}
# How the last consonant of a name changes before an ending (Praga, Pradze).
_CHANGED = {
    "pl cs sk sl hr": "cie:t dzie:d rze:r dze:g ce:k szcie:szt scie:st ze:g ze:h",
}
_WITHOUT_ENDINGS = frozenset({"fr", "it", "es", "pt"})
# In their own script: they are tried in any language.
_OTHER_SCRIPTS = ("el", "ru")


@dataclass(frozen=True)
class _Endings:
    """How languages inflect a name."""

    after_name: frozenset[str]
    for_vowel: frozenset[str]
    changed: tuple[tuple[str, str], ...]
    """An ending, and what the name has instead."""

    @cached_property
    def longest(self) -> int:
        """Letters of the longest ending."""
        return max(map(len, self.after_name | self.for_vowel), default=0)


def plain(text: str) -> str:
    """Return a folded text without letters that only some languages have."""
    return fold(text).translate(_PLAIN)


def stems(name: str) -> Iterator[str]:
    """Yield what a plain name keeps before endings that change it, marked as stems.

    It is the name without its last vowel, or without an e or ie that Slavic languages
    leave out (Liberec, Liberci).
    """
    if len(name) <= _SHORTEST_STEM:
        return
    if name[-1] in _VOWELS:
        yield name[:-1] + "-"
    elif name[-2] == "e":
        yield name[:-2].removesuffix("i") + name[-1] + "-"


def possible_names(word: str, language: str = "") -> Iterator[str]:
    """Yield the plain names, and stems as `stems` writes them, a word may be a form of.

    The word itself comes first; then the longer ones before the shorter.

    Args:
        word: A plain word.
        language: ISO 639-1 code of the language whose endings count; with one that is
            not served, all do.
    """
    yield word
    endings = _endings(language)
    for length in range(len(word), _SHORTEST - 1, -1):
        ending = word[length:]
        if len(ending) > endings.longest:
            break
        if ending in endings.after_name or _doubles(word, length, language):
            yield word[:length]
        if ending in endings.for_vowel and (ending or length > _SHORTEST):
            yield word[:length] + "-"
    for ending, original in endings.changed:
        if word.endswith(ending) and len(word) > _SHORTEST:
            yield word[: -len(ending)] + original
            yield word[: -len(ending)] + original + "-"


def _doubles(word: str, length: int, language: str) -> bool:
    """Say whether a word ends as Hungarian says "with" (Grazzal, Berlinnel)."""
    if language not in _endings_by_language() or language == "hu":
        return word[length:] in (word[length - 1] + "al", word[length - 1] + "el")
    return False


@cache
def _endings(language: str) -> _Endings:
    by_language = _endings_by_language()
    if language in by_language:
        return by_language[language]
    return _together(by_language.values())


@cache
def _endings_by_language() -> dict[str, _Endings]:
    codes = {
        code
        for table in (_AFTER_NAME, _FOR_VOWEL)
        for key in table
        for code in key.split()
    }
    return {
        code: _together(_of(c) for c in (code, *_OTHER_SCRIPTS))
        for code in codes | _WITHOUT_ENDINGS
    }


def _of(language: str) -> _Endings:
    pairs = (pair.partition(":") for pair in _entries(_CHANGED, language))
    return _Endings(
        after_name=frozenset(map(fold, _entries(_AFTER_NAME, language))),
        for_vowel=frozenset(
            fold(ending.strip("-")) for ending in _entries(_FOR_VOWEL, language)
        ),
        changed=tuple((ending, name) for ending, _, name in pairs),
    )


def _entries(table: dict[str, str], language: str) -> list[str]:
    found = [entries for codes, entries in table.items() if language in codes.split()]
    return " ".join(found).split()


def _together(parts: Iterable[_Endings]) -> _Endings:
    parts = list(parts)
    return _Endings(
        after_name=frozenset().union(*(part.after_name for part in parts)),
        for_vowel=frozenset().union(*(part.for_vowel for part in parts)),
        changed=tuple(dict.fromkeys(pair for part in parts for pair in part.changed)),
    )
