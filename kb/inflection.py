"""Forms of a place's name: which endings the served languages put after it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from kb.words import fold

# Letters that Unicode does not take apart into a plain one and a sign.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)
_VOWELS = "aeiouyαειουηωаеиоуыюя"
_SHORTEST = 4
_SHORTEST_STEM = 4

# All endings are folded, as the names are. What follows a whole name, by language:
_FINNISH_CASES = "n an en in on un yn hon seen ssa sta lla lta lle na ksi a ta tta"
_AFTER_NAME = {
    "de, en, nl, sv, nb, da": "s es er ers",
    "hu": "n on en t ot et at i iak iek ban ben ba be bol nak nek hoz hez val vel "
    "ra re rol tol nal nel ig ert kent",
    "pl, cs": "a u e i y em om iem owi ie ovi",
    "ro": "ul ului lui",
    "el": "ου ο α ι",
    "ru, uk, bg": "а у ю е и я ом ем ы",
}
# Names that end in a consonant take an i in Finnish (Lyonissa); -kin means "also".
_AFTER_NAME_FINNISH = {
    f"{link}{case}{clitic}"
    for link, case, clitic in product(
        ("", "i"), _FINNISH_CASES.split(), ("", "kin", "ko")
    )
}
# What replaces the last vowel of a name, by language:
_FOR_VOWEL = {
    "pl, cs": "a e i y u o ie em om ou ach ami ech",
    "ro": "ei ii a",
    "el": "α ας η ης ο ος ου ον ι ιου ων",
    "ru, uk, bg": "а я е и ы у ю ом ой ей ию ии ия",
}

ENDINGS = frozenset(
    ending for endings in _AFTER_NAME.values() for ending in endings.split()
) | frozenset(_AFTER_NAME_FINNISH)
VOWEL_ENDINGS = frozenset(
    ending for endings in _FOR_VOWEL.values() for ending in endings.split()
)
_LONGEST = max(map(len, ENDINGS | VOWEL_ENDINGS))


def plain(text: str) -> str:
    """Return a folded text without letters that only some languages have."""
    return fold(text).translate(_PLAIN)


def stem(name: str) -> str:
    """Return a plain name without its last vowel; empty if it has none to spare."""
    if len(name) > _SHORTEST_STEM and name[-1] in _VOWELS:
        return name[:-1] + "-"
    return ""


def possible_names(word: str) -> Iterator[str]:
    """Yield the plain names, and stems as `stem` writes them, a word may be a form of.

    The word itself comes first; then the longer ones before the shorter.

    Args:
        word: A plain word.
    """
    yield word
    for length in range(len(word) - 1, _SHORTEST - 1, -1):
        ending = word[length:]
        if len(ending) > _LONGEST:
            return
        if ending in ENDINGS or _doubles(word, length):
            yield word[:length]
        if ending in VOWEL_ENDINGS:
            yield word[:length] + "-"


def _doubles(word: str, length: int) -> bool:
    """Say whether a word ends as Hungarian says "with" (Grazzal, Berlinnel)."""
    return word[length:] in (word[length - 1] + "al", word[length - 1] + "el")
