"""Figures that do not say what they count, and money that does not say of which year.

Both rules would rather miss a figure than report a right one: they are hints, and a
list of hints that are wrong is read once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ingest.check.statements import PlacedStatement
from kb.errors import shown
from kb.figures import amounts, has_unit, names_currency, names_year, states_money
from kb.types import Problem, Source

# Uncountable things: an amount of them means nothing without a unit. Things that can be
# counted (homes, trips) are their own unit.
_MEASURED = re.compile(
    r"\b(area|budget|capacity|consumption|costs?|debt|demand|distance|electricity|"
    r"emissions?|energy|footprint|heat|heating|height|income|intensity|investment|"
    r"length|noise|output|power|price|production|revenues?|savings?|saved|spending|"
    r"spent|temperature|turnover|use|volume|waste|water|weight|worth)\b",
    re.IGNORECASE,
)


def figures_without_unit(statements: Sequence[PlacedStatement]) -> Iterator[Problem]:
    """Yield each statement on an amount none of whose figures has a unit.

    One figure with a unit is taken to lend it to the others ("from 500 to 320 kg"), and
    so is a currency anywhere in the statement.
    """
    for statement in statements:
        text = statement.text
        if not _MEASURED.search(text) or names_currency(text):
            continue
        figures = amounts(text)
        if figures and not any(has_unit(text, found) for found in figures):
            yield statement.problem(
                "figure-without-unit",
                "hint",
                f"the figure {figures[0].group()} in {shown(text)} has no unit.",
                "Add the unit or currency that the source gives.",
            )


def figures_without_year(
    statements: Sequence[PlacedStatement], sources: Mapping[str, Source]
) -> Iterator[Problem]:
    """Yield each amount of money for which no year is known at all.

    A year counts in the statement, anywhere in its section, or of one of its sources.
    """
    sections: defaultdict[str, list[str]] = defaultdict(list)
    for statement in statements:
        sections[statement.heading].append(statement.text)
    dated = {
        heading
        for heading, texts in sections.items()
        if any(map(names_year, (heading, *texts)))
    }
    for statement in statements:
        if not states_money(statement.text) or statement.heading in dated:
            continue
        cited = (sources.get(source_id) for source_id in statement.source_ids)
        if not any(source and source.earliest_year for source in cited):
            yield statement.problem(
                "figure-without-year",
                "hint",
                f"the amount of money in {shown(statement.text)} has no year.",
                "Say in which year it was paid or planned, or add the source's year.",
            )
