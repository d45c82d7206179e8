"""Places elsewhere that a question names, from a gazetteer."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path

from kb.question.inflection import plain, possible_names, stems

_FILE = Path(__file__).with_name("places.txt")
_ORDINARY_FILE = Path(__file__).with_name("ordinary_words.txt")
_WORD = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(r"\s?[-'’. ]?")
_MOST_WORDS = 3
_SHORTEST_INFLECTED = 5
# Shorter words in small letters are hardly ever a place (van, elk).
_SHORTEST_SMALL = 4
# Inhabitants from which a place is known in small letters, from which with an ending
# too, and from which a name counts although it is an ordinary word of the language.
_TOWN = 15_000
_CITY = 50_000
_LARGE_CITY = 100_000
_LONGEST_ACRONYM = 6
# Treaties that are called after a place, and what they are called; how many words lie
# between at most, plus one.
_TREATY_PLACES = frozenset(
    {"paris", "kyoto", "montreal", "vienna", "lisbon", "maastricht", "aarhus"}
    | {"leipzig", "aalborg"}
)
_TREATY = re.compile(
    "agreement|accord|treaty|protocol|convention|charter|abkommen|vertrag|ubereink"
    "|protoko|avtal|aftal|konven|traktat|sopimu|poytakirj|traite|charte|trattat|carta"
    "|convenz|acuerdo|tratado|convenio|convenc|acord|porozumien|konwenc|dohod|smlouv"
    "|umluv|egyezmeny|megallapod|jegyzokonyv|akkoord|verdrag|handvest|tratat|συμφων"
    "|συνθηκ|συμβασ|πρωτοκολλ|соглашен|протокол|конвенц"
)
_NEAR = 3
_ROMANIAN = str.maketrans("şţ", "șț")
_GREEK = re.compile("[α-ω]")
_SENTENCE_END = '.?!:;¿¡«"“”„('
# In German every noun is capitalised, so that a capital says nothing.
_CAPITALISES_NOUNS = frozenset({"de"})
# Languages that a question of a few words is easily mistaken for.
_RELATED = (
    frozenset({"nb", "nn", "no", "da", "sv"}),
    frozenset({"es", "pt", "gl", "ca"}),
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
    letters, with or without accents and with the endings of the text's language. What
    is also an ordinary word counts only where a capital or the language shows that the
    word is not meant, for a town only where both do; villages need a capital. A place
    that only names a treaty (the Paris Agreement) does not count.

    Args:
        text: A question.
        language: ISO 639-1 code of its language.
    """
    matches = list(_WORD.finditer(text))
    words = [plain(match.group()) for match in matches]
    capitals_tell = _capitals_tell(matches, language)
    capitals = [capitals_tell and _is_capitalised(text, match) for match in matches]
    has_accents = any(_has_accents(match.group()) for match in matches)
    found: dict[str, Place] = {}
    at = 0
    while at < len(words):
        for end in range(min(at + _MOST_WORDS, len(words)), at, -1):
            name = _Name(
                " ".join(match.group() for match in matches[at:end]),
                is_capitalised=capitals[at],
                is_alone=not any(
                    capitals[max(0, at - 1) : at] + capitals[end : end + 1]
                ),
                has_all_accents=has_accents,
            )
            if (
                _hang_together(text, matches[at:end])
                and not (capitals_tell and _is_acronym(name.written))
                and (place := _look_up(name, language))
                and not _names_treaty(place, words[max(0, at - _NEAR) : end + _NEAR])
            ):
                found[text[matches[at].start() : matches[end - 1].end()]] = place
                at = end - 1
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


@dataclass(frozen=True, slots=True)
class _Name:
    """Words of a text that may be a name."""

    written: str
    is_capitalised: bool
    """Whether a capital says that they are one."""
    is_alone: bool
    """Whether no word beside them has such a capital, too (Split Incentive)."""
    has_all_accents: bool
    """Whether who wrote them types accents."""


def _look_up(name: _Name, language: str) -> Place | None:
    """Return the place that words name, if they are not meant otherwise."""
    words = plain(name.written)
    if len(words) < _SHORTEST_SMALL and not name.written[0].isupper():
        return None
    for possible in possible_names(words, language):
        place = _gazetteer().get(possible)
        if place is None:
            continue
        ordinary_in = _ordinary_in(name.written, exactly=name.has_all_accents)
        if possible != words:
            ordinary_in |= _ordinary_base(name, possible, language)
        needed = (
            _needed_as_word(name, is_own=_may_be(language, ordinary_in))
            if ordinary_in
            else _needed_as_name(name, possible, is_inflected=possible != words)
        )
        if place.population >= needed:
            return place
    return None


def _ordinary_base(name: _Name, possible: str, language: str) -> frozenset[str]:
    """Return the language if it is not a name that words are a form of (kazánt)."""
    base = _spelled(name.written)[: len(possible)]
    if plain(base) == possible and language in _ordinary_in(
        base, exactly=name.has_all_accents
    ):
        return frozenset({language})
    return frozenset()


def _needed_as_word(name: _Name, *, is_own: bool) -> float:
    """Return from which population on words mean a place, not what they mean else.

    Args:
        name: The words.
        is_own: Whether they are words of the text's language.
    """
    if not is_own:
        return _TOWN if name.is_capitalised else _LARGE_CITY
    return _LARGE_CITY if name.is_capitalised and name.is_alone else inf


def _needed_as_name(name: _Name, possible: str, *, is_inflected: bool) -> float:
    """Return from which population on words that mean nothing else mean a place."""
    if not is_inflected:
        return 0 if name.is_capitalised else _TOWN
    if len(possible) < _SHORTEST_INFLECTED:
        return _LARGE_CITY
    return _TOWN if name.is_capitalised else _CITY


def _names_treaty(place: Place, around: Sequence[str]) -> bool:
    """Say whether words around a place make it the name of a treaty."""
    return not _TREATY_PLACES.isdisjoint(place.names) and any(
        _TREATY.search(word) for word in around
    )


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
            for stem in stems(name):
                places.setdefault(stem, place)
    return places


def is_ordinary(word: str, language: str) -> bool:
    """Say whether a plain word that looks like a city is another in a language."""
    return language in _ordinary_in(word, exactly=False)


def _ordinary_in(words: str, *, exactly: bool) -> frozenset[str]:
    """Return the languages where words that look like a place are others.

    Args:
        words: As a text writes them.
        exactly: Whether the text has the accents that belong there. Otherwise only
            accents that it has count: Vídeň is never the Danish word viden.
    """
    spellings = _ordinary_words().get(plain(words), {})
    # Greek accents are misplaced too often to count.
    if (exactly or _has_accents(words)) and not _GREEK.search(_spelled(words)):
        return spellings.get(_spelled(words), frozenset())
    return frozenset().union(*spellings.values())


def _has_accents(words: str) -> bool:
    return _spelled(words) != plain(words)


@cache
def _ordinary_words() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Return, for plain words, their spellings and the languages of these."""
    words: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for line in _lines(_ORDINARY_FILE):
        word, languages = line.split("\t")
        spelled = _spelled(word)
        # Capitals often have no accent (Etat).
        for spelling in (spelled, plain(spelled[0]) + spelled[1:]):
            known = words[plain(word)].get(spelling, frozenset())
            words[plain(word)][spelling] = known | frozenset(languages.split())
    return words


def _spelled(words: str) -> str:
    """Return words in small letters, with one way to write each accent."""
    composed = unicodedata.normalize("NFC", words.replace("\u00ad", "").casefold())
    return composed.translate(_ROMANIAN)


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]
