"""A question that goes on from the one before it, as a question of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from kb.question.language import detect_language
from kb.question.names import named_cities
from kb.question.parts import GOES_ON
from kb.question.places import named_places
from kb.types import City
from kb.words import fold, words

_FILE = Path(__file__).with_name("follow_up_words.txt")
_ENGLISH = "en"
_WORD = r"[^\W_]+"
_END = re.compile(r"[\s?!.…;;]*$")
# A longer text that opens with "and" is a question of its own, most of the time.
_LONGEST_OPENED = 16
_LONGEST_WITHOUT_TOPIC = 12
_LONGEST_POINTING = {1: 8, 2: 12, 3: 16}
"""By how many words point back."""
_SURE_OF_LANGUAGE = 5
"""From as many words on; of fewer, the question before tells it better."""

_Span = tuple[int, int]


def understood(text: str, before: str, cities: Iterable[City]) -> str:
    """Return a follow-up as a question that can be searched by itself.

    A text goes on from the question before when it opens with a word such as "and",
    points back ("the same") in a few words, or names no topic ("who paid?"). It is put
    behind the question before; places that it names take the place of the earlier ones
    there. Of a chain of follow-ups the first question, the latest one and the places
    are kept.

    Args:
        text: What was typed.
        before: The question asked just before, as it was understood.
        cities: The mentor cities.

    Returns:
        The question; empty when the text stands by itself.
    """
    known = list(cities)
    said = words(text)
    if not said or not words(before):
        return ""
    places = _places(text, known)
    language = detect_language(text)
    is_sure = len(said) >= _SURE_OF_LANGUAGE and language in _by_language()
    spoken = _spoken(language if is_sure else detect_language(before), language)
    own = words(_without(text, places))
    opening = spoken.opening(text)
    if not _goes_on(said, own, opening, spoken):
        return ""
    if places:
        names = ", ".join(text[start:end] for start, end in places)
        before = _moved(before, names, known)
        if all(word in spoken.small for word in own[opening:]):
            return before
    topic = before.partition(GOES_ON)[0]
    return f"{_END.sub('', topic)}{GOES_ON}{text.strip()}"


@dataclass(frozen=True, slots=True)
class _Listed:
    """Some words, and the beginnings of others."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def __contains__(self, word: str) -> bool:
        return word in self.whole or word.startswith(self.beginnings)


@dataclass(frozen=True, slots=True)
class _FollowUpWords:
    """What the words of one or two languages do; the file says what that is."""

    opens: tuple[str, ...]
    points: _Listed
    small: _Listed
    asks: _Listed

    def opening(self, text: str) -> int:
        """Return how many words at its start continue another question; often 0."""
        said = fold(text).lstrip("¿¡ ").replace("'", " ").replace("’", " ")
        found = (o for o in self.opens if re.match(rf"{o}(?![^\s,:?])", said))
        return max((len(opens.split()) for opens in found), default=0)

    def names_topic(self, own: Iterable[str]) -> bool:
        """Say whether words name anything that a question could be about."""
        return not all(
            word.isdigit() or any(word in listed for listed in self._without_topic())
            for word in own
        )

    def _without_topic(self) -> tuple[_Listed, _Listed, _Listed]:
        return self.points, self.small, self.asks


def _goes_on(
    said: Sequence[str], own: Sequence[str], opening: int, spoken: _FollowUpWords
) -> bool:
    """Say whether a text goes on from another question.

    Args:
        said: Its words.
        own: Those that name no place.
        opening: How many of them open a follow-up.
        spoken: What they do.
    """
    if opening:
        return len(said) <= _LONGEST_OPENED
    if not spoken.names_topic(own):
        return len(said) <= _LONGEST_WITHOUT_TOPIC
    pointing = sum(word in spoken.points for word in own)
    names_places = len(own) < len(said)
    return not names_places and len(said) <= _LONGEST_POINTING.get(pointing, 0)


def _places(text: str, cities: Sequence[City]) -> list[_Span]:
    """Return where a text names mentor cities and places elsewhere, in order."""
    elsewhere = named_places(text, detect_language(text))
    if not elsewhere and not named_cities(text, cities):
        return []
    names = chain.from_iterable((city.name, *city.aliases) for city in cities)
    # "Grenoble-Alpes Métropole" is one place, not a place and two words.
    composed = [name for name in (*names, *elsewhere) if not name.isalnum()]
    composed.sort(key=len, reverse=True)
    pattern = "|".join([*map(re.escape, composed), _WORD])
    return [
        match.span()
        for match in re.finditer(pattern, text, re.IGNORECASE)
        if match.group() in elsewhere or named_cities(match.group(), cities)
    ]


def _without(text: str, spans: Iterable[_Span]) -> str:
    for start, end in reversed(list(spans)):
        text = f"{text[:start]} {text[end:]}"
    return text


def _moved(question: str, names: str, cities: Sequence[City]) -> str:
    """Return a question about other places; they are added where it names none."""
    places = _joined(question, _places(question, cities))
    for start, end in reversed(places):
        question = question[:start] + names + question[end:]
    if places:
        return question
    topic, arrow, rest = question.partition(GOES_ON)
    # It matches the empty end, too.
    closing = _END.search(topic)
    assert closing
    return f"{topic[: closing.start()]} ({names}){closing.group()}{arrow}{rest}"


def _joined(text: str, spans: Iterable[_Span]) -> list[_Span]:
    """Return spans as one where little stands between them ("A's and B's")."""
    joined: list[_Span] = []
    for start, end in spans:
        between = words(text[joined[-1][1] : start]) if joined else []
        if joined and sum(len(word) > 1 for word in between) <= 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


@cache
def _spoken(*languages: str) -> _FollowUpWords:
    """Return what the words of some languages do; English where none is known."""
    known = [_by_language()[code] for code in languages if code in _by_language()]
    lists = known or [_by_language()[_ENGLISH]]

    def listed(use: str) -> _Listed:
        found = [word for by_use in lists for word in by_use[use]]
        return _Listed(
            frozenset(word for word in found if not word.endswith("*")),
            tuple(word[:-1] for word in found if word.endswith("*")),
        )

    opens = tuple(phrase for by_use in lists for phrase in by_use["opens"])
    return _FollowUpWords(opens, listed("points"), listed("small"), listed("asks"))


@cache
def _by_language() -> dict[str, dict[str, list[str]]]:
    """Return what the file lists, by language and by what the words do."""
    listed: dict[str, dict[str, list[str]]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            languages, use, found = line.split("\t")
            for language in languages.split(","):
                listed.setdefault(language, {})[use] = fold(found).split("|")
    return listed
