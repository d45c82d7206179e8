"""Numbers, dates and names of languages and countries as the reader writes them.

Source: the Unicode CLDR, as packaged by Babel.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ui.texts import spoken_language

if TYPE_CHECKING:
    from babel import Locale

# Readers of English are in Europe: 23 November 2026, not November 23.
_CLDR = {"en": "en_GB"}
_DURATIONS = {
    f"{name}s": f"duration-{name}" for name in ("year", "month", "week", "day", "hour")
}
_RAISED = re.compile(r"(?<=\bm)[23]\b|(?<=\b[kN]m)[23]\b")


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


def quantity(value: float, to: float | None, unit: str) -> str:
    """Return a value, or both ends of a range, with its unit.

    Args:
        value: The value, or the lower end.
        to: The upper end, if it is a range.
        unit: As the corpus has it: ``MW``, ``m2``, ``years``.
    """
    last = number(value if to is None else to)
    told = last if to is None else f"{number(value)}–{last}"
    if unit not in _DURATIONS:
        return f"{told}\u00a0{unit_sign(unit)}"
    return _duration(value if to is None else to, unit).replace(last, told, 1)


def per_time(amount: str, unit: str) -> str:
    """Return an amount per year, month, week, day or hour; '' for another unit."""
    from babel.units import format_compound_unit

    if f"{unit}s" not in _DURATIONS:
        return ""
    name = _DURATIONS[f"{unit}s"]
    told = format_compound_unit(
        amount, denominator_unit=name, length="long", locale=_locale()
    )
    return told or ""


def _duration(value: float, unit: str) -> str:
    from babel.units import format_unit

    name = _DURATIONS[unit]
    told = format_unit(value, name, "long", locale=_locale())
    # Where a language has one form, Babel finds only its short name.
    if name in told:
        return format_unit(value, name, "short", locale=_locale())
    return told


def unit_sign(unit: str) -> str:
    """Return a unit as it is printed: ``m²`` for ``m2``."""
    return _RAISED.sub(_raise, unit)


def _raise(match: re.Match[str]) -> str:
    return "²" if match.group() == "2" else "³"


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
