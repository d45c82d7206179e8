"""Table rows as text that can be read alone: ``Heat source: straw; Output: 35 MW``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_MARK = re.compile(r"\s*(\[\^[^\]\s]+\])")
_KEY_AND_VALUE = 2
_FIGURE = re.compile(r"\W*([A-Z]{3}|kr\.?)?\W*\d", re.I)
_NO_FIGURE = re.compile(r"[-–—.…]{1,3}|n\.?/?[ad]\.?|[x☐☒☑✓✔✗✘○◉]", re.I)
_YEAR = re.compile(r"\(?(19|20)\d\d\b(?!\s*\d)")


class Merged(str):
    """A cell that goes on from the one to its left."""

    __slots__ = ()


def rows_as_text(
    header: Sequence[str] | None, rows: Sequence[Sequence[str]]
) -> Iterator[str]:
    """Yield one text a row, in order; rows without text give none.

    Without a header, the first row is one if all its cells are filled, but for an empty
    corner, and it is unlike the others; a table of two columns without such a corner is
    read as names and values.

    Args:
        header: The names of the columns, or None if the table does not mark them.
        rows: The cells of the rows below, merged cells repeated as such; shorter rows
            are allowed.
    """
    if header is None and len(rows) > 1:
        corner, *names = rows[0] or [""]
        is_header = (
            bool(names)
            and all(names)
            and may_name(names if not corner else rows[0], has_corner=not corner)
        )
        width = max(map(len, rows))
        if width == _KEY_AND_VALUE and (corner or not is_header):
            yield from names_and_values(rows)
            return
        if is_header and (not corner or _is_unlike(rows[0], rows[1:])):
            n_header = 1 + (len(set(rows[0])) < len(rows[0]) and may_name(rows[1]))
            header, below = joined(rows[:n_header]), rows[n_header:]
            # Cells over several columns do not name each of them.
            header, rows = (header, below) if _tells_apart(header) else ((), rows)
    for row in rows:
        if text := _with_header(header or (), row):
            yield text


def is_figure(cell: str) -> bool:
    """Return whether a cell begins with a figure, or holds a sign instead."""
    return bool(_FIGURE.match(cell) or _NO_FIGURE.fullmatch(cell))


def years(row: Sequence[str]) -> list[str]:
    """Return the cells of a row that begin with a year."""
    return [cell for cell in row if _YEAR.match(cell)]


def may_name(row: Sequence[str], *, has_corner: bool = False) -> bool:
    """Return whether a row may name columns: it has no figures, or different years.

    Behind an empty corner a year may stand alone.
    """
    found = years(row)
    has_others = [cell for cell in row if is_figure(cell)] != found
    return not has_others and (has_corner or len(found) != 1)


def _is_unlike(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Return whether a row has years, or no figures where most rows below have some."""
    with_figures = sum(any(map(is_figure, cells[1:])) for cells in below)
    return bool(years(row)) or with_figures * 2 > len(below)


def joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of columns whose header has several rows."""
    width = max(map(len, rows))
    columns = ([row[n] for row in rows if n < len(row)] for n in range(width))
    return [" ".join(dict.fromkeys(filter(None, column))) for column in columns]


def _tells_apart(names: Sequence[str]) -> bool:
    return len(set(names)) == len(names)


def names_and_values(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield each row of two cells as ``name: value``; rows without text give none."""
    for row in rows:
        name, value = [*row, "", ""][:_KEY_AND_VALUE]
        value = "" if isinstance(value, Merged) else value
        text = f"{name.rstrip(':')}: {value}" if name and value else name or value
        if text:
            yield _marks_last(text)


def _with_header(header: Sequence[str], row: Sequence[str]) -> str:
    if len(row) > 1 and row[0] and all(map(_goes_on, row, row[1:])):
        return _marks_last(row[0])  # one cell over the whole width
    parts: list[str] = []
    for number, cell in enumerate(row):
        name = header[number].rstrip(":") if number < len(header) else ""
        part = f"{name}: {cell}" if name else cell
        # A merged cell is said once, unless it lies under several names.
        is_said = number > 0 and part in parts[-1:] and _goes_on(row[number - 1], cell)
        if cell and not is_said:
            parts.append(part)
    return _marks_last("; ".join(parts))


def _goes_on(cell: str, after: str) -> bool:
    return isinstance(after, Merged) and after == cell


def _marks_last(text: str) -> str:
    """Move the source marks of the cells behind the row, which is one statement."""
    marks = dict.fromkeys(_MARK.findall(text))
    return " ".join([_MARK.sub("", text), "".join(marks)]).strip()
