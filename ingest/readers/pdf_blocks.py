"""The lines of a PDF page in reading order: blocks, and rows of blocks side by side.

Where a page can be cut across and along, the order in which the file draws its blocks
decides: tables are drawn row by row, columns of text one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, groupby
from statistics import median

from ingest.readers.pdf_lines import Line, are_level

# In letter sizes, and compared with the step before.
_WIDEST_STEP = 1.75
_STEADY = 1.25
# A table that is drawn column by column has rows, most of them on one height.
_FEWEST_ALIGNED = 4
_MOSTLY = 0.8
_TIGHT = 0.1
_LONGEST_FIGURE = 20
_LONGEST_CELL = 200
_FEWEST_TEXT = 3
_MOST_TRIED = 50
_DEEPEST = 60
_PROSE = 25
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
# No numbered title: "35 MW", "–12 %", "EUR 4.5 million", but not "2 Costs".
_KEY_FIGURE = re.compile(
    r"(?!\d{1,2}(\.\d+)*\.?\s+[^\W\d_]{2}[^\W\d_]*[a-z])([^\w\s]|[A-Z]{3}|kr)?\W{0,2}\d"
)
_CELL_FIGURE = re.compile(r"([€$£]|[A-Z]{3} )?[-−–+±]?[\d.,\s]+([%‰€$£]| [A-Z]{3})?")
_BROKEN = re.compile(r"(?<=\d[.,]) (?=\d)|(?<=^[-−–+±]) (?=\d)")
_LONGEST_UNIT = 10
_LONGEST_KEY_FIGURE = 4
_KEY_FIGURE_SIZE = 1.3


_NO_WALL = float("-inf")
_NEVER = 10**9


@dataclass
class Block:
    """Lines below each other: a paragraph or some, or a cell of a table."""

    lines: list[Line]
    place: int
    """When the file draws it, among the blocks of the page."""
    column: tuple[float, float] | None = None
    """Left and right end of the column that it lies in, where there are several."""

    x0: float = field(init=False)
    """Its left end."""
    x1: float = field(init=False)
    """Its right end."""
    top: float = field(init=False)
    """Its upper end."""
    bottom: float = field(init=False)
    """Its lower end."""

    def __post_init__(self) -> None:
        """Take its ends from its lines, which do not change any more."""
        self.x0 = min(line.x for line in self.lines)
        self.x1 = max(line.x1 for line in self.lines)
        self.top = max(line.top for line in self.lines)
        self.bottom = min(line.bottom for line in self.lines)

    @property
    def is_turned(self) -> bool:
        """Whether it runs up or down the page."""
        return self.lines[0].is_turned

    @cached_property
    def text(self) -> str:
        """Its lines as one text."""
        text = " ".join(line.text for line in self.lines)
        # A cell may be too narrow for its figure, which then goes on below.
        return _BROKEN.sub("", text) if _CELL_FIGURE.fullmatch(text) else text


Row = list[Block]
"""Blocks side by side, from left to right; one alone is running text."""


def is_key_figure(block: Block) -> bool:
    """Return whether a block is a figure in large letters with a few small words."""
    if not 1 < len(block.lines) <= _LONGEST_KEY_FIGURE:
        return False
    *small, large = sorted(block.lines, key=lambda line: line.size)
    return large.size >= _KEY_FIGURE_SIZE * small[-1].size and is_figure(large.text)


def is_figure(text: str) -> bool:
    """Return whether a text is a figure with its unit, rather than a numbered title."""
    n_letters = len(_LETTER.findall(text))
    return bool(_KEY_FIGURE.match(text)) and n_letters <= _LONGEST_UNIT


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Return the lines of a page as rows in reading order.

    Args:
        lines: The lines in the order of the file.
    """
    return list(_unwoven(list(_arranged(_blocks_of(lines), _DEEPEST))))


def _blocks_of(lines: Iterable[Line]) -> list[Block]:
    blocks: list[list[Line]] = []
    walls: list[float] = []
    for line in lines:
        last = blocks[-1] if blocks else []
        if last and line.x > walls[-1] and _goes_below(last, line):
            last.append(line)
            if walls[-1] == _NO_WALL and len(blocks) > 1:
                walls[-1] = _wall(blocks[-2], line)
            continue
        beside = _beside(last, line)
        if beside is None:
            walls.append(_NO_WALL)
        else:
            if beside and walls[-1] == _NO_WALL and _is_above(last, beside, line):
                blocks[-1:] = [last[:beside], last[beside:]]
                walls.append(_NO_WALL)
            walls.append(max(it.x1 for it in blocks[-1] if it.x1 <= line.x))
        blocks.append([line])
    return [Block(part, n) for n, part in enumerate(blocks)]


def _wall(block: Sequence[Line], line: Line) -> float:
    """Return where a block ends to whose right a line stands level with one of it."""
    is_beside = any(are_level(it, line) and it.x1 <= line.x for it in block)
    return max(it.x1 for it in block if it.x1 <= line.x) if is_beside else _NO_WALL


def _beside(block: Sequence[Line], line: Line) -> int | None:
    """Return which line of a block a line stands right of, or overlaps in height."""
    for number, it in enumerate(block):
        if are_level(it, line) and it.x1 <= line.x:
            return number
    if not block or line.x < max(it.x1 for it in block):
        return None
    return 0 if block[-1].bottom < line.y < block[0].top else None


def _is_above(block: Sequence[Line], beside: int, line: Line) -> bool:
    """Return whether the first lines of a block lie above the row of another line.

    A cell of several lines may have its neighbours at the height of its middle, or of
    its last line.
    """
    last, level = block[beside - 1], block[beside]
    is_one = beside == len(block) - 1 - beside or level.text[0].islower()
    is_other = last.is_bold != level.is_bold or abs(last.size - level.size) > 0.5
    return not is_one or is_other or any(it.x1 > line.x for it in block[:beside])


def _goes_below(block: Sequence[Line], line: Line) -> bool:
    last = block[-1]
    step = last.y - line.y
    if last.leads or last.is_turned or line.is_turned or step <= 0:
        return False
    if len(block) > 1 and last.size == line.size == block[-2].size:
        widest = _STEADY * (block[-2].y - last.y)
    else:
        widest = _WIDEST_STEP * max(last.size, line.size)
    x0, x1 = min(it.x for it in block), max(it.x1 for it in block)
    return step <= widest and line.x < x1 and x0 < line.x1


def _arranged(blocks: Sequence[Block], depth: int) -> Iterator[Row]:
    across = _cut(blocks, lambda block: (-block.top, -block.bottom))
    for parts in _as_drawn(across):
        yield from _arranged_part(parts, depth)


def _arranged_part(parts: Sequence[Sequence[Block]], depth: int) -> Iterator[Row]:
    """Yield what lies across a page, where no cut across is as it was drawn."""
    blocks = [block for part in parts for block in part]
    along = _cut(blocks, lambda block: (block.x0, block.x1))
    n_above, disorder = _best(parts)
    if not depth or (not n_above and len(along) == 1):
        yield from ([block] for block in sorted(blocks, key=lambda it: it.place))
    elif n_above and disorder <= _best(along)[1]:
        for cut in (parts[:n_above], parts[n_above:]):
            below = [block for part in cut for block in part]
            yield from _arranged(below, depth - 1)
    else:
        yield from _side_by_side(along, depth - 1)


def _as_drawn(
    parts: Sequence[Sequence[Block]],
) -> Iterator[list[Sequence[Block]]]:
    """Yield parts in groups between which the order is that of the file."""
    firsts, lasts = _places(parts)
    group: list[Sequence[Block]] = []
    for number, part in enumerate(parts):
        if group and lasts[number - 1] < firsts[number]:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _places(parts: Sequence[Sequence[Block]]) -> tuple[list[int], list[int]]:
    """Return of each part and those behind it the first place, and before it the last.

    What runs up or down beside a table or page is often drawn last and does not count.
    """
    places = [[b.place for b in part if not b.is_turned] for part in parts]
    firsts = [min(part, default=_NEVER) for part in places]
    lasts = [max(part, default=-1) for part in places]
    return list(accumulate(firsts[::-1], min))[::-1], list(accumulate(lasts, max))


def _best(parts: Sequence[Sequence[Block]]) -> tuple[int, float]:
    """Return behind how many parts to cut best, and how many blocks that misplaces.

    Misplaced is what the file draws behind the cut and stands before it, or the other
    way round.

    Returns:
        (0, infinity) where there is nothing to cut.
    """
    firsts, lasts = _places(parts)
    best: tuple[int, float] = (0, float("inf"))
    for n in range(1, min(len(parts), _MOST_TRIED)):
        before = (b.place for part in parts[:n] for b in part if not b.is_turned)
        behind = (b.place for part in parts[n:] for b in part if not b.is_turned)
        late = sum(place > firsts[n] for place in before)
        early = sum(place < lasts[n - 1] for place in behind)
        best = min(best, (n, min(late, early)), key=lambda it: it[1])
    return best


def _side_by_side(parts: Sequence[Sequence[Block]], depth: int) -> Iterator[Row]:
    drawn = [[block for part in group for block in part] for group in _as_drawn(parts)]
    if _is_table_by_columns(parts):
        yield from _by_level(parts)
    elif all(len(part) == 1 and _may_be_cell(part[0]) for part in parts):
        yield [block for (block,) in parts]
    elif rows := _labelled(parts):
        yield from rows
    else:  # tables side by side are drawn one after the other, each row by row
        yield from _columns(drawn if len(drawn) > 1 else parts, depth)


def _labelled(parts: Sequence[Sequence[Block]]) -> list[Row]:
    """Return the rows beside a cell that reaches over all of them, or none."""
    first, *others = parts
    blocks = [block for part in others for block in part]
    levels = _cut(blocks, lambda block: (-block.top, -block.bottom))
    rows = [_cut(level, lambda block: (block.x0, block.x1)) for level in levels]
    is_table = len(rows) > 1 and all(
        len(row) == len(others) and all(len(cell) == 1 for cell in row) for row in rows
    )
    if not is_table or len(first) > 1 or not all(map(_may_be_cell, [*first, *blocks])):
        return []
    return [[first[0], *(block for (block,) in row)] for row in rows]


def _columns(parts: Sequence[Sequence[Block]], depth: int) -> Iterator[Row]:
    for part in parts:
        edges = min(b.x0 for b in part), max(b.x1 for b in part)
        for block in part:
            block.column = block.column or edges
        yield from _arranged(part, depth)


def _cut(
    blocks: Sequence[Block], span: Callable[[Block], tuple[float, float]]
) -> list[list[Block]]:
    """Return blocks in groups between which a straight line finds room, in order."""
    groups: list[list[Block]] = []
    reach = float("-inf")
    for block in sorted(blocks, key=span):
        begin, end = span(block)
        if not groups or begin >= reach:
            groups.append([])
        groups[-1].append(block)
        reach = max(reach, end)
    return groups


def _may_be_cell(block: Block) -> bool:
    return len(block.text) <= _LONGEST_CELL


def _is_prose(parts: Sequence[Sequence[Block]]) -> bool:
    """Return whether at least two columns hold lines too long for cells."""
    return sum(map(_is_text, parts)) > 1


def _is_text(blocks: Iterable[Block]) -> bool:
    lengths = [len(line.text) for block in blocks for line in block.lines]
    return len(lengths) > _FEWEST_TEXT and median(lengths) >= _PROSE


def _is_table_by_columns(parts: Sequence[Sequence[Block]]) -> bool:
    """Return whether columns are those of a table, with figures side by side."""
    columns = [[line for block in part for line in block.lines] for part in parts]
    first, *others = columns
    if min(map(len, columns)) < _FEWEST_ALIGNED or _is_prose(parts):
        return False
    figures = [sum(map(_is_figure, column)) / len(column) for column in others]
    level = sum(any(are_level(a, b, _TIGHT) for b in first) for a in others[0])
    return max(figures) > 1 / 2 and level >= _MOSTLY * len(others[0])


def _is_figure(line: Line) -> bool:
    return len(line.text) < _LONGEST_FIGURE and bool(_DIGIT.search(line.text))


def _by_level(parts: Sequence[Sequence[Block]]) -> Iterator[Row]:
    """Yield what stands on one height, from the top."""
    lines = [line for part in parts for block in part for line in block.lines]
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.y):
        if row and not are_level(row[0], line):
            yield _as_row(row)
            row = []
        row.append(line)
    yield _as_row(row)


def _unwoven(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows; columns of text that are drawn line by line, one by one."""
    for width, group in groupby(rows, key=len):
        run = list(group)
        columns = [[row[n] for row in run] for n in range(width)]
        if width > 1 and all(map(_is_text, columns)):
            for column in columns:
                yield [Block([line for block in column for line in block.lines], 0)]
        else:
            yield from run


def _as_row(lines: Sequence[Line]) -> Row:
    in_order = sorted(lines, key=lambda line: line.x)
    return [Block([line], n) for n, line in enumerate(in_order)]
