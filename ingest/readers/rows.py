"""Table rows as text that can be read alone: ``Heat source: straw; Output: 35 MW``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_MARK = re.compile(r"\s*(\[\^[^\]\s]+\])")
_KEY_AND_VALUE = 2


def rows_as_text(
    header: Sequence[str] | None, rows: Sequence[Sequence[str]]
) -> Iterator[str]:
    """Yield one text a row, in order; rows without text give none.

    Without a header, the first row is one if all its cells are filled, but for an empty
    corner; a table of two columns without such a corner is read as names and values.

    Args:
        header: The names of the columns, or None if the table does not mark them.
        rows: The cells of the rows below, merged cells repeated; shorter rows are
            allowed.
    """
    if header is None and len(rows) > 1:
        corner, *names = rows[0] or [""]
        is_header = bool(names) and all(names)
        width = max(map(len, rows))
        if width == _KEY_AND_VALUE and (corner or not is_header):
            yield from names_and_values(rows)
            return
        if width >= _KEY_AND_VALUE and is_header:
            header, rows = rows[0], rows[1:]
    for row in rows:
        if text := _with_header(header or (), row):
            yield text


def names_and_values(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield each row of two cells as ``name: value``; rows without text give none."""
    for row in rows:
        name, value = [*row, "", ""][:_KEY_AND_VALUE]
        text = f"{name.rstrip(':')}: {value}" if name and value else name or value
        if text:
            yield _marks_last(text)


def _with_header(header: Sequence[str], row: Sequence[str]) -> str:
    filled = [cell for cell in row if cell]
    if len(row) > 1 and len(set(filled)) == 1 and len(filled) == len(row):
        return _marks_last(filled[0])  # one cell over the whole width
    parts: list[str] = []
    for number, cell in enumerate(row):
        name = header[number].rstrip(":") if number < len(header) else ""
        part = f"{name}: {cell}" if name else cell
        # A merged cell is said once, unless it lies under several names.
        if cell and part not in parts[-1:]:
            parts.append(part)
    return _marks_last("; ".join(parts))


def _marks_last(text: str) -> str:
    """Move the source marks of the cells behind the row, which is one statement."""
    marks = dict.fromkeys(_MARK.findall(text))
    return " ".join([_MARK.sub("", text), "".join(marks)]).strip()
