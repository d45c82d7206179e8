"""Of what kind a figure is, and whether it has happened: the nearest words decide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import cast

from ingest.figures.amounts import Amount
from ingest.figures.vocabulary import MONEY, figure_words
from kb.types import FigureKind, FigureState

_BEHIND = 1.4
"""How much further a word behind the figure seems than one before it."""
_OTHER_CLAUSE = 60
"""Characters that the border of a clause counts for."""
_VAGUE = {"investment": 2.0, "budget": 1.0}
"""How much further the words of a kind seem that stand beside all others, too."""
_EMISSIONS = "emissions"
_MASSES, _VOLUMES = {"t", "kg", "kt"}, {"l", "m3"}
_MASS_REACH, _VOLUME_REACH, _STATE_REACH = 200, 40, 90
"""Characters within which a word says something of a figure."""
_PRICED = {"MWh", "kWh", "GJ", "tonne", "m3"}


def kind_of(text: str, amount: Amount, per: str | None) -> FigureKind:
    """Return the likeliest kind of an amount in a text.

    Args:
        text: The statement.
        amount: A place in it.
        per: Per what the amount is given.
    """
    unit = amount.unit
    if unit.kind == MONEY:
        kind = _nearest(text, amount, "money_kinds") or "investment"
        kind = "price" if kind == "investment" and per in _PRICED else kind
    elif unit.name == "%":
        kind = _nearest(text, amount, "context_kinds") or unit.kind
    elif unit.name in _MASSES:
        near = _nearest(text, amount, "context_kinds", _MASS_REACH)
        kind = _EMISSIONS if near == _EMISSIONS else unit.kind
    elif unit.name in _VOLUMES:
        kind = _nearest(text, amount, "fuel_kinds", _VOLUME_REACH) or unit.kind
    else:
        kind = unit.kind
    return cast(FigureKind, kind)


def state_of(text: str, amount: Amount) -> FigureState:
    """Return whether an amount is planned, expected or a limit; else unknown."""
    state = _nearest(text, amount, "states", _STATE_REACH)
    return cast(FigureState, state or "unknown")


@cache
def _patterns(group: str) -> Mapping[str, re.Pattern[str]]:
    return {
        kind: re.compile("|".join(f"(?:{word})" for word in words), re.IGNORECASE)
        for kind, words in figure_words()[group].items()
    }


def _nearest(
    text: str,
    amount: Amount,
    group: str,
    reach: float = float("inf"),
) -> str | None:
    """Return the kind whose word stands nearest; None where none is within reach."""
    near = sorted(
        (distance * _VAGUE.get(kind, 1), kind)
        for kind, pattern in _patterns(group).items()
        for distance in _distances(text, amount, pattern)
        if distance <= reach
    )
    return near[0][1] if near else None


def _distances(text: str, amount: Amount, pattern: re.Pattern[str]) -> Iterator[float]:
    for found in pattern.finditer(text):
        if found.start() < amount.end and amount.start < found.end():
            yield 0
            continue
        is_before = found.end() <= amount.start
        start, end = (
            (found.end(), amount.start) if is_before else (amount.end, found.start())
        )
        borders = len(re.findall(r"[;:.](?=\s)|, ", text[start:end]))
        distance = (end - start) * (1 if is_before else _BEHIND)
        yield distance + borders * _OTHER_CLAUSE
