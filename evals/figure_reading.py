"""How well figures are read by rules: against those that people listed in the cases.

The rules were written with the figures of five cities. Those of the other four are
reported: every second city of the alphabet, chosen before anybody looked at one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose
from pathlib import Path

from ingest.corpus import read_corpus_state
from ingest.documents import Units
from ingest.figures import read_figures
from ingest.limits import Limits
from ingest.worker import read_files
from kb.errors import CorpusError
from kb.key_figures import MONEY
from kb.settings import Settings
from kb.types import KeyFigure, city_of

SPLITS = {
    "held back": ("florence", "helsingborg", "lund", "oslo"),
    "used for the rules": (
        *("espoo", "grenoble-alpes-metropole", "helsinki", "malmo", "pecs"),
    ),
}
JUDGED_FILE = Path(__file__).with_name("figures_judged.tsv")
_OTHER = "other cities"
_CARBON = ("CO2e", "CO2")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A figure that people listed, that was read, or both."""

    statement_id: str
    listed: KeyFigure | None = None
    read: KeyFigure | None = None

    @property
    def is_right(self) -> bool:
        """Whether it was read with the value and unit that people give it."""
        return bool(self.listed and self.read and _agree(self.listed, self.read))


@dataclass(frozen=True, slots=True)
class ReadingMeasures:
    """How the figures of one group were read."""

    group: str
    listed: int
    """Figures that people listed."""
    right: int
    """Of them, those that were read with their value and unit."""
    kind_right: int
    """Of those, the ones whose kind is right, too."""
    wrong: int
    """Read at the place of a listed one, with another value or unit."""
    unlisted: int
    """Read where people listed nothing."""
    judged: int
    """Of the unlisted, those that were compared with the text."""
    judged_right: int
    """Of those, the ones whose value and unit are as in the text."""

    @property
    def recall(self) -> float | None:
        """Share of the listed that was read with value and unit."""
        return _share(self.right, self.listed)

    @property
    def kind(self) -> float | None:
        """Share of the right ones whose kind is right."""
        return _share(self.kind_right, self.right)

    @property
    def precision(self) -> float | None:
        """Share of all that was read whose value and unit are right.

        The share among the judged stands for all that are unlisted; None where there
        are some and none was judged.
        """
        if self.unlisted and not self.judged:
            return None
        right = self.right + self.unlisted * (
            _share(self.judged_right, self.judged) or 0
        )
        return _share(right, self.right + self.wrong + self.unlisted)


@dataclass(frozen=True)
class FigureReading:
    """How figures were read, by split and by kind, and what was read otherwise."""

    groups: list[ReadingMeasures] = field(default_factory=list)
    misread: list[Outcome] = field(default_factory=list)
    unjudged: list[Outcome] = field(default_factory=list)
    """Read where nothing is listed, and not yet compared with the text."""


def measure_figures(settings: Settings) -> FigureReading:
    """Read every statement of the cases that list figures, and compare.

    Raises:
        CorpusError: The corpus cannot be used, a case cannot be read, or none lists
            figures.
    """
    judged, outcomes = read_judged(JUDGED_FILE), list(_outcomes(settings))
    if not outcomes:
        raise CorpusError(
            "no case lists figures.",
            "Name a corpus whose cases have `figures:` in their front matter.",
            path=str(settings.corpus_dir),
        )
    reading = FigureReading(
        misread=[o for o in outcomes if o.listed and o.read and not o.is_right],
        unjudged=[
            o for o in outcomes if not o.listed and _judgement(o, judged) is None
        ],
    )
    for split in (*SPLITS, _OTHER):
        own = [o for o in outcomes if _split_of(o) == split]
        if own:
            reading.groups.extend(_groups(split, own, judged))
    return reading


def read_judged(path: Path) -> Mapping[tuple[str, str], bool]:
    """Return whether unlisted figures are right, by statement and quote."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["statement"], row["quote"]): row["right"] == "yes" for row in rows}


def compared(
    statement_id: str, listed: Iterable[KeyFigure], read: Sequence[KeyFigure]
) -> Iterator[Outcome]:
    """Yield every figure of a statement once, listed and read ones in pairs.

    Those that agree are paired first; then a listed figure with one that was read at
    its place.
    """
    left, open_ = list(read), []
    for figure in listed:
        found = next((other for other in left if _agree(figure, other)), None)
        if found:
            left.remove(found)
            yield Outcome(statement_id, figure, found)
        else:
            open_.append(figure)
    for figure in open_:
        found = next((other for other in left if _same_place(figure, other)), None)
        if found:
            left.remove(found)
        yield Outcome(statement_id, figure, found)
    yield from (Outcome(statement_id, read=other) for other in left)


def _outcomes(settings: Settings) -> Iterator[Outcome]:
    for units in _cases_with_figures(settings):
        language = units.cases[0].language
        for statement in units.statements:
            name = statement.statement_id
            yield from compared(
                name,
                (figure for figure in units.figures if figure.statement_id == name),
                read_figures(name, statement.text, language),
            )


def _cases_with_figures(settings: Settings) -> Iterator[Units]:
    corpus = read_corpus_state(settings)
    for file in read_files(
        list(corpus.paths.values()),
        corpus.folder,
        corpus.registry,
        Limits.of(settings),
        settings.passage_tokens,
    ):
        if file.split is None:
            raise CorpusError(
                "the file cannot be read.",
                "Run `mentorkb check` and correct it first.",
                path=str(settings.corpus_dir / file.path),
            )
        if file.split.figures:
            yield file.split


def _groups(
    split: str, outcomes: Sequence[Outcome], judged: Mapping[tuple[str, str], bool]
) -> Iterator[ReadingMeasures]:
    """Yield the measures of a split: of all, of money, of the rest, of each kind."""

    def measured(group: str, fits: Callable[[str], bool]) -> ReadingMeasures:
        own = [o for o in outcomes if fits(_kind_of(o))]
        return _measures(f"{split}: {group}", own, judged)

    yield measured("all", lambda kind: True)
    yield measured("money", lambda kind: kind in MONEY)
    yield measured("the rest", lambda kind: kind not in MONEY)
    for name in sorted({_kind_of(o) for o in outcomes if o.listed}):
        yield measured(name, name.__eq__)


def _measures(
    group: str, outcomes: Sequence[Outcome], judged: Mapping[tuple[str, str], bool]
) -> ReadingMeasures:
    right = [o for o in outcomes if o.is_right]
    unlisted = [_judgement(o, judged) for o in outcomes if not o.listed]
    return ReadingMeasures(
        group,
        listed=sum(o.listed is not None for o in outcomes),
        right=len(right),
        kind_right=sum(
            o.listed.kind == o.read.kind for o in right if o.listed and o.read
        ),
        wrong=sum(bool(o.listed and o.read) for o in outcomes) - len(right),
        unlisted=len(unlisted),
        judged=sum(verdict is not None for verdict in unlisted),
        judged_right=sum(verdict is True for verdict in unlisted),
    )


def _split_of(outcome: Outcome) -> str:
    city = city_of(outcome.statement_id)
    return next((split for split, cities in SPLITS.items() if city in cities), _OTHER)


def _kind_of(outcome: Outcome) -> str:
    """Return the kind that people give a figure, or else the one that was read."""
    figure = outcome.listed or outcome.read
    return figure.kind if figure else ""


def _judgement(outcome: Outcome, judged: Mapping[tuple[str, str], bool]) -> bool | None:
    quote = outcome.read.quote if outcome.read else ""
    return judged.get((outcome.statement_id, quote))


def _agree(listed: KeyFigure, read: KeyFigure) -> bool:
    """Whether two figures have the same value and unit.

    A thing that is counted may bear the statement's own word or a wider one ("tram
    stops", "stops"), and a mass of carbon dioxide may leave the gas to the statement.
    """
    is_same_unit = _bare(listed.unit) == _bare(read.unit) or read.unit in listed.quote
    return (
        is_same_unit
        and _equal(listed.value, read.value)
        and _equal(listed.value_to, read.value_to)
    )


def _bare(unit: str) -> str:
    for gas in _CARBON:
        unit = unit.removesuffix(gas)
    return unit


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-6)


def _same_place(listed: KeyFigure, read: KeyFigure) -> bool:
    return listed.quote in read.quote or read.quote in listed.quote


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
