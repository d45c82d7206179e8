"""Tables and pairs of names and values on web pages, as rows that stand alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ingest.readers.rows import Merged, joined, names_and_values, rows_as_text
from ingest.readers.surroundings import is_dropped, is_menu

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TextOf = Callable[["HtmlElement"], str]
# More columns or rows than this come from a wrong "colspan", not from a table.
_MAX_SPAN = 50
# What is longer, in characters, is a part of a page and no cell.
_LONGEST_CELL = 400
_FEWEST = 2


def is_data(table: HtmlElement) -> bool:
    """Return whether a table holds data, not the layout of a page.

    One with lists or tables inside does if it names its columns, or where its cells are
    short and stand in several rows and columns.
    """
    if table.get("role") in ("presentation", "none"):
        return False
    if next(table.iter("h1", "h2", "h3"), None) is not None:
        return False
    inside = [inner for inner in table.iter("table", "ul", "ol") if inner is not table]
    if not inside:
        return True
    if any(map(is_menu, inside)):
        return False
    rows = [_cells(row) for row in _rows(table)]
    if any(cell.tag == "th" for row in rows for cell in row):
        return True
    lengths = [len(cell.text_content()) for row in rows for cell in row]
    full = [row for row in rows if len(row) >= _FEWEST]
    return len(full) >= _FEWEST and max(lengths) <= _LONGEST_CELL


def table_rows(table: HtmlElement, text_of: _TextOf) -> Iterator[str]:
    """Yield the rows of a data table as text, its caption first.

    Args:
        table: The table.
        text_of: Returns what a cell or caption says.
    """
    for caption in table.iterchildren("caption"):
        yield from [text] if (text := text_of(caption)) else []
    grid = _grid(table, text_of)
    n_header = 0
    for _, is_header in grid:
        if not is_header:
            break
        n_header += 1
    if n_header == len(grid):  # it would name nothing
        n_header = 0
    header = joined([cells for cells, _ in grid[:n_header]]) if n_header else None
    yield from rows_as_text(header, [cells for cells, _ in grid[n_header:]])


def is_pairs(names: HtmlElement) -> bool:
    """Return whether a ``dl`` holds short names and values, not parts of a page."""
    inside = names.iter("h1", "h2", "h3", "h4", "table", "dl")
    return all(element is names for element in inside)


def pair_rows(names: HtmlElement, text_of: _TextOf) -> Iterator[str]:
    """Yield each name of a ``dl`` with its values as text.

    Args:
        names: The list.
        text_of: Returns what a name or value says.
    """
    for part in list(names.iter("dt", "dd")):
        around = part.getparent()
        if around is not None and around.tag in ("dt", "dd"):  # it was never closed
            around.addnext(part)
    rows: list[tuple[list[str], list[str]]] = [([], [])]
    for part in names.iter("dt", "dd"):
        if not is_dropped(part):
            if part.tag == "dt" and rows[-1][1]:
                rows.append(([], []))
            rows[-1][part.tag == "dd"].append(text_of(part))
    yield from names_and_values([[", ".join(cells) for cells in row] for row in rows])


def _rows(table: HtmlElement) -> list[HtmlElement]:
    """Return a table's own rows, without those of tables inside it."""
    return [
        row for row in table.iter("tr") if next(row.iterancestors("table")) is table
    ]


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row.iterchildren("td", "th") if not is_dropped(cell)]


def _grid(table: HtmlElement, text_of: _TextOf) -> list[tuple[list[str], bool]]:
    """Return each row's cells, merged cells repeated, and whether it is a header."""
    grid: list[tuple[list[str], bool]] = []
    reaching: dict[int, tuple[str, int]] = {}  # cells that reach into the rows below
    for row in _rows(table):
        cells: list[str] = []
        named: list[bool] = []
        for cell in _cells(row):
            _take_reaching(cells, reaching)
            text, below = text_of(cell), _span(cell, "rowspan") - 1
            # The corner of a header is often empty, and no "th".
            is_name = cell.tag == "th" or _is_bold(cell)
            named += [is_name] if text or is_name else []
            for number in range(_span(cell, "colspan")):
                part = Merged(text) if number else text
                if below:
                    reaching[len(cells)] = (part, below)
                cells.append(part)
        _take_reaching(cells, reaching)
        in_head = next(row.iterancestors("thead", "table")).tag == "thead"
        grid.append((cells, in_head or (bool(named) and all(named))))
    return grid


def _is_bold(cell: HtmlElement) -> bool:
    """Return whether all of a cell is in bold letters."""
    bold = "".join(part.text_content() for part in cell.iter("b", "strong"))
    return bool(bold.strip()) and bold.split() == cell.text_content().split()


def _take_reaching(cells: list[str], reaching: dict[int, tuple[str, int]]) -> None:
    while len(cells) in reaching:
        text, left = reaching.pop(len(cells))
        if left > 1:
            reaching[len(cells)] = (text, left - 1)
        cells.append(text)


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(int(value), _MAX_SPAN)) if value.isdecimal() else 1
