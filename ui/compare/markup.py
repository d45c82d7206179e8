"""HTML of the Compare page: its table, and what its cells hold. All is escaped here.

What can be clicked is followed by `ui.parts.clicks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from ui.texts import _
from ui.vocabulary import CORPUS_LANGUAGE


def side_by_side(
    label: str,
    corner: str,
    columns: Mapping[str, bool],
    rows: Iterable[tuple[str, Sequence[str]]],
) -> str:
    """Return a table that a phone shows city by city, as a list, with a chooser.

    Its roles are named because browsers drop them where a table is laid out as a list.

    Args:
        label: What it shows, for screen readers.
        corner: What the names of the rows are.
        columns: Their headings, of which a phone shows the chosen one, and whether
            there is much in them: the others are narrow.
        rows: The heading of each row, and for each column HTML that was made here.
    """
    narrow = ' class="narrow"'
    head = f'<th scope="col" role="columnheader">{escape(corner)}</th>' + "".join(
        f'<th scope="col" role="columnheader"{"" if is_full else narrow}>'
        f"{escape(text)}</th>"
        for text, is_full in columns.items()
    )
    body = ""
    for heading, cells in rows:
        body += (
            f'<tr role="row"><th scope="row" role="rowheader">{escape(heading)}</th>'
        )
        for _column, cell in zip(columns, cells, strict=True):
            body += f'<td role="cell">{cell}</td>'
        body += "</tr>"
    return (
        f'<div class="compared">{_chooser(columns)}'
        f'<table class="side-by-side" role="table" aria-label="{escape(label)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _chooser(columns: Iterable[str]) -> str:
    """Return the choice of a column; the style sheet shows it on a phone only."""
    choices = "".join(
        f'<label><input type="radio" name="compared-city" value="{place}"'
        f"{' checked' if not place else ''}> {escape(column)}</label>"
        for place, column in enumerate(columns)
    )
    legend = escape(_("City"))
    return (
        f'<div class="chooser" role="radiogroup" aria-label="{legend}">{choices}</div>'
    )


def numbered_statement(text: str, n: int, language: str = CORPUS_LANGUAGE) -> str:
    """Return a statement whose citation number is a button (see `clicks`)."""
    label = escape(_("Number {n}: passage and sources", n=n))
    return (
        f'<p class="statement" lang="{escape(language)}">{escape(text)} <button '
        f'type="button" class="mark" data-click="{n}" aria-label="{label}" '
        f'aria-haspopup="dialog">[{n}]</button></p>'
    )


def case_reference(case_id: str, title: str, note: str = "") -> str:
    """Return a link to a case for `ui.parts.clicks`, with a note before it."""
    before = f"<small>{escape(note)}</small> " if note else ""
    address = f"case?{urlencode({'case': case_id})}"
    return (
        f'<p>{before}<a href="{escape(address)}" target="_self" '
        f'lang="{CORPUS_LANGUAGE}" data-click="{escape(case_id)}">'
        f"{escape(title)}</a></p>"
    )


def absent(text: str) -> str:
    """Return a sentence that says that something is not there."""
    return f'<p class="absent">{escape(text)}</p>'
