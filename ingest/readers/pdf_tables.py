"""Tables on PDF pages: rows whose cells stand below each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.readers.rows import rows_as_text

_CELL = re.compile(r"\S+(?: \S+)*")
_ENDS_CLAUSE = re.compile(r"[.,;:]$")
_ITEM_MARK = re.compile(r"\W{0,2}\w{0,2}\W")
_FEWEST_ROWS = 3
_MOST_ROWS = 60
_FEWEST_COLUMNS = 2
# In characters of the page drawn as text.
_ALIGNED = 1
# A row of a table holds less text than a full line.
_SHORT = 0.8


@dataclass(frozen=True)
class _Cell:
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Table:
    """The lines ``start:end`` of a page, and its rows as text below the header."""

    start: int
    end: int
    rows: tuple[str, ...]


def may_hold_table(lines: Sequence[str], full_length: int) -> bool:
    """Return whether some lines in a row are short enough to be a table.

    Args:
        lines: The lines of a page.
        full_length: Characters of a full line of this document.
    """
    run = 0
    for line in lines:
        is_row = len(line) < full_length * _SHORT and not _ENDS_CLAUSE.search(line)
        run = run + 1 if is_row and " " in line else 0
        if run >= _FEWEST_ROWS:
            return True
    return False


def find_tables(lines: Sequence[str], drawn: str) -> Iterator[Table]:
    """Yield the tables among the lines of a page.

    Args:
        lines: The lines of a page in reading order, with single spaces.
        drawn: The same page with every text at its place, padded by spaces.
    """
    rows = [(row, "".join(row.split())) for row in drawn.splitlines()]
    rows_by_line = [_cells_of(line, rows) for line in lines]
    start = 0
    while start < len(lines):
        end = start
        while (
            end < len(lines)
            and end - start < _MOST_ROWS
            and len(rows_by_line[end]) >= _FEWEST_COLUMNS
        ):
            end += 1
        table = _longest(start, rows_by_line[start:end])
        if table:
            yield table
        start = table.end if table else end + 1


def _longest(start: int, rows: Sequence[Sequence[_Cell]]) -> Table | None:
    """Return the first table among rows; headings above and below may look like one."""
    for first in range(len(rows) - _FEWEST_ROWS + 1):
        for last in range(len(rows), first + _FEWEST_ROWS - 1, -1):
            if table := _as_table(start + first, rows[first:last]):
                return table
    return None


def _cells_of(line: str, drawn: Sequence[tuple[str, str]]) -> list[_Cell]:
    """Return a line's cells with their places, or [] where it is not found once.

    Args:
        line: The line.
        drawn: Each row of the drawn page, as it is and without spaces.
    """
    wanted = "".join(line.split())
    found = []
    for row, squeezed in drawn:
        at = squeezed.find(wanted)
        if at >= 0:
            places = [n for n, char in enumerate(row) if not char.isspace()]
            found.append((row, places[at], places[at + len(wanted) - 1] + 1))
    if len(found) != 1:
        return []
    row, first, last = found[0]
    return [
        _Cell(first + match.start(), first + match.end(), match.group())
        for match in _CELL.finditer(row[first:last])
    ]


def _as_table(start: int, rows: Sequence[Sequence[_Cell]]) -> Table | None:
    width = max(map(len, rows))
    full = [row for row in rows if len(row) == width]
    if len(full) < _FEWEST_ROWS - 1 or len(rows[0]) != width:
        return None
    columns = list(zip(*full, strict=True))
    is_list = all(_ITEM_MARK.fullmatch(cell.text) for cell in columns[0])
    is_text = any(_ENDS_CLAUSE.search(cell.text) for cell in rows[0][:-1])
    if is_list or is_text or not all(map(_is_aligned, columns)):
        return None
    spans = [(min(c.start for c in col), max(c.end for c in col)) for col in columns]
    texts = [_in_columns(row, spans) for row in rows]
    filled = [text for text in texts if text is not None]
    if len(filled) < len(texts):
        return None
    header = filled[0]
    return Table(start, start + len(rows), tuple(rows_as_text(header, filled[1:])))


def _is_aligned(column: Sequence[_Cell]) -> bool:
    starts = [cell.start for cell in column[1:]] or [column[0].start]
    ends = [cell.end for cell in column[1:]] or [column[0].end]
    return min(max(starts) - min(starts), max(ends) - min(ends)) <= _ALIGNED


def _in_columns(
    row: Sequence[_Cell], spans: Sequence[tuple[int, int]]
) -> list[str] | None:
    """Return a row's cells by column, empty ones as ''; None if they do not fit."""
    texts = [""] * len(spans)
    for cell in row:
        fitting = [
            number
            for number, (start, end) in enumerate(spans)
            if cell.start < end and start < cell.end
        ]
        if len(fitting) != 1 or texts[fitting[0]]:
            return None
        texts[fitting[0]] = cell.text
    return texts
