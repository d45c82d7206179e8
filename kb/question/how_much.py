"""Whether a question asks for figures: how much, how many, what it cost."""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"how (?:much|many|big|large|expensive)|costs?|price|budget|invest\w*|"
    r"kost\w*|gekostet|wie ?viele?|preis\w*|combien|coût\w*|coûté|prix|"
    r"quant[oiae]|cost[oiaó]\w*|prezz\w*|cuánt[oa]s?|coste|costar\w*|precio\w*|"
    r"kuinka (?:paljon|monta)|maks\w*|kustann\w*|hinta\w*|"
    r"hur (?:mycket|många|stor\w*)|hvor (?:mye|mange|store?)|pris\w*|"
    r"mennyi\w*|hány\w*|költség\w*|ile|koszt\w*|cena|ceny|nakład\w*",
    re.IGNORECASE,
)


def asks_how_much(text: str) -> bool:
    """Say whether a question, in a language of the pages, asks for figures.

    The rule would rather show figures to who did not ask than hide them: they are those
    of statements that are shown anyway.
    """
    return any(_ASKS.fullmatch(part) for part in _parts(text))


def _parts(text: str) -> list[str]:
    words = re.findall(r"\w+", text)
    return [*words, *map(" ".join, zip(words, words[1:], strict=False))]
