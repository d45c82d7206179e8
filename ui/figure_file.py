"""Key figures as CSV, in which no text is computed by a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from kb.key_figures import ListedFigure, listed_record
from ui.spreadsheet import harmless

ENCODING = "utf-8-sig"
"""With the mark by which spreadsheets know UTF-8."""


def figures_csv(figures: Iterable[ListedFigure]) -> str:
    """Return a heading and a line for each figure; themes are joined by blanks.

    A number stays one, also below zero; empty cells are what is not known.
    """
    file = StringIO()
    writer = csv.writer(file)
    names: list[str] = []
    for one in figures:
        record = listed_record(one) | {"themes": " ".join(one.case.themes)}
        if not names:
            names = list(record)
            writer.writerow(names)
        writer.writerow(
            harmless(cell) if isinstance(cell, str) else cell
            for cell in record.values()
        )
    return file.getvalue()
