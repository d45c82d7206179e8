"""Key figures as a statement gives them, proposed by rules."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ingest.figures.amounts import Amount, find_amounts
from ingest.figures.kinds import kind_of, state_of
from ingest.figures.vocabulary import MONEY, Vocabulary, vocabulary
from kb.question.language import UNKNOWN
from kb.types import KeyFigure

_YEAR = re.compile(
    r"(?<![\d.,/–-])(?<!Horizon )(?<!Agenda )(?:19|20)\d\d(?![\d/–-]|\.\d|,\d{3}|s\b)"
)
_PER_THING = re.compile(r"\s?(?:per|/)\s?(?P<thing>[^\W\d_][\w]*)")
_OF_THINGS = re.compile(r" (?:of|in) [^\W\d_]+(?: [^\W\d_]+)?")
# "SEK 500 million (EUR 56 million)" is one sum in two currencies.
_SAME_AGAIN = re.compile(
    r"(?:,? (?:reported as|or|i\.e\.))? \(?(?:about |nearly |some )?"
)
_NEAR = 400
"""Characters beside a figure in which words say something of it."""
_MOST_WORDS = 80
_ENDS_WHAT = re.compile(r"[.;:](?:\s|$)|,\s")


def read_figures(statement_id: str, text: str, language: str) -> list[KeyFigure]:
    """Return the key figures of a statement, in order; empty where it has none.

    Kind, ``what``, year and state are guesses from the words near a figure. Value and
    unit stand in the text; what could be read in two ways is left out.

    Args:
        statement_id: The statement that the figures are tied to.
        text: Its text.
        language: ISO 639-1 code of its language; an unknown one is read as English.
    """
    words = vocabulary("en" if language == UNKNOWN else language)
    amounts = find_amounts(text, words)
    figures = [_figure(statement_id, text, amount, words) for amount in amounts]
    for n, (before, after) in enumerate(pairwise(amounts)):
        if _SAME_AGAIN.fullmatch(text[before.end : after.start]) and _is_money(
            before, after
        ):
            figures[n + 1] = replace(figures[n + 1], kind=figures[n].kind)
    return figures


def _is_money(*amounts: Amount) -> bool:
    return all(amount.unit.kind == MONEY for amount in amounts)


def _figure(
    statement_id: str, text: str, amount: Amount, words: Vocabulary
) -> KeyFigure:
    start, (end, per) = (
        _with_hedge(text, amount.start, words),
        _per(text, amount, words),
    )
    first = max(0, amount.start - _NEAR)
    near = text[first : amount.end + _NEAR]
    place = replace(amount, start=amount.start - first, end=amount.end - first)
    return KeyFigure(
        statement_id=statement_id,
        quote=text[start:end],
        kind=kind_of(near, place, per),
        what=_what(near, start - first, end - first),
        value=amount.value,
        value_to=amount.value_to,
        unit=amount.unit.name,
        year=_year(near, place),
        state=state_of(near, place),
        per=per,
    )


def _with_hedge(text: str, start: int, words: Vocabulary) -> int:
    """Return where a quote begins, with the "about" or "more than" before a number."""
    hedge = re.search(
        rf"(?i)(?<!\w)(?:{words.hedges}) $", text[max(0, start - 20) : start]
    )
    return start - len(hedge.group()) if hedge else start


def _per(text: str, amount: Amount, words: Vocabulary) -> tuple[int, str | None]:
    """Return where a quote ends, and per what its figure is given."""
    things = _OF_THINGS.match(text, amount.end)
    for place in (amount.end, things.end() if things else amount.end):
        start = place + (text[place : place + 1] == " ")
        found = words.per.at(text, start)
        if found:
            return found
        thing = _PER_THING.match(text, place)
        if thing:
            return thing.end(), thing["thing"]
    return amount.end, None


def _what(text: str, start: int, end: int) -> str:
    """Return the words around a figure, from which a person says what it is of."""
    before = _ENDS_WHAT.split(text[:start])[-1]
    behind = _ENDS_WHAT.split(text[end:])[0]
    return " ".join(f"{before}…{behind}".split())[:_MOST_WORDS]


def _year(text: str, amount: Amount) -> int | None:
    """Return the year that stands nearest; None where the text names none."""
    years = [
        (min(abs(found.start() - amount.end), abs(amount.start - found.end())), found)
        for found in _YEAR.finditer(text)
        if not (amount.start <= found.start() < amount.end)
    ]
    return int(min(years, key=lambda item: item[0])[1].group()) if years else None
