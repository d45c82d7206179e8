"""Numbers, dates and names of languages and countries as the reader writes them.

Source: the Unicode CLDR, as packaged by Babel.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ui.texts import spoken_language

if TYPE_CHECKING:
    from babel import Locale

# Readers of English are in Europe: 23 November 2026, not November 23.
_CLDR = {"en": "en_GB"}


def number(value: float, digits: int | None = None) -> str:
    """Return a number with the reader's separators.

    Args:
        value: The number.
        digits: How many digits stand after the decimal sign, zeros included; as many
            as it needs, up to three, without it.
    """
    from babel.numbers import format_decimal

    form = None if digits is None else f"#,##0.{'0' * digits}"
    return format_decimal(value, form, locale=_locale())


def percent(share: float) -> str:
    """Return a share, 0 to 1, as a whole percentage."""
    from babel.numbers import format_percent

    return format_percent(share, locale=_locale())


def day(value: date | str) -> str:
    """Return a date, or the ISO date that a text begins with, with its month in words.

    A text that does not begin with a date is returned as it is.
    """
    from babel.dates import format_date

    if isinstance(value, str):
        try:
            value = date.fromisoformat(value[:10])
        except ValueError:
            return str(value)
    return format_date(value, format="long", locale=_locale())


def language_name(code: str) -> str:
    """Return the name of a language by its ISO 639-1 code, or the code."""
    return str(_locale().languages.get(code, code))


def own_language_name(code: str) -> str:
    """Return what speakers of a language call it, or the code."""
    name = str(_locale_of(code).languages.get(code, code))
    return name[:1].upper() + name[1:]


def country_name(code: str, otherwise: str) -> str:
    """Return the name of a country by its ISO 3166 code, or ``otherwise``."""
    return str(_locale().territories.get(code, otherwise))


def joined(items: list[str]) -> str:
    """Return items as a list in a sentence: "a, b and c"."""
    from babel.lists import format_list

    return format_list(items, locale=_locale()) if items else ""


def _locale() -> Locale:
    return _locale_of(spoken_language())


@cache
def _locale_of(code: str) -> Locale:
    from babel import Locale

    return Locale.parse(_CLDR.get(code, code))
