"""What people have read from statements: key figures, conditions and steps.

They are part of the vocabulary, and imported from `kb.types` as the rest of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.ids import case_id_of

MoneyKind = Literal[
    "investment",
    "grant",
    "loan",
    "bond",
    "saving",
    "revenue",
    "running-cost",
    "price",
    "budget",
    "fee",
    "other-money",
]
FigureKind = Literal[
    MoneyKind,
    "area",
    "buildings",
    "count",
    "duration",
    "emissions",
    "energy",
    "heat-share",
    "homes",
    "length",
    "material",
    "people",
    "power",
    "share",
    "temperature",
    "other",
]
FigureState = Literal["planned", "expected", "realised", "reported", "limit", "unknown"]
ConditionRole = Literal["required", "helped", "hindered", "context"]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure that a statement gives, read by a person and tied to its words."""

    statement_id: str
    quote: str
    """The statement's exact characters; only they say "about" or "more than"."""
    kind: FigureKind
    what: str
    """What it is the figure of, in English, and whether it fell or rose."""
    value: float | None
    """In single units, never millions, and in the quote's own currency; None where
    the quote gives no number. A
    fraction is a percentage, a fall is positive."""
    unit: str
    """A currency's ISO 4217 code, ``%``, or a unit such as ``MW`` or ``homes``."""
    value_to: float | None = None
    """The end of a range that begins with ``value``."""
    year: int | None = None
    """The year that it is of; None where the statement tells none."""
    state: FigureState = "unknown"
    who: str | None = None
    """Who paid, gave or achieved it."""
    per: str | None = None
    """Per what it is given, such as ``year`` or ``home``."""

    @property
    def case_id(self) -> str:
        """Id of its case."""
        return case_id_of(self.statement_id)


@dataclass(frozen=True, slots=True)
class Condition:
    """What made a practice possible or stood in its way, as its statements say."""

    key: str
    """Short name that conditions of the same kind share across cases."""
    says: str
    role: ConditionRole
    ask: str
    """The question that another city has to ask itself."""
    statement_ids: tuple[str, ...]
    """Of its case, at least one."""

    @property
    def case_id(self) -> str:
        """Id of its case."""
        return case_id_of(self.statement_ids[0])


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done, in its place in the order of a practice."""

    when: str
    """As the statements date it; empty where they do not."""
    what: str
    statement_ids: tuple[str, ...]
    """Of its case, at least one."""

    @property
    def case_id(self) -> str:
        """Id of its case."""
        return case_id_of(self.statement_ids[0])
