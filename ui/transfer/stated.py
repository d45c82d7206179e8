"""What a condition states about who owns what, or what there is, read by rule.

A rule reads only words that say it outright; nothing is inferred from what a case is
about. Whatever no rule reads stays a question to the reader.
"""

from __future__ import annotations

import re

from kb.types import Condition

# By key: the field of a profile that it is compared with, and for each value of it the
# words that state it. The first that is found holds.
_WORDS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "heat-network": (
        "heat_network",
        (
            (
                "yes",
                r"\bexisting (?:district )?heat(?:ing)? network\b"
                r"|\bnetwork came first\b"
                r"|\balready fed\b.*\bheating network\b"
                r"|^A large heat network able\b",
            ),
        ),
    ),
    "network-owner": (
        "network_owner",
        (
            (
                "shared",
                r"\bcity holds the majority of the (?:heat supplier|heat network)\b",
            ),
            (
                "city",
                r"\b(?:city|municipality) owns the (?:heat )?(?:utility|network)\b"
                r"|\bin charge of heat networks and owns this one\b",
            ),
            ("other", r"\bthe outside network owner\b"),
        ),
    ),
    "building-owner": (
        "building_owner",
        (
            ("flat-owners", r"\blie with flat owners\b|\bco-owners with the vote\b"),
            (
                "city",
                r"\bthe city's own (?:housing company|service buildings)\b"
                r"|\blarge municipal estate\b|\bon municipal roofs\b"
                r"|\bmunicipality systematically surveys its own buildings\b"
                r"|\bclient was the city housing producer\b",
            ),
        ),
    ),
    "land-owner": (
        "land_owner",
        (
            (
                "city",
                r"\bcity owns most of the land\b|\bland belongs to the city\b",
            ),
            ("other", r"\bland in private ownership\b"),
        ),
    ),
}
_HEAT = re.compile(r"\bheat\b", re.IGNORECASE)
_OUTSIDE_MONEY = "state-or-eu-money"
# Somebody outside, and that she paid; not a loan, and not what was only asked for.
_OUTSIDE = re.compile(
    r"\b(?:EU|European|[Ss]tate|[Nn]ational(?:ly)?|[Gg]overnment|[Mm]inistry)\b"
)
_PAID = re.compile(r"\b(?:grants?|money|funds?|(?:part-)?funded|pays?|paid|aid)\b")
_NOT_PAID = re.compile(r"\b(?:loans?|applied|requested|limit|without)\b")
# Fields that stand beside conditions of a kind and are compared by no rule.
_BESIDE = {
    "climate": "climate",
    "legal-power": "powers",
    "law-or-regulation": "powers",
    "budget-route": "budget",
    "political-mandate": "start",
    "time-and-sequence": "start",
}


def field_of(condition: Condition) -> str:
    """Return the field of a profile that speaks of the same; empty for none."""
    if condition.key == _OUTSIDE_MONEY:
        return "outside_money"
    if condition.key in _WORDS:
        return "" if _is_of_another_network(condition) else _WORDS[condition.key][0]
    return _BESIDE.get(condition.key, "")


def stated_by(condition: Condition) -> str:
    """Return the value of that field which a condition states; empty for none."""
    if condition.key == _OUTSIDE_MONEY:
        return _yes_if_paid_from_outside(condition)
    if _is_of_another_network(condition):
        return ""
    _field, values = _WORDS.get(condition.key, ("", ()))
    return next((v for v, words in values if re.search(words, condition.says)), "")


def _yes_if_paid_from_outside(condition: Condition) -> str:
    is_stated = (
        condition.role in ("required", "helped")
        and _OUTSIDE.search(condition.says)
        and _PAID.search(condition.says)
        and not _NOT_PAID.search(condition.says)
    )
    return "yes" if is_stated else ""


def _is_of_another_network(condition: Condition) -> bool:
    """Return whether it tells of lamps, water or waste and not of a heat network."""
    return condition.key == "network-owner" and not (
        _HEAT.search(condition.says) or _HEAT.search(condition.ask)
    )
