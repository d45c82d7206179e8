"""The words of a language that figures are read by."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from babel import Locale

ENGLISH = "en"
MONEY = "money"
"""The kind of every currency; the words around say which kind of money it is."""
_SCALES = range(3, 10, 3)
"""Powers of ten that CLDR has a word for, and that are the same in all languages."""
_PLACEHOLDER = re.compile(r"[0\s\u00a0']+|\.$")

T = TypeVar("T")


@dataclass(frozen=True)
class Terms(Generic[T]):
    """Expressions with what each means."""

    meanings: tuple[tuple[re.Pattern[str], T], ...]

    @classmethod
    def of(
        cls, written: Iterable[tuple[str, T]], flags: re.RegexFlag = re.NOFLAG
    ) -> Terms[T]:
        """Return terms that end where a word ends."""
        return cls(
            tuple(
                (re.compile(rf"(?:{expression})(?![\w₂²³])", flags), meaning)
                for expression, meaning in written
            )
        )

    def at(self, text: str, start: int) -> tuple[int, T] | None:
        """Return where the longest term that begins at a place ends, and its meaning.

        None where no term begins there.
        """
        found = [
            (match.end(), meaning)
            for pattern, meaning in self.meanings
            if (match := pattern.match(text, start))
        ]
        return max(found, key=lambda item: item[0], default=None)


@dataclass(frozen=True)
class Unit:
    """What a figure counts, under the name that figures give it."""

    name: str
    kind: str
    """A kind of figure, or `MONEY`."""
    scale: int = 1
    """What the number is multiplied with, as in ``MSEK``."""


@dataclass(frozen=True)
class Vocabulary:
    """How a language writes numbers, scales, units and counted things."""

    language: str
    point: str
    """Its decimal sign."""
    scales: Terms[int]
    numerals: Mapping[str, float]
    fractions: Terms[float]
    currencies: Terms[Unit]
    units: Terms[Unit]
    things: Terms[Unit]
    per: Terms[str]
    between: str
    """An expression for what stands before a range, whose ends ``joined`` joins."""
    joined: str
    to: str
    """An expression for the word between the ends of a range."""
    source: str
    """An expression for the word before the first of two figures that follow."""
    hedges: str

    @property
    def is_english(self) -> bool:
        """Whether every plural is taken for something that is counted."""
        return self.language == ENGLISH


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the words of a language.

    Source: scales and decimal signs from Unicode CLDR, as packaged by ``babel``; the
    rest stands in ``words.toml``.

    Args:
        language: ISO 639-1 code. One that CLDR does not know is read as English; one
            without words of its own by figures, units and scales.
    """
    from babel import Locale, UnknownLocaleError

    words = figure_words()
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        language, locale = ENGLISH, Locale.parse(ENGLISH)

    def any_of(key: str) -> str:
        """Return an expression that nothing matches where the language has no word."""
        return "|".join(words[key].get(language, ())) or r"(?!)"

    return Vocabulary(
        language=language,
        point=str(locale.number_symbols["latn"]["decimal"]),
        scales=Terms.of(_scales(words, language, locale), re.IGNORECASE),
        numerals=words["numerals"].get(language, {}),
        fractions=Terms.of(words["fractions"].get(language, {}).items(), re.IGNORECASE),
        currencies=Terms.of(_currencies(words, language)),
        units=Terms.of(_units(words["units"])),
        things=Terms.of(_units(words["things"])),
        per=Terms.of(
            (form, name) for name, forms in words["per"].items() for form in forms
        ),
        between=any_of("between"),
        joined=any_of("and"),
        to=any_of("to"),
        source=any_of("from"),
        hedges=any_of("hedges"),
    )


@cache
def figure_words() -> dict[str, Any]:
    """Return what ``words.toml`` says, by its sections."""
    path = files("ingest.figures").joinpath("words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _scales(
    words: Mapping[str, Any], language: str, locale: Locale
) -> Iterable[tuple[str, int]]:
    named = [words["scales"]]
    if language == ENGLISH:
        named.append(words["english_scales"])
    for scale, forms in ((n, forms) for group in named for n, forms in group.items()):
        for form in forms:
            yield rf"{form}\.?", int(scale.replace("_", ""))
    patterns = locale.compact_decimal_formats["long"]
    for forms in patterns.values():
        for zeros in _SCALES:
            pattern = forms.get("1" + "0" * zeros)
            word = _PLACEHOLDER.sub(" ", pattern.pattern).strip() if pattern else ""
            if word:
                yield re.escape(word), 10**zeros


def _currencies(words: Mapping[str, Any], language: str) -> Iterable[tuple[str, Unit]]:
    own = words["own_currencies"].get(language, {})
    for code, forms in (*words["currencies"].items(), *own.items()):
        for form in forms:
            yield form, Unit(code, MONEY)
    for code, scales in words["joined"].items():
        for scale, forms in scales.items():
            for form in forms:
                yield form, Unit(code, MONEY, int(scale.replace("_", "")))


def _units(groups: Mapping[str, Mapping[str, list[str]]]) -> Iterable[tuple[str, Unit]]:
    for kind, named in groups.items():
        for name, forms in named.items():
            yield "|".join(forms), Unit(name, kind)
