"""What the id of a part says: of which case and city it is."""

from __future__ import annotations


def city_of(case_id: str) -> str:
    """Return the slug of a case's city."""
    return case_id.partition("/")[0]


def case_id_of(part_id: str) -> str:
    """Return the id of the case that a passage or a statement is of."""
    return part_id.partition("#")[0]
