"""Amounts of a question as the corpus writes them: "EUR 81 million", "35 MW", "40%".

The rules would rather leave an amount as it is than read it wrongly. Numbers without a
currency or unit keep their words: they may be years, lines, names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from kb.question.language import UNKNOWN, detect_language

_NUMBER = (
    r"(?P<number>[1-9]\d{0,2}(?:(?P<gap>[.,'’ \u00a0\u202f])\d{3})"
    r"(?:(?P=gap)\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)(?![.,]?\d)"
)
_NOT_INSIDE = r"(?<![\w.,/:+–-])"
_MILLION = (
    r"mio\.?|mln\.?|milj\.?|mn|mill?i[oó]n(?:s|en|er|ów|y|i|e|es)?|mill[oó]n(?:es)?"
    r"|milli[óo]|miljon(?:er)?|miljoen|miljoonaa?|milioane|milh(?:ões|ão)|milionů"
    r"|εκατ\.?|εκατομμύρι[αο]|m"
)
# A German "Billion" is a thousand of these, so the English word counts in English only.
_BILLION = (
    r"mrd\.?|mld\.?|mdr?\.?|bn|milliards?|milliarden?|milliarder|milliárd|miljard(?:er|ia?)?"
    r"|miliard(?:[iyoe]|ów|e)?|mil\s(?:millones|milhões)|δισ\.?|δισεκατομμύρι[αο]"
)
_CURRENCIES = {
    "EUR": r"€|EUR|euro(?:s|a|n|t|i|ja|lla|ssa)?|euró(?:t|s|ba|ból|ra|ért)?|ευρώ",
    "SEK": r"SEK",
    "NOK": r"NOK",
    "HUF": r"HUF|(?-i:Ft)|forint(?:s|ot|ba|ból|os|in|ia)?|florines|florins",
    "PLN": r"PLN|zł|złotych|zloty",
    "USD": r"USD|US\$|\$|dollars?",
    "GBP": r"GBP|£",
}
# Each country calls its own money so.
_SHORT_CURRENCIES = {"sv": {"SEK": r"kr|kronor"}}
_JOINED = {"M€": "EUR", "MEUR": "EUR", "MSEK": "SEK", "MNOK": "NOK"}
_SHORT_JOINED = {"sv": {"mkr": "SEK", "mnkr": "SEK"}}
_UNITS = {
    **{
        unit.lower(): f" {unit}"
        for unit in ("kW", "MW", "GW", "kWh", "MWh", "GWh", "TWh", "kWp", "MWp", "km")
    },
    **dict.fromkeys(("megawatt", "megawatts"), " MW"),
    **dict.fromkeys(("t", "ton", "tons", "tonne"), " tonnes"),
    **dict.fromkeys(("m²", "m2", "qm", "kvm", "sqm"), " m2"),
    **dict.fromkeys(("m³", "m3"), " m3"),
    # The glossary knows the words for it in other languages.
    **{"%": "%", "per cent": " percent"},
}
_ENDS = r"(?!\w)"
_UNIT_NAMES = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_UNIT = re.compile(
    rf"{_NOT_INSIDE}{_NUMBER}(?:\s|-(?=[kmg]))?(?P<unit>{_UNIT_NAMES}){_ENDS}",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[A-Z]{3} [\d,.]+(?: [mb]illion)?")
_SIGNS = str.maketrans({"₂": "2", "²": "2", "³": "3"})
_WITH_SIGN = re.compile(r"\bCO₂|(?<![^\W\d])[mM][²³]")


def plain_figures(text: str) -> str:
    """Return a question with its amounts as the corpus writes them.

    Money becomes "EUR 81 million", power and energy "35 MW", shares "40%", masses
    "2,500 tonnes", areas "50 m2"; other words stay, and so does every number whose
    separators could be read in two ways.

    Source: decimal signs by language from Unicode CLDR, as packaged by ``babel``.

    Args:
        text: The question; empty gives empty.
    """
    if not any(char.isdigit() for char in text) and "₂" not in text:
        return text
    language = detect_language(text)
    point = _decimal_point(language)

    def money(found: re.Match[str]) -> str:
        value = _value(found, point)
        if value is None or (point == "." and _PLAIN.fullmatch(found.group())):
            return found.group()
        parts = found.groupdict()
        joined = _joined(language).get((parts["joined"] or "").lower())
        code = joined or _currency(parts["before"] or parts["after"] or "", language)
        if parts["billion"]:
            value *= 10**9
        elif parts["million"] or joined:
            value *= 10**6
        return f"{code} {_scaled(value)}"

    def measured(found: re.Match[str]) -> str:
        value = _value(found, point)
        if value is None:
            return found.group()
        unit = found["unit"].lower()
        return f"{value:,f}{_UNITS[unit]}"

    text = _WITH_SIGN.sub(lambda found: found.group().translate(_SIGNS), text)
    for pattern in _money_patterns(language):
        text = pattern.sub(money, text)
    return _UNIT.sub(measured, text)


def _decimal_point(language: str) -> str:
    """Return the decimal sign of a language; the English one for unknown ones."""
    from babel import UnknownLocaleError
    from babel.numbers import get_decimal_symbol

    try:
        return get_decimal_symbol(language)
    except (UnknownLocaleError, ValueError):
        return "."


def _value(found: re.Match[str], point: str) -> Decimal | None:
    """Return the number of an amount; None where it could be another one, too."""
    number, gap = found["number"], found["gap"]
    if gap:
        whole, *fraction = re.split(r"[.,](?=\d{1,2}$)", number)
        groups = whole.split(gap)
        if len(groups) == 2 and not fraction and gap == point:
            return None  # "2.500" in English, "2,500" in German
        return Decimal(".".join(["".join(groups), *fraction]))
    return Decimal(number.replace(",", "."))


def _scaled(value: Decimal) -> str:
    """Return a sum of money with a word for millions, where that is exact."""
    for scale, name in ((10**9, "billion"), (10**6, "million")):
        scaled = (value / scale).normalize()
        if scaled >= 1 and int(scaled.as_tuple().exponent) >= -3:
            return f"{scaled:,f} {name}"
    return f"{value.normalize():,f}"


def _currency(written: str, language: str) -> str:
    return next(
        code
        for code, pattern in _currencies(language).items()
        if re.fullmatch(pattern, written, re.IGNORECASE)
    )


def _currencies(language: str) -> Mapping[str, str]:
    short = _SHORT_CURRENCIES.get(language, {})
    return {
        code: f"{pattern}|{short[code]}" if code in short else pattern
        for code, pattern in _CURRENCIES.items()
    }


def _joined(language: str) -> dict[str, str]:
    joined = {**_JOINED, **_SHORT_JOINED.get(language, {})}
    return {written.lower(): code for written, code in joined.items()}


@cache
def _money_patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return how money is written with its currency before and after the number."""
    currency = "|".join(_currencies(language).values())
    joined = "|".join(map(re.escape, _joined(language)))
    billion = f"{_BILLION}|billions?" if language in ("en", UNKNOWN) else _BILLION
    scale = rf"(?:\s?(?:(?P<million>{_MILLION})|(?P<billion>{billion})){_ENDS})?"
    before = rf"(?<![\w])(?<!\d\s)(?P<before>{currency})\s?{_NUMBER}{scale}"
    of = r"(?:\s?(?:de\s|d['’]|di\s)|[\s-])?"
    after = (
        rf"{_NOT_INSIDE}{_NUMBER}{scale}{of}"
        rf"(?:(?P<joined>{joined})|(?P<after>{currency})){_ENDS}(?!\s?\d)"
    )
    return (
        re.compile(f"{before}(?P<joined>)(?P<after>)", re.IGNORECASE),
        re.compile(f"(?P<before>){after}", re.IGNORECASE),
    )
