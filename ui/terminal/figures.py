"""The command ``mentorkb figures``: the key figures of all cases, filtered."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Annotated

import typer

from doors.commands import IndexOption, open_index
from kb.errors import QueryError, shown
from kb.key_figures import (
    KINDS,
    ORDERS,
    STATES,
    FigureFilter,
    ListedFigure,
    Order,
    find_figures,
    listed_record,
)
from kb.question.prepare import require_known
from kb.settings import load_settings
from kb.types import KeyFigure
from ui.figure_file import figures_csv

app = typer.Typer()
Several = Annotated[list[str] | None, typer.Option(help="Only these; repeatable.")]


@app.command()
def figures(
    city: Several = None,
    theme: Several = None,
    kind: Several = None,
    unit: Several = None,
    state: Several = None,
    first_year: Annotated[
        int | None, typer.Option("--from", help="Only of this year or later.")
    ] = None,
    last_year: Annotated[
        int | None, typer.Option("--to", help="Only of this year or earlier.")
    ] = None,
    sort: Annotated[str, typer.Option(help="city, largest or newest.")] = "city",
    index: IndexOption = None,
    *,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv_output: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """List the key figures of all cases with their statements."""
    order = _order(sort)
    with open_index(load_settings(index_dir=index)) as kb:
        require_known("city", city or (), [c.slug for c in kb.cities])
        require_known("theme", theme or (), [t.slug for t in kb.themes])
        every = kb.figures()
        units = {one.figure.unit for one in every}
        for name, given, known in (
            ("kind", kind, KINDS),
            ("state", state, STATES),
            ("unit", unit, sorted(units)),
        ):
            _require_one_of(name, given or (), known)
        wanted = FigureFilter(
            cities=tuple(city or ()),
            themes=tuple(theme or ()),
            kinds=tuple(kind or ()),
            units=tuple(unit or ()),
            states=tuple(state or ()),
            first_year=first_year,
            last_year=last_year,
        )
        found = find_figures(every, wanted, order)
    if json_output:
        records = list(map(listed_record, found))
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
    elif csv_output:
        typer.echo(figures_csv(found), nl=False)
    else:
        typer.echo(figures_text(found))


def figures_text(found: Iterable[ListedFigure]) -> str:
    """Return figures as text: a line each below the title of their case."""
    lines: list[str] = []
    case_id = ""
    for one in found:
        if one.case.case_id != case_id:
            case_id = one.case.case_id
            lines += ["", f"{one.case.title} ({case_id})"]
        figure = one.figure
        year = str(figure.year or "year not stated")
        lines.append(
            f"  {amount_told(figure)}: {figure.what} "
            f"({figure.kind}, {figure.state}, {year}) “{figure.quote}”"
        )
    return "\n".join(lines[1:]) or "No figure passes these filters: remove one of them."


def amount_told(figure: KeyFigure) -> str:
    """Return a figure's value and unit in English, as ``4,400,000 EUR``."""
    if figure.value is None:
        return figure.quote
    ends = [v for v in (figure.value, figure.value_to) if v is not None]
    value = "-".join(f"{v:,.12g}" for v in ends)
    per = f" per {figure.per}" if figure.per else ""
    return f"{value} {figure.unit}{per}"


def _order(name: str) -> Order:
    for order in ORDERS:
        if order == name:
            return order
    raise QueryError(f"no order {shown(name)}.", f"Use one of: {', '.join(ORDERS)}.")


def _require_one_of(name: str, given: Iterable[str], known: Collection[str]) -> None:
    for value in given:
        if value not in known:
            raise QueryError(
                f"no {name} {shown(value)}.", f"Use one of: {', '.join(known)}."
            )
