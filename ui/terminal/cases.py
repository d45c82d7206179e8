"""The commands on one case."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from doors.commands import IndexOption, open_index
from kb.errors import QueryError, shown
from kb.settings import load_settings

app = typer.Typer()


@app.command()
def transfer(
    case: Annotated[str, typer.Argument(help="The case's id, as CITY/PRACTICE.")],
    index: IndexOption = None,
    *,
    json_output: Annotated[
        bool, typer.Option("--json", help="Print JSON on stdout.")
    ] = False,
) -> None:
    """Show what a case needed, what helped and hindered it, and what to ask at home."""
    from ui.profile.model import Profile
    from ui.terminal.transfer import transfer_text
    from ui.transfer.card import card_record, transfer_card

    with open_index(load_settings(index_dir=index)) as kb:
        full = kb.full_case(case)
        cities = {city.slug: city for city in kb.cities}
    if full is None:
        raise QueryError(
            f"there is no case {shown(case)}.",
            "Take its id from the Library's address, or from `mentorkb search`.",
        )
    card = transfer_card(full, cities[full.case.city], Profile())
    if json_output:
        print(json.dumps(card_record(card), ensure_ascii=False, indent=2))
    else:
        print(transfer_text(card))
