"""The key figures of a case as a small table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from kb.types import KeyFigure, MoneyKind
from ui.briefing.model import CollectedCase
from ui.prepare.documents.document import Block, Heading, Table, Words
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import corpus_words
from ui.texts import _
from ui.vocabulary import figure_state_name

_MONEY = get_args(MoneyKind)
_WIDTHS = (7, 6, 2, 3)


def figures_of(
    of: CollectedCase, first: Sequence[str] = (), most: int | None = None
) -> list[KeyFigure]:
    """Return the key figures of a case, money before the rest.

    Args:
        of: The case.
        first: Ids of the statements whose figures come first.
        most: How many figures, at most; None for all.
    """
    chosen = set(first)

    def turn(figure: KeyFigure) -> tuple[bool, bool]:
        return figure.statement_id not in chosen, figure.kind not in _MONEY

    return sorted(of.full.figures, key=turn)[:most]


def figure_table(
    of: CollectedCase, figures: Sequence[KeyFigure], numbering: Numbering
) -> Table:
    """Return a table of figures of one case, each in the words of its statement."""
    head = (_("What"), _("Figure"), _("Year"), _("State"))
    rows = (_row(of, figure, numbering) for figure in figures)
    return Table(tuple(map(Words, head)), tuple(rows), _WIDTHS)


def figures_section(
    of: CollectedCase,
    numbering: Numbering,
    first: Sequence[str] = (),
    most: int | None = None,
) -> Iterator[Block]:
    """Yield the figures under their heading; nothing if the case has none.

    Args:
        of: The case.
        numbering: Gives sources their numbers.
        first: As `figures_of` has it.
        most: The same.
    """
    if figures := figures_of(of, first, most):
        yield Heading(2, Words(_("Key figures")))
        yield figure_table(of, figures, numbering)


def _row(
    of: CollectedCase, figure: KeyFigure, numbering: Numbering
) -> tuple[Words, ...]:
    by_id = {s.statement_id: s for s in of.full.statements}
    statement = by_id.get(figure.statement_id)
    numbers = numbering.of(of.quoted(statement).sources) if statement else ()
    return (
        corpus_words(figure.what),
        corpus_words(figure.quote, numbers),
        Words(str(figure.year) if figure.year is not None else "–"),
        Words(figure_state_name(figure.state)),
    )
