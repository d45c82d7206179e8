"""Key figures as CSV and as workbook, in which no text is computed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from typing import Any

from kb.key_figures import ListedFigure, listed_record
from ui.spreadsheet import harmless

ENCODING = "utf-8-sig"
"""With the mark by which spreadsheets know UTF-8."""
_WIDEST = 60


def figures_csv(figures: Iterable[ListedFigure]) -> str:
    """Return a heading and a line for each figure; themes are joined by blanks.

    A number stays one, also below zero; empty cells are what is not known.
    """
    file = StringIO()
    writer = csv.writer(file)
    for row in _rows(figures):
        writer.writerow(harmless(c) if isinstance(c, str) else c for c in row)
    return file.getvalue()


def figures_workbook(figures: Iterable[ListedFigure], name: str) -> bytes:
    """Return the lines of `figures_csv` as an Excel workbook (.xlsx) of one sheet.

    The heading stays in view and filters; numbers are numbers, and a text is one
    whatever it begins with.

    Args:
        figures: What it holds; none make a workbook of an empty sheet.
        name: Of the sheet, of at most 31 characters; Excel takes no brackets,
            colons, slashes, stars or question marks there.
    """
    from xlsxwriter import Workbook

    rows = list(_rows(figures))
    file = BytesIO()
    as_they_are = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with Workbook(file, as_they_are) as book:
        sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True})
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row, None if place else bold)
        for place, column in enumerate(zip(*rows, strict=True)):
            width = max(len(str(cell)) for cell in column if cell is not None)
            sheet.set_column(place, place, min(width, _WIDEST) + 2)
        if rows:
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)
    return file.getvalue()


def _rows(figures: Iterable[ListedFigure]) -> Iterator[list[Any]]:
    """Return the names of the columns, then a row for each figure."""
    for place, one in enumerate(figures):
        record = listed_record(one) | {"themes": " ".join(one.case.themes)}
        if not place:
            yield list(record)
        yield list(record.values())
