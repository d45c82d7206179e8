"""Amounts in a text: numbers with the currency, unit or thing that they count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.figures.nouns import counted_noun
from ingest.figures.numbers import Number, find_numbers
from ingest.figures.vocabulary import MONEY, Unit, Vocabulary
from kb.figures import is_name_or_date

_CURRENCY_BEFORE = re.compile(
    r"(?<!\w)(US\$|[A-Z]{3}|[€£$]|kr|Ft)[ \u00a0\u202f]?(?:[-–]\s?)?$"
)
_NAMED_UNIT_BEFORE = re.compile(r"\b(?P<name>magnitude)(?: of)? $")
_SPACE = re.compile(r"[ \u00a0\u202f-]?")
_WORD_BETWEEN = re.compile(r"[^\W\d_]{3,}[ \u00a0]")
_MOST_BETWEEN = 2
_OF = re.compile(r" (?:of|de|di|d') ?")
_JOINT = (
    r"(?:and|or|to|of(?: the| its)?|out of|against|och|eller|ja|tai|og|és|vagy|et|ou|e"
    r"|o|und|oder|y|i|lub)"
)
_JOINS = re.compile(rf"\s?(?:,|,? {_JOINT}) ")

_FEW = 2
_NEAR = 60
_YEARS = range(1900, 2101)
_PERCENT = Unit("%", "share")
_TIMES = {"doubled": 2.0, "tripled": 3.0, "quadrupled": 4.0}
_MULTIPLES = re.compile(rf"\b(?:{'|'.join(_TIMES)})\b")
_HEDGE = r"(?:(?:about|nearly|almost|some|over|around|more than) )?"
_AGAIN = re.compile(rf",? (?:or|and|to) {_HEDGE}")
_CLOSED = re.compile(r"[.,;)](?!\w)|$")
_DATED = re.compile(r"(?: \([^)]*\))? in (?:19|20)\d\d\b")
_DATED_AGAIN = re.compile(rf"{_DATED.pattern},? (?:(?:and|but|to|against) )?{_HEDGE}")
_MONEY_NEXT = re.compile(r"\s?\d")
_PART_OF_YEAR = re.compile(r"\b(?:first|second|last|latter) $")
_OF_WHAT = re.compile(r" (?:of|the|their|its)\b")
_HEDGED = re.compile(r"\b(?:about|almost|nearly|within|over|than|least) $")
_SIGN = re.compile(r"(?:(?<=\s)|^)[-−]$")
_PART = re.compile(
    r"\b(?:of|by|about|nearly|almost|least|than|over|under|other|to|just|only|as|some)\s$"
)
_PART_OF = re.compile(r" (?:of|the)\b|[,.;)]|$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of something."""

    start: int
    end: int
    value: float
    value_to: float | None
    unit: Unit


def find_amounts(text: str, words: Vocabulary) -> list[Amount]:
    """Return what a text gives amounts of, in order.

    Years, dates, numbers in names and numbers of nothing are left out, and so are those
    whose sign leaves two readings.
    """
    numbers = list(find_numbers(text, words))
    found = [_amount(text, number, words) for number in numbers]
    found = _lent(text, numbers, found)
    parts = [*_fractions(text, words)]
    amounts = [a for a in found if a and not any(_overlap(a, p) for p in parts)]
    return sorted((*amounts, *parts), key=lambda amount: amount.start)


def _before(text: str, start: int) -> str:
    """Return the few characters before a place: a whole text would be slow."""
    return text[max(0, start - _NEAR) : start]


def _overlap(a: Amount, b: Amount) -> bool:
    return a.start < b.end and b.start < a.end


def _amount(text: str, number: Number, words: Vocabulary) -> Amount | None:
    """Return a number with what it counts; None where it counts nothing."""
    if number.is_doubtful:
        return None
    money = _money_before(text, number, words)
    return money or _measured(text, number, words) or _counted(text, number, words)


def _money_before(text: str, number: Number, words: Vocabulary) -> Amount | None:
    written = _CURRENCY_BEFORE.search(text[max(0, number.start - 6) : number.start])
    found = written and words.currencies.at(written[1], 0)
    if not written or not found or found[0] != len(written[1]) or number.is_word:
        return None
    start = number.start - len(written.group())
    return _of(number, found[1], start=start)


def _measured(text: str, number: Number, words: Vocabulary) -> Amount | None:
    """Return a number with the currency or unit behind it."""
    space = _SPACE.match(text, number.end)
    place = space.end() if space else number.end
    of = _OF.match(text, number.end)
    for terms, start in (
        (words.currencies, place),
        (words.units, place),
        (words.currencies, of.end() if of and number.factor > 1 else -1),
        (words.units, of.end() if of and number.factor > 1 else -1),
    ):
        found = terms.at(text, start) if start >= 0 else None
        if found and _is_enough(text, number, found):
            return _signed(text, _of(number, found[1], end=found[0]))
    before = _before(text, number.start)
    named = _NAMED_UNIT_BEFORE.search(before)
    if named:
        return _of(
            number,
            Unit(named["name"], "other"),
            start=number.start - len(before) + named.start(),
        )
    return None


def _is_enough(text: str, number: Number, found: tuple[int, Unit]) -> bool:
    """Whether a numeral is more than an article ("a SEK 5 million loan", "a year")."""
    end, unit = found
    if unit.kind == MONEY and _MONEY_NEXT.match(text, end):
        return False  # "in 2019 SEK 2 million"
    if not number.is_word or number.factor > 1:
        return True
    if unit.kind == MONEY:
        return False
    written = text[number.start : number.end].lower()
    return (
        number.value != 1
        or written == "one"
        or bool(_HEDGED.search(_before(text, number.start)))
    )


def _is_years(number: Number) -> bool:
    return number.value_to in _YEARS and number.value in _YEARS


def _signed(text: str, amount: Amount) -> Amount:
    """Return an amount with the minus that stands before it; only degrees have one."""
    if amount.unit.kind != "temperature" or not _SIGN.search(
        _before(text, amount.start)
    ):
        return amount
    return Amount(
        amount.start - 1, amount.end, -amount.value, amount.value_to, amount.unit
    )


def _counted(text: str, number: Number, words: Vocabulary) -> Amount | None:
    """Return a number with the things behind it."""
    if is_name_or_date(text, number.start, number.end):
        return None
    if number.is_word and number.value < _FEW or _is_years(number):
        return None
    gap = _SPACE.match(text, number.end)
    if not gap or gap.group() in ("", "-"):  # "two-storey blocks"
        return None
    if words.is_english:
        noun = counted_noun(text, number.end, words.numerals)
        if noun is None:
            return None
        known = words.things.at(text, noun.start)
        if known is None and number.is_word and number.value == _FEW:
            return None  # "two sources", "two conditions"
        unit = known[1] if known else Unit(noun.name, "count")
        return _of(number, unit, end=noun.end)
    for start in _next_words(text, gap.end()):
        found = words.things.at(text, start)
        if found:
            return _of(number, found[1], end=found[0])
    return None


def _next_words(text: str, start: int) -> Iterator[int]:
    """Yield where the next three words begin."""
    yield start
    for _ in range(_MOST_BETWEEN):
        word = _WORD_BETWEEN.match(text, start)
        if not word:
            return
        start = word.end()
        yield start


def _of(
    number: Number, unit: Unit, *, start: int | None = None, end: int | None = None
) -> Amount:
    to = number.value_to
    return Amount(
        number.start if start is None else start,
        number.end if end is None else end,
        round(number.value * unit.scale, 6),
        None if to is None else round(to * unit.scale, 6),
        unit,
    )


def _lent(
    text: str, numbers: Sequence[Number], amounts: Sequence[Amount | None]
) -> list[Amount | None]:
    """Return amounts where numbers in a row share the unit of the last one.

    For example "70-350, 90-400 and 220-450 kPa", or "from 260 to 90 kWh/m2".
    """
    lent = list(amounts)
    for n in reversed(range(len(numbers) - 1)):
        number, next_ = numbers[n], lent[n + 1]
        if (
            number.is_doubtful
            or lent[n]
            or not next_
            or number.is_word
            or _is_years(number)
        ):
            continue
        between = text[number.end : numbers[n + 1].start]
        if _JOINS.fullmatch(between) and not is_name_or_date(
            text, number.start, number.end
        ):
            lent[n] = _of(number, Unit(next_.unit.name, next_.unit.kind))
    for n, next_number in enumerate(numbers[1:]):
        given = lent[n]
        if given and not lent[n + 1] and _goes_on(text, given, next_number):
            lent[n + 1] = _of(next_number, Unit(given.unit.name, given.unit.kind))
    return lent


def _goes_on(text: str, amount: Amount, number: Number) -> bool:
    """Whether a number repeats a unit: "EUR 400 or 800;", "5 in 2019 and 9 in 2023"."""
    between = text[amount.end : number.start]
    behind = text[number.end : number.end + _NEAR]
    if number.is_doubtful or is_name_or_date(text, number.start, number.end):
        return False
    return bool(
        _AGAIN.fullmatch(between)
        and _CLOSED.match(behind)
        or _DATED_AGAIN.fullmatch(between)
        and _DATED.match(behind)
    )


def _fractions(text: str, words: Vocabulary) -> Iterator[Amount]:
    """Yield the shares that are written in words, in percent, and what grew twice."""
    for match in re.finditer(r"(?<!\w)[^\W\d_]", text):
        found = words.fractions.at(text, match.start())
        if found and _is_share(text, match.start(), found[0], words):
            yield Amount(match.start(), found[0], float(found[1]), None, _PERCENT)
    if words.is_english:
        for match in _MULTIPLES.finditer(text):
            times = _TIMES[match.group()]
            yield Amount(
                match.start(), match.end(), times, None, Unit("times", "count")
            )


def _is_share(text: str, start: int, end: int, words: Vocabulary) -> bool:
    """Whether words for a fraction are no ordinal ("a third plant") and no duration."""
    if not words.is_english:
        return True
    word = text[start:end].lower()
    if word.startswith("halv"):
        return True
    if word == "half":
        return not _PART_OF_YEAR.search(_before(text, start)) and bool(
            _PART_OF.match(text, end)
            and _PART.search(_before(text, start))
            or _OF_WHAT.match(text, end)
        )
    return not word.startswith("a ") or bool(_PART_OF.match(text, end))
