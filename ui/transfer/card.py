"""The transfer card: the conditions that a case states, against a city's profile.

It gives no score. What is not stated on both sides is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kb.records import source_records
from kb.types import Case, City, Condition, FullCase, Statement, Step
from ui.profile.model import Profile, size_class
from ui.transfer.stated import field_of, stated_by

Verdict = Literal["same", "different", "unknown"]
PlaceKind = Literal["country", "size", "climate"]
_ROLES = ("required", "hindered", "helped", "context")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Where a case happened, against where the reader's city is."""

    kind: PlaceKind
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition of a case with the statements that say it."""

    condition: Condition
    statements: tuple[Statement, ...]
    field: str
    """Of the profile, that speaks of the same; empty for none."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TransferCard:
    """What to compare before a case is taken to another city."""

    case: Case
    city: City
    place: tuple[PlaceRow, ...]
    conditions: tuple[ConditionRow, ...]
    """Required ones first, then what hindered, helped, and the rest."""


def transfer_card(full: FullCase, city: City, profile: Profile) -> TransferCard:
    """Return the card of a case for a city's profile, which may be empty."""
    ordered = sorted(full.conditions, key=lambda c: _ROLES.index(c.role))
    rows = (
        ConditionRow(
            condition,
            statements_of(full, condition),
            field := field_of(condition),
            _verdict(stated_by(condition), getattr(profile, field) if field else ""),
        )
        for condition in ordered
    )
    place = (
        PlaceRow("country", _verdict(city.country_code, profile.country)),
        PlaceRow("size", _verdict(size_class(city.population), profile.size)),
        PlaceRow("climate", "unknown"),  # no source of ours tells that of a city
    )
    return TransferCard(full.case, city, place, tuple(rows))


def statements_of(full: FullCase, item: Condition | Step) -> tuple[Statement, ...]:
    """Return the statements that a condition or step was read from, in its order."""
    by_id = {statement.statement_id: statement for statement in full.statements}
    return tuple(by_id[sid] for sid in item.statement_ids if sid in by_id)


def card_record(card: TransferCard) -> dict[str, Any]:
    """Return a card without a profile as one JSON object."""
    city = card.city
    return {
        "case_id": card.case.case_id,
        "title": card.case.title,
        "city": {
            "slug": city.slug,
            "name": city.name,
            "country": city.country,
            "population": city.population,
            "population_year": city.population_year,
            "population_source": source_records([city.population_source])[0],
        },
        "conditions": [
            {
                "key": row.condition.key,
                "role": row.condition.role,
                "says": row.condition.says,
                "ask": row.condition.ask,
                "statements": [
                    {
                        "statement_id": one.statement_id,
                        "text": one.text,
                        "sources": source_records(
                            s
                            for s in card.case.sources
                            if s.source_id in one.source_ids
                        ),
                    }
                    for one in row.statements
                ],
            }
            for row in card.conditions
        ],
    }


def _verdict(stated: str, told: str) -> Verdict:
    if not (stated and told):
        return "unknown"
    return "same" if stated == told else "different"
