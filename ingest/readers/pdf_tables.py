"""Tables on PDF pages: rows with the names of their columns, or plain where in doubt.

A wrong name is worse than none. So a row gets names only where every cell stands in one
column, and what stands above the rows is unlike them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from statistics import median

from ingest.readers.pdf_blocks import Block, Row
from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_words import Word
from ingest.readers.rows import is_figure, may_name, rows_as_text, years

_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)")
_FIGURE = re.compile(r"\W*\d")
_NO_UNIT = re.compile(r"[\d_]|[^\w%‰°€$£]")
_TWO_FIGURES = re.compile(r"\d[^\s\w]* +[-–−+]?\d")
_MOST_HEADER_ROWS = 3
# In letter sizes: between two columns, and between thousands.
_NARROWEST_ROOM = 0.1
_THOUSANDS_GAP = 0.4
_FEWEST_ROWS = 2
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
    for part, may_have_names in _tables(_parted(rows)):
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
    elif width == _NAMES_AND_VALUES and not any(is_figure(row[0]) for row in texts):
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
    if not names or len(filled) < len(cells) or not is_full:
        return None
    return (
        None
        if any(_is_glued(cell) for row in filled for cell in row)
        or (not _is_set_off(rows[:n_header], columns) and _has_other_units(filled))
        else (names, filled)
    )


def _is_set_off(header: Sequence[Row], columns: Sequence[_Span]) -> bool:
    """Return whether a header shows by more than its words that it is one."""
    has_corner = header[-1][0].x0 >= columns[0][1]
    return has_corner or any(_is_bold(row) or years(_texts(row)) for row in header)


def _has_other_units(rows: Sequence[_Cells]) -> bool:
    """Return whether most columns of figures have other units in each row.

    Then the rows are facts of several kinds, and the first may be one of them.
    """
    columns = [
        {_NO_UNIT.sub("", cell) for cell in column if _FIGURE.match(cell)}
        for column in zip(*(row for row in rows if len(row) > 1), strict=True)
    ]
    units = [found for found in columns if found]
    return sum(len(found) > 1 for found in units) * 2 > len(units)


def _header_rows(rows: Sequence[Row]) -> int:
    """Return how many of the first rows are unlike the others, 0 where not sure."""
    most = min(_MOST_HEADER_ROWS, len(rows) - 1)
    n_bold = sum(1 for _ in takewhile(_is_bold, rows))
    n_bold_below = sum(map(_is_bold, rows[n_bold:]))
    if 0 < n_bold <= most and n_bold_below * 2 < len(rows) - n_bold:
        return n_bold if all(map(_may_name, rows[:n_bold])) else 0
    # Of rows with years only one can be their names.
    is_name = sum(bool(years(_texts(row))) and _may_name(row) for row in rows) == 1
    names = takewhile(
        lambda row: _may_name(row) and (is_name or not years(_texts(row))), rows
    )
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


def _may_name(row: Row) -> bool:
    """Return whether a row may name columns: it has no figures, or different years."""
    return len(row) > 1 and may_name(_texts(row))


def _has_figures(row: Row) -> bool:
    return any(map(is_figure, _texts(row)[1:])) and not _may_name(row)


def _is_glued(cell: str) -> bool:
    """Return whether figures stand behind each other that are not one with blanks."""
    return bool(_TWO_FIGURES.search(_THOUSANDS.sub("0", cell)))


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
        at = _columns_at(block, columns)
        if len(at) != 1 or cells[at[0]]:
            return None
        cells[at[0]] = block.text
    return cells


def _parted(rows: Sequence[Row]) -> list[Row]:
    """Return rows whose cells are parted where all of them leave room.

    Narrow columns may leave no more than a space between two cells. Where nothing
    names the columns, the space behind the label of a row is none between two.
    """
    several = [row for row in rows if len(row) > 1]
    names = list(takewhile(lambda row: not _has_figures(row), several))
    body = several[len(names) :]
    below = body if names else body[1:]
    rooms = [
        room
        for room in _filled(_rooms(several), _words(names or body[:1]), _words(below))
        if _cuts(room, several) and _parts_figures(room, body, has_names=bool(names))
    ]
    if not rooms:
        return list(rows)
    whole = names[:-1]  # there a cell may stand over several columns
    return [
        row
        if len(row) == 1 or row in whole
        else [part for block in row for part in _cut(block, rooms)]
        for row in rows
    ]


def _words(rows: Sequence[Row]) -> list[Word]:
    return [
        w for row in rows for block in row for line in block.lines for w in line.words
    ]


def _rooms(rows: Sequence[Row]) -> list[_Span]:
    """Return where no row has a word, between those that do."""
    rooms: list[_Span] = []
    first, *others = sorted(_words(rows), key=lambda word: word.x0)
    reach = first.x1
    for word in others:
        if word.x0 - reach > _NARROWEST_ROOM * word.size:
            rooms.append((reach, word.x0))
        reach = max(reach, word.x1)
    return rooms


def _filled(
    rooms: list[_Span], header: Sequence[Word], body: Sequence[Word]
) -> list[_Span]:
    """Return the rooms between columns with a name and cells; the first needs no name.

    What has not is part of the column that is nearest to it.
    """
    while rooms:
        begins = [float("-inf"), *(x1 for _, x1 in rooms)]
        ends = [*(x0 for x0, _ in rooms), float("inf")]
        empty = [
            n
            for n, column in enumerate(zip(begins, ends, strict=True))
            if not _has_word(column, body) or (n and not _has_word(column, header))
        ]
        if not empty:
            break
        beside = rooms[max(0, empty[0] - 1) : empty[0] + 1]
        rooms.remove(min(beside, key=lambda room: room[1] - room[0]))
    return rooms


def _has_word(column: _Span, words: Iterable[Word]) -> bool:
    return any(column[0] <= word.x0 and word.x1 <= column[1] for word in words)


def _cuts(room: _Span, rows: Sequence[Row]) -> bool:
    """Return whether a room lies inside what is one cell so far."""
    return any(
        block.x0 < room[0] and room[1] < block.x1 and len(block.lines) == 1
        for row in rows
        for block in row
    )


def _parts_figures(room: _Span, rows: Sequence[Row], *, has_names: bool) -> bool:
    """Return whether a room lies before figures, and not before thousands."""
    beside: list[tuple[Word, Word]] = []
    for row in rows:
        words = _words([row])
        left = [word for word in words if word.x1 <= room[0]]
        right = [word for word in words if word.x0 >= room[1]]
        if left and right:
            beside.append((max(left, key=_right_end), min(right, key=_left_end)))
    figures = [
        is_figure(right.text) and (has_names or is_figure(left.text))
        for left, right in beside
    ]
    thousands = [
        right.x0 - left.x1 < _THOUSANDS_GAP * left.size
        and bool(_THOUSANDS.search(f"{left.text} {right.text}"))
        for left, right in beside
    ]
    return sum(figures) * 2 >= max(len(beside), _FEWEST_ROWS) and (
        sum(thousands) * 2 < len(beside)
    )


def _left_end(word: Word) -> float:
    return word.x0


def _right_end(word: Word) -> float:
    return word.x1


def _cut(block: Block, rooms: Sequence[_Span]) -> Iterator[Block]:
    """Yield a block of one line in parts between which there is room."""
    line, begin = block.lines[0], 0
    if len(block.lines) == 1:
        for n, (word, right) in enumerate(pairwise(line.words), start=1):
            if any(word.x1 <= x0 and x1 <= right.x0 for x0, x1 in rooms):
                yield Block([Line(line.words[begin:n], line.page)], block.place)
                begin = n
    yield Block([Line(line.words[begin:], line.page)], block.place) if begin else block


def _names(rows: Sequence[Row], columns: Sequence[_Span]) -> _Cells | None:
    """Return the name of each column from one to three rows; None where not sure.

    Above the last row, a cell may stand over several columns and is part of the name of
    each.
    """
    names = [""] * len(columns)
    for number, row in enumerate(rows):
        is_last = number == len(rows) - 1
        corner = len(row) == len(columns) - 1 and row[0].x0 >= columns[0][1]
        lying = [_columns_at(block, columns) for block in row]
        if len(row) == len(columns) or corner:
            by_order = range(int(corner), len(columns))
            if any(at and n not in at for n, at in zip(by_order, lying, strict=True)):
                return None
            lying = [[n] for n in by_order]
        for block, at in zip(row, lying, strict=True):
            if not at or (is_last and len(at) > 1):
                return None
            for column in at:
                names[column] = f"{names[column]} {block.text}".strip()
    is_certain = all(names[1:]) and len(set(names)) == len(names)
    return names if is_certain else None
