"""Tables on PDF pages: rows with the names of their columns, or plain where in doubt.

A wrong name is worse than none. So a row gets names only where every cell stands in one
column, and what stands above the rows is unlike them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from statistics import median

from ingest.readers.pdf_blocks import Block, Row
from ingest.readers.pdf_lines import Line, text_of
from ingest.readers.rows import rows_as_text

_FIGURE = re.compile(r"\W*([A-Z]{3}|kr\.?)?\W*\d", re.I)
_NO_FIGURE = re.compile(r"[-–—.…]{1,3}|n\.?/?[ad]\.?|x", re.I)
_YEAR = re.compile(r"\(?(19|20)\d\d\b(?!\s*\d)")
_MOST_HEADER_ROWS = 3
_NAMES_AND_VALUES = 2
# In letter sizes, how much wider than usual a gap between two rows is.
_PARTED = 1.0
_APART = 0.3
# Compared with the usual distance of two rows.
_TIGHT = 0.85

_Span = tuple[float, float]
_Cells = list[str]


def statements_of(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the rows of one or more tables as text, from the top.

    Args:
        rows: Rows below each other; one of a single block, such as the name of a group,
            lies between others.
    """
    for part, may_have_names in _tables(rows):
        named = _with_names(part) if may_have_names else None
        yield from rows_as_text(*named) if named else _plain(part)


def _tables(rows: Sequence[Row]) -> Iterator[tuple[list[Row], bool]]:
    """Yield the rows of each table, and whether its first ones may be names.

    A gap begins another. So does a row without figures among others; whether it names
    what follows is doubtful unless a gap or its letters set it off.
    """
    gaps = [_bottom(above) - _top(below) for above, below in pairwise(rows)]
    usual = median(gaps) if gaps else 0.0
    table, may_have_names = [rows[0]], True
    for number, row in enumerate(rows[1:], start=1):
        wider = (gaps[number - 1] - usual) / row[0].lines[0].size
        is_other = (
            len(row) > 1
            and _may_name(row)
            and any(map(_has_figures, table))
            and any(map(_has_figures, rows[number + 1 :]))
        )
        if is_other or wider > _PARTED:
            yield table, may_have_names
            may_have_names = (
                wider > _APART or _is_bold(row) or _texts(row) == _texts(table[0])
            )
            table = []
        table.append(row)
    yield table, may_have_names


def _top(row: Row) -> float:
    return max(block.top for block in row)


def _bottom(row: Row) -> float:
    return min(block.bottom for block in row)


def _texts(row: Row) -> _Cells:
    return [block.text for block in row]


def _is_bold(row: Row) -> bool:
    return all(line.is_bold for block in row for line in block.lines)


def _plain(rows: Sequence[Row]) -> Iterator[str]:
    texts = [_texts(row) for row in rows]
    width = max(map(len, texts))
    if len(texts) == 1 and not _has_figures(rows[0]):
        yield " ".join(texts[0])
    elif width == _NAMES_AND_VALUES and not any(_is_figure(row[0]) for row in texts):
        # Even where alone, a row is read as a name and its value.
        yield from rows_as_text(None, [*texts, []])
    else:
        yield from rows_as_text((), texts)


def _with_names(rows: Sequence[Row]) -> tuple[_Cells, list[_Cells]] | None:
    """Return the names of the columns and the cells below; None where not sure."""
    n_header = _header_rows(rows)
    body = rows[n_header:]
    columns = _columns(body) if n_header else None
    if columns is None:
        return None
    names = _names(rows[:n_header], columns)
    cells = [_in_columns(row, columns) for row in body]
    filled = [row for row in cells if row is not None]
    is_full = len(body) > 1 or all(map(all, filled))
    return (names, filled) if names and len(filled) == len(cells) and is_full else None


def _header_rows(rows: Sequence[Row]) -> int:
    """Return how many of the first rows are unlike the others, 0 where not sure."""
    most = min(_MOST_HEADER_ROWS, len(rows) - 1)
    n_bold = sum(1 for _ in takewhile(_is_bold, rows))
    n_bold_below = sum(map(_is_bold, rows[n_bold:]))
    if 0 < n_bold <= most and n_bold_below * 2 < len(rows) - n_bold:
        return n_bold if all(map(_may_name, rows[:n_bold])) else 0
    # Of rows with years only one can be their names.
    is_name = sum(bool(_years(row)) and _may_name(row) for row in rows) == 1
    names = takewhile(lambda row: _may_name(row) and (is_name or not _years(row)), rows)
    n = min(most, sum(1 for _ in names))
    below = [row for row in rows[n:] if len(row) > 1]
    width = max(map(len, rows))
    if not n or width == _NAMES_AND_VALUES:
        return 0
    if not below or sum(map(_has_figures, below)) * 2 < len(below):
        return 0
    has_corner = all(row[0].x0 >= rows[0][0].x1 for row in rows[1:n])
    if n > 1 and len(rows[0]) >= width - 1 and not has_corner:
        # One row names every column: is the next a second line, or a row of words?
        steps = [_top(above) - _top(row) for above, row in pairwise(rows)]
        return n if steps[0] < _TIGHT * median(steps[n - 1 :]) else 1
    return n


def _years(row: Row) -> _Cells:
    return [cell for cell in _texts(row) if _YEAR.match(cell)]


def _may_name(row: Row) -> bool:
    """Return whether a row may name columns: it has no figures, or different years."""
    years = _years(row)
    return (
        len(row) > 1
        and [cell for cell in _texts(row) if _is_figure(cell)] == years
        and (not years or len(years) > 1)
    )


def _has_figures(row: Row) -> bool:
    return any(map(_is_figure, _texts(row)[1:])) and not _may_name(row)


def _is_figure(cell: str) -> bool:
    """Return whether a cell begins with a figure, or says that there is none."""
    return bool(_FIGURE.match(cell) or _NO_FIGURE.fullmatch(cell))


def _columns(rows: Sequence[Row]) -> list[_Span] | None:
    """Return the left and right ends of the columns; None where cells do not fit."""
    rows = [row for row in rows if len(row) > 1]
    width = max(map(len, rows), default=0)
    columns: list[_Span] = []
    for row in sorted(rows, key=lambda row: len(row) < width):
        is_full = len(row) == width
        for block in row:
            at = _columns_at(block, columns)
            if len(at) > 1:
                if is_full:
                    return None
                continue  # its words may lie in several
            if at:
                x0, x1 = columns[at[0]]
                columns[at[0]] = min(x0, block.x0), max(x1, block.x1)
            else:
                columns.append((block.x0, block.x1))
                columns.sort()
    if any(right[0] < left[1] for left, right in pairwise(columns)):
        return None
    return columns or None


def _columns_at(block: Block, columns: Sequence[_Span]) -> list[int]:
    return [n for n, (x0, x1) in enumerate(columns) if block.x0 < x1 and x0 < block.x1]


def _in_columns(row: Row, columns: Sequence[_Span]) -> _Cells | None:
    """Return a row's cells by column, empty ones as ''; None if they do not fit."""
    cells = [""] * len(columns)
    if len(row) == 1:  # the name of a group stands alone
        return [row[0].text]
    for block in row:
        for column, text in _parted(block, columns):
            if column < 0 or cells[column]:
                return None
            cells[column] = text
    return cells


def _parted(block: Block, columns: Sequence[_Span]) -> Iterator[tuple[int, str]]:
    """Yield the columns of a block with what stands in each; -1 where not sure.

    Where narrow columns leave no more than a space between them, a block is parted at
    its widest gaps.
    """
    at = _columns_at(block, columns)
    line = block.lines[0]
    if len(at) < 2 or len(block.lines) > 1 or len(line.words) < len(at):
        yield (at[0] if len(at) == 1 else -1), block.text
        return
    gaps = [right.x0 - left.x1 for left, right in pairwise(line.words)]
    widest = sorted(sorted(range(len(gaps)), key=lambda n: -gaps[n])[: len(at) - 1])
    cuts = [0, *(n + 1 for n in widest), len(line.words)]
    for column, (start, end) in zip(at, pairwise(cuts), strict=True):
        words = line.words[start:end]
        lying = _columns_at(Block([Line(words, line.page)], 0), columns)
        yield (column if lying == [column] else -1), text_of(words, line.main)


def _names(rows: Sequence[Row], columns: Sequence[_Span]) -> _Cells | None:
    """Return the name of each column from one to three rows; None where not sure.

    Above the last row, a cell may stand over several columns and is part of the name of
    each.
    """
    names = [""] * len(columns)
    for number, row in enumerate(rows):
        is_last = number == len(rows) - 1
        corner = len(row) == len(columns) - 1 and row[0].x0 >= columns[0][1]
        if len(row) == len(columns) or corner:
            named = list(enumerate(_texts(row), start=int(corner)))
            lying = [_columns_at(block, columns) for block in row]
            if any(at and n not in at for n, at in enumerate(lying, int(corner))):
                return None
        elif is_last:
            named = [part for block in row for part in _parted(block, columns)]
        else:
            named = [(n, b.text) for b in row for n in _columns_at(b, columns) or [-1]]
        for column, text in named:
            if column < 0:
                return None
            names[column] = f"{names[column]} {text}".strip()
    is_certain = all(names[1:]) and len(set(names)) == len(names)
    return names if is_certain else None
