"""Sentences: the library proposes where they end, the words of the language decide."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

import sentencex
from babel import Locale

_CLOSED = r"(?:[\"'»«”“’‘)\]⁰¹²³⁴-⁹]|[ \u00a0\u202f]»)*"
_MAY_END = re.compile(rf"[.!?…]+{_CLOSED}\s+")
_FULL_STOP = re.compile(rf"(?<![.!?…])\.({_CLOSED})(\s*)$")
_OPENING = " \t\n\u00a0\u202f([{«»„“”‘’\"'¿¡–—-"
_CLOSING = ',;:)]»”“"'
# A longer quotation or bracket is one whose end was forgotten.
_ENCLOSED = re.compile(
    r"""«[^«»]{1,600}»|»[^«»]{1,600}«|(?<!\w)[„“”"][^„“”"]{1,600}[“”"](?!\w)
    |\((?:[^()]|\([^()]{0,200}\)){1,600}\)|\[[^\[\]]{1,600}\]""",
    re.VERBOSE,
)
# Behind an abbreviation, as in "2021 r. (poz. 802)"; a sentence ends in its brackets.
_ASIDE = re.compile(r"\((?:[^()]|\([^()]{0,200}\)){1,600}(?<![.!?])\)")
# So many characters behind and ahead of a full stop tell what it does.
_BEHIND, _AHEAD = 100, 60
_MOST_TOKENS = 4
# "W dniu 3 stycznia 2020 r."; what is longer has a verb.
_MOST_DATE_TOKENS = 6
_ELISION = re.compile(r".*['’](?=\w)")  # "l'art", "all'ing"
_LABEL = re.compile(r"\W*(?:[\d.-]+|[^\W\d_]|[IVXLC]+)\W*")  # "§ 9-6.", "A.", "IV."
_FIGURE = re.compile(r"\W*\d\S*(?<!,)|[IVXLC]+")
_ROMAN = re.compile(r"[IVXLC]+")
_ORDINAL = re.compile(r"\d{1,3}")
_DAY_OR_MONTH = re.compile(r"\d{1,2}(?:\.|-.*)")
_YEAR = re.compile(r"(?:.*/)?(?:19|20)\d\d")
_INITIALS = re.compile(r"[^\W\d_](?:[.-]{1,2}[^\W\d_])*")  # "J", "J.-P", "U.S"
_INITIAL = re.compile(r"[^\W\d_]\.")  # the second half of "u. Ä."
_DOTTED = re.compile(r"(?=.*\b\w\b)[^\W\d_]{1,3}(?:\.[^\W\d_]{1,3})+")  # "m.fl"
_CONSONANTS = re.compile(
    r"[^\W\d_aeiouyåäöæøáéíóúýàèìòùâêîôûãõőűüïëąęăěůαεηιουωάέήίόύώ]+"
)
_CURRENCIES = "€$£"
_LONGEST_UNIT = 4
_AMOUNT = re.compile(
    r"[€$£]|(?:EUR|Euro|CHF|CZK|DKK|Ft|GBP|HUF|Kč|NOK|PLN|RON|SEK|USD)\b|[kMGT]Wh?\b"
)


@dataclass(frozen=True)
class _Words:
    """What ``sentences.toml`` says of a language."""

    goes_on: frozenset[str]
    numbered: frozenset[str]
    ends: frozenset[str]
    units: frozenset[str]
    opens: frozenset[str]
    months: frozenset[str]
    endings: tuple[str, ...]
    """Of words that a full stop shortens before a figure, such as names of streets."""
    names: frozenset[str] = frozenset()
    before_ordinal: frozenset[str] | None = None
    """None where no ordinal is written with a full stop."""
    before_year: frozenset[str] = frozenset()
    capital_nouns: bool = False
    year_first: bool = False


def cut_sentences(text: str, language: str) -> list[str]:
    """Return a text's sentences; joined, they are the text again.

    The library (sentencex) knows few abbreviations and no ordinals of most languages,
    and never ends a sentence behind those that it knows. So in the languages of
    ``sentences.toml`` every full stop is looked at, whether it proposes it or not.
    Quotations and brackets are never cut, and no sentence ends before a small letter.

    Args:
        text: One block of text.
        language: ISO 639-1 code.
    """
    words = _words_of(language)
    places = set(accumulate(map(len, sentencex.segment(language, text))))
    if words is not None:
        places.update(match.end() for match in _MAY_END.finditer(text))
    for match in _ENCLOSED.finditer(text):
        places.difference_update(range(match.start() + 1, match.end()))
    return list(_pieces(text, sorted(places), words))


def is_month(word: str) -> bool:
    """Return whether a word names a month in one of these languages."""
    return word.lower() in _all_months()


def _pieces(text: str, places: list[int], words: _Words | None) -> Iterator[str]:
    start = 0
    for place in places:
        if place < len(text):
            stop = _Stop(text, start, place)
            if stop.is_inside() or (words is not None and stop.goes_on(words)):
                continue
        yield text[start:place]
        start = place


class _Stop:
    """A place where a sentence may end, with the words around it."""

    def __init__(self, text: str, start: int, place: int) -> None:
        behind = text[max(start, place - _BEHIND) : place]
        self._full_stop = _FULL_STOP.search(behind)
        tokens = (behind[: self._full_stop.start()] if self._full_stop else "").split()
        last = [_ELISION.sub("", t.lstrip(_OPENING)) for t in tokens[-_MOST_TOKENS:]]
        self._before, self._word = last[:-1], last[-1] if last else ""
        self._previous = self._before[-1] if self._before else ""
        sentence = text[start : min(place, start + _BEHIND)].strip()
        self._is_label = _LABEL.fullmatch(sentence) is not None
        self._is_bracketed = sentence.startswith(("(", "["))
        self._opening = sentence.split(maxsplit=1)[0].lower() if sentence else ""
        self._is_short = len(tokens) <= _MOST_DATE_TOKENS
        self._before_aside = _ASIDE.match(text, place) is not None
        ahead = text[place : place + _AHEAD].lstrip(_OPENING)
        self._next = ahead.split(maxsplit=1)[0].rstrip(_CLOSING) if ahead else ""

    def is_inside(self) -> bool:
        """Return whether a small letter follows, or but a number stands before."""
        return self._next[:1].islower() or self._is_label

    def goes_on(self, words: _Words) -> bool:
        """Return whether the full stop shortens a word or makes an ordinal."""
        if self._full_stop is None or not self._next:
            return False
        closers, gap = self._full_stop.groups()
        if not gap:
            return True
        if self._word[-1:].isdigit():
            return self._figure_goes_on(words)
        if self._is_amount():
            return True
        if len(self._word) > 1 and _ROMAN.fullmatch(self._word):
            return words.before_ordinal is not None and not self._opens(words)
        found = self._abbreviation_goes_on(words)
        if found is None:
            return self._unknown_goes_on(words)
        # It closes "(simhallar m.m.)" in the middle of a sentence.
        closes = ")" in closers and not self._is_bracketed
        return found or closes or self._before_aside

    def _figure_goes_on(self, words: _Words) -> bool:
        if self._next[0].isdigit():
            return self._date_goes_on(words)
        if words.year_first and _YEAR.fullmatch(self._word):
            return _ROMAN.fullmatch(self._next.rstrip(".")) is not None
        if words.before_ordinal is None or not _ORDINAL.fullmatch(self._word):
            return False
        if self._next[0] == "§" or self._next.rstrip(".").lower() in words.months:
            return True
        if self._opens(words):
            return False
        is_attribute = self._previous[:1].islower() and self._previous[-1:] != "."
        return self._previous.lower() in words.before_ordinal or (
            words.capital_nouns and is_attribute
        )

    def _date_goes_on(self, words: _Words) -> bool:
        """Return whether this is a date such as ``1. 1. 2020`` or ``2020. 1. 1.``."""
        is_year = words.year_first and _YEAR.fullmatch(self._word)
        if not is_year and not (self._word.isdecimal() and len(self._word) <= 2):
            return False
        if _DAY_OR_MONTH.fullmatch(self._previous) and _YEAR.match(self._next):
            return True
        return _DAY_OR_MONTH.fullmatch(self._next) is not None

    def _abbreviation_goes_on(self, words: _Words) -> bool | None:
        """Return whether a known abbreviation ends nothing; None if it is unknown."""
        word, names = self._word.lower(), set(self._shortened())
        if word in words.units and self._is_counted(words):
            return self._unit_goes_on(words)
        if names & words.goes_on:
            return True
        is_numbered = names & words.numbered or word.endswith(words.endings)
        if is_numbered and self._is_before_number(words):
            return True
        if names & words.names:
            return not self._opens(words)
        if names & words.ends:
            return self._next.rstrip(".").lower() in words.ends  # "& Co. KG"
        return None

    def _shortened(self) -> Iterator[str]:
        """Yield what the full stop may shorten: ``b`` and ``z.b`` of "z. B."."""
        name = self._word.lower()
        yield name
        for token in reversed(self._before):
            if not token.endswith("."):
                return
            name = token.lower() + name
            yield name

    def _is_amount(self) -> bool:
        """Return whether a currency follows a figure and a short word: "3,5 mil. €"."""
        is_short = len(self._word) <= _LONGEST_UNIT and self._word.isalpha()
        is_figure = _FIGURE.fullmatch(self._previous) and self._previous[0].isdigit()
        return is_short and bool(is_figure) and self._next[0] in _CURRENCIES

    def _is_counted(self, words: _Words) -> bool:
        """Return whether a figure stands before the word, or "3 million"."""
        is_unit = self._previous.rstrip(".").lower() in words.units
        return is_unit or _FIGURE.fullmatch(self._previous) is not None

    def _unit_goes_on(self, words: _Words) -> bool:
        if _YEAR.fullmatch(self._previous) and self._opening in words.before_year:
            return self._is_short
        is_noun = words.capital_nouns and self._next[0].isalpha()
        return bool(_AMOUNT.match(self._next)) or (is_noun and not self._opens(words))

    def _unknown_goes_on(self, words: _Words) -> bool:
        """Return whether these are initials, or no word looks like this."""
        word = self._word
        if self._is_counted(words) or self._opens(words):
            return False
        if len(word) == 1 and _INITIAL.fullmatch(self._next):
            return True
        if word.isupper():
            # "J. Berg", "R.D. 134", but not "scenario A. 12 of"
            is_followed = self._next[0].isalpha() or "." in word
            return is_followed and _INITIALS.fullmatch(word) is not None
        looks_short = _DOTTED.fullmatch(word) or _CONSONANTS.fullmatch(word)
        return word.islower() and word not in words.units and looks_short is not None

    def _is_before_number(self, words: _Words) -> bool:
        """Return whether a figure or a single letter follows."""
        number = self._next.rstrip(".")
        is_letter = len(number) == 1 and not self._opens(words)
        return number[:1].isdigit() or is_letter or bool(_ROMAN.fullmatch(number))

    def _opens(self, words: _Words) -> bool:
        """Return whether the next word is one that opens sentences."""
        return re.split("['’]", self._next.lower())[0] in words.opens


@cache
def _words_of(language: str) -> _Words | None:
    table = _tables().get(language)
    if table is None:
        return None
    if "same_as" in table:
        return _words_of(table["same_as"])
    words: dict[str, Any] = {
        key: frozenset(value.split()) if isinstance(value, str) else value
        for key, value in table.items()
    }
    full, short = _months(language, "wide"), _months(language, "abbreviated")
    days = Locale.parse(language).days["format"]["abbreviated"].values()
    words["numbered"] |= short - full | {day.lower().rstrip(".") for day in days}
    endings = tuple(word[1:] for word in words["numbered"] if word.startswith("*"))
    return _Words(**words, months=full | short, endings=endings)


def _months(language: str, width: str) -> frozenset[str]:
    names = Locale.parse(language).months["format"][width].values()
    return frozenset(name.lower().rstrip(".") for name in names)


@cache
def _all_months() -> frozenset[str]:
    return frozenset().union(*(_months(language, "wide") for language in _tables()))


@cache
def _tables() -> dict[str, dict[str, Any]]:
    path = files("ingest").joinpath("sentences.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
