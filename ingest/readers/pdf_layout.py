"""From the lines of PDF pages to headings, whole paragraphs and table rows."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.content import Heading, Item, Text
from ingest.readers.pdf_blocks import Block, Row, is_figure, is_key_figure, rows_of
from ingest.readers.pdf_items import begins_item, begins_next_item, without_bullet
from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_margins import (
    Page,
    squeezed,
    without_contents,
    without_number,
    without_running_lines,
)
from ingest.readers.pdf_tables import statements_of
from ingest.readers.pdf_text import (
    Joiner,
    ends_sentence,
    first_sentence_end,
)

_LETTER = re.compile(r"[^\W\d_]")
# Of a line of running text.
_FEWEST_LETTERS = 40
# Compared with the usual distance of two lines.
_PARAGRAPH_GAP = 1.25
_FAR_GAP = 3.0
# In letter sizes.
_INDENT = 0.7
_HEADING_SIZE = 1.12
_LONGEST_HEADING = 160
_GROUP_GAP = 2.5
# Words that no line end may part, such as a figure and its unit.
_KEPT_TOGETHER = 1
# In letters, of a line that goes on in the next column.
_SHORTEST_UNFINISHED = 20
# Compared with the usual width of a column of text.
_SIDEBAR = 0.6


@dataclass(frozen=True)
class Bookmark:
    """A heading that the PDF names in its outline."""

    level: int
    title: str
    page: int


@dataclass
class _Paragraph:
    lines: list[Line]
    begins_column: bool = False
    heading: int | None = None
    """Level, if it is a heading."""
    title: str = ""
    """The heading as its bookmark has it, without its number."""
    rest: _Paragraph | None = None
    """What follows the heading without a gap."""
    is_row: bool = False
    """A row of a table or the like, whose text is already made."""
    is_aside: bool = False
    """In a narrow column beside the text, whose headings name nothing else."""
    text: str = ""

    @property
    def first(self) -> Line:
        """The line that it begins with."""
        return self.lines[0]

    @property
    def is_item(self) -> bool:
        """Whether it begins like an item of a list."""
        return begins_item(self.first.text)


def read_pages(pages: Sequence[Page], bookmarks: Sequence[Bookmark]) -> list[Item]:
    """Return the headings and paragraphs of all pages, in reading order.

    Running headers and footers are dropped. Headings are those that the bookmarks name;
    without bookmarks, the lines in larger or bolder letters.

    Args:
        pages: The lines of every page, those without text too.
        bookmarks: The entries of the PDF's outline, may be empty.
    """
    leading = _usual_leading([line for page in pages for line in page])
    pages = without_contents(without_running_lines(pages, leading * _PARAGRAPH_GAP))
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    width = _usual_width(lines)
    paragraphs = [p for page in pages for p in _parts(rows_of(page), leading, width)]
    if _mark_by_bookmarks(paragraphs, bookmarks):
        paragraphs = [p for part in paragraphs for p in (part, part.rest) if p]
    else:
        _mark_by_size(paragraphs, _body_size(lines))
    joiner = Joiner(line.text for line in lines)
    for paragraph in paragraphs:
        if not paragraph.is_row:
            paragraph.text = joiner.join(line.text for line in paragraph.lines)
    _join_over_breaks(paragraphs, joiner)
    return _with_all_headings(list(_items(paragraphs)))


def _items(paragraphs: Sequence[_Paragraph]) -> Iterator[tuple[Item, int]]:
    """Yield headings and texts, each with its page."""
    for paragraph in paragraphs:
        text, page = paragraph.text, paragraph.first.page
        text = without_bullet(text)
        if paragraph.heading is not None:
            yield Heading(paragraph.heading, paragraph.title or text), page
        elif text:
            yield Text(text, page=page), page


def _with_all_headings(items: Sequence[tuple[Item, int]]) -> list[Item]:
    """Return the items; a heading with nothing below it as a text."""
    kept: list[Item] = []
    highest = 0.0  # heading between here and the next text
    for item, page in reversed(items):
        if isinstance(item, Text):
            highest = math.inf
            kept.append(item)
        else:
            is_empty = item.level >= highest
            highest = item.level
            kept.append(Text(item.text, page=page) if is_empty else item)
    return kept[::-1]


def _usual_leading(lines: Sequence[Line], otherwise: float = 1.2) -> float:
    """Return the usual distance between two lines, in letter sizes."""
    steps = [
        (above.y - below.y) / below.size
        for above, below in pairwise(lines)
        if above.page == below.page
        and below.size > 0
        and abs(above.size - below.size) < 0.5
        and 0.5 < (above.y - below.y) / below.size < _FAR_GAP
    ]
    return median(steps) if steps else otherwise


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _usual_width(lines: Iterable[Line]) -> float:
    """Return how wide a column of running text usually is, 0 where there is none."""
    widths = [line.x1 - line.x for line in lines if len(line.text) >= _FEWEST_LETTERS]
    return median(widths) if widths else 0.0


def _parts(rows: Sequence[Row], leading: float, width: float) -> Iterator[_Paragraph]:
    """Yield the table rows and paragraphs of a page, in order.

    Args:
        rows: The rows of the page.
        leading: The usual distance between two lines, in letter sizes.
        width: The usual width of a column of text.
    """
    text: list[Block] = []
    for group in _groups(rows):
        if isinstance(group, Block) and not _is_apart(group, width):
            text.append(group)
            continue
        yield from _paragraphs(text, leading, width)
        text = []
        if isinstance(group, list):
            for statement in statements_of(group):
                yield _Paragraph([group[0][0].lines[0]], is_row=True, text=statement)
        elif is_key_figure(group):
            yield _Paragraph(group.lines[:1], is_row=True, text=group.text)
        else:
            for paragraph in _paragraphs([group], leading, width):
                paragraph.is_aside = True
                yield paragraph
    yield from _paragraphs(text, leading, width)


def _is_apart(block: Block, width: float) -> bool:
    """Return whether a block is no part of the text around it."""
    x0, x1 = block.column or (0, width)
    return is_key_figure(block) or x1 - x0 < _SIDEBAR * width


def _groups(rows: Sequence[Row]) -> Iterator[Block | list[Row]]:
    """Yield the rows that make up tables together, all other blocks one by one."""
    table: list[Row] = []
    for number, row in enumerate(rows):
        after = rows[number + 1] if number + 1 < len(rows) else []
        is_group_name = table and _is_tabular(after) and _names_group(row, table[-1])
        if _is_tabular(row) or is_group_name:
            table.append(row)
            continue
        if table:
            yield table
            table = []
        yield from row
    if table:
        yield table


def _is_tabular(row: Row) -> bool:
    return len(row) > 1 and not all(map(is_key_figure, row))


def _names_group(row: Row, above: Row) -> bool:
    """Return whether a block alone stands in the first column, close below a row."""
    block, first = row[0], above[0].lines[-1]
    return (
        len(row) == len(block.lines) == 1
        and abs(block.lines[0].size - first.size) < 0.1 * first.size
        and above[0].bottom - block.top < _GROUP_GAP * first.size
        and (len(above) == 1 or block.x1 <= above[1].x0)
    )


def _paragraphs(
    blocks: Sequence[Block], leading: float, width: float
) -> Iterator[_Paragraph]:
    current: _Paragraph | None = None
    for block in blocks:
        leading_here = min(leading, _usual_leading(block.lines, leading))
        is_list = _is_list(block, width)
        for line in block.lines:
            if current is None:
                current = _Paragraph([line], begins_column=True)
                continue
            last = current.lines[-1]
            is_beside = line.x >= last.x1 or line.x1 <= last.x
            goes_up = is_beside or line.y > last.y + line.size
            is_over = last in block.lines and _ends_early(
                last, line, block, is_list=is_list
            )
            if goes_up or is_over or _begins_paragraph(current, line, leading_here):
                yield current
                current = _Paragraph([line], begins_column=goes_up)
            else:
                current.lines.append(line)
    if current is not None:
        yield current


def _is_list(block: Block, width: float) -> bool:
    """Return whether a block has short lines only, none of which ends a sentence."""
    return (
        block.column is None
        and block.x1 - block.x0 < _SIDEBAR * width
        and block.lines[0].size <= block.lines[-1].size
        and not any(ends_sentence(line.text) for line in block.lines)
    )


def _ends_early(line: Line, after: Line, block: Block, *, is_list: bool) -> bool:
    """Return whether a line has room for the first words of the next one.

    Then its end is meant: a list, a caption, names with their values.
    """
    first = after.words[: _KEPT_TOGETHER + 1]
    room = block.x1 - line.x1 - line.size
    is_whole = ends_sentence(line.text) or after.text[0].islower()
    is_short = is_list or first[-1].x1 - first[0].x0 < room
    return not is_whole and is_short


def _begins_paragraph(current: _Paragraph, line: Line, leading: float) -> bool:
    last = current.lines[-1]
    if abs(line.size - last.size) > 0.08 * last.size or line.is_bold != last.is_bold:
        # A line that begins with one bold word is not bold as a whole.
        return True
    if begins_item(line.text) and (
        ends_sentence(last.text)
        or (current.is_item and begins_next_item(line, current.first))
    ):
        return True
    gap = (last.y - line.y) / (line.size or 1)
    unfinished = not ends_sentence(last.text) and line.text[:1].islower()
    if gap > leading * (_FAR_GAP if unfinished else _PARAGRAPH_GAP):
        return True
    if unfinished:
        return False
    step = (line.x - last.x) / (line.size or 1)
    if step > _INDENT:
        return not (current.is_item and len(current.lines) == 1)
    return step < -_INDENT and len(current.lines) > 1


def _mark_by_bookmarks(
    paragraphs: Sequence[_Paragraph], bookmarks: Sequence[Bookmark]
) -> bool:
    """Mark the paragraphs that bookmarks name; return whether any was found."""
    by_page: dict[int, list[_Paragraph]] = {}
    for paragraph in paragraphs:
        if not paragraph.is_row:
            by_page.setdefault(paragraph.first.page, []).append(paragraph)
    found = False
    for bookmark in bookmarks:
        wanted = squeezed(bookmark.title)
        for paragraph in by_page.get(bookmark.page, []):
            n = 0 if paragraph.title else _matching_lines(paragraph, wanted)
            if n:
                if rest := paragraph.lines[n:]:
                    paragraph.rest = _Paragraph(rest)
                paragraph.lines = paragraph.lines[:n]
                paragraph.heading = bookmark.level
                paragraph.title = " ".join(bookmark.title.split())
                found = True
                break
    return found


def _matching_lines(paragraph: _Paragraph, wanted: str) -> int:
    """Return how many of a paragraph's first lines are the wanted heading, or 0."""
    text = ""
    for number, line in enumerate(paragraph.lines[:4], start=1):
        text = f"{text} {line.text}".strip()
        if wanted in (squeezed(text), squeezed(without_number(text))):
            return number
    return 0


def _mark_by_size(paragraphs: Sequence[_Paragraph], body_size: float) -> None:
    """Mark short paragraphs in letters larger than the body's, or in bold ones."""
    found = [
        p
        for p in paragraphs
        if not p.is_row and not p.is_aside and _looks_like_heading(p, body_size)
    ]
    sizes = sorted({_rank(p, body_size) for p in found}, reverse=True)
    for paragraph in found:
        paragraph.heading = 1 + sizes.index(_rank(paragraph, body_size))


def _rank(paragraph: _Paragraph, body_size: float) -> float:
    return max(round(paragraph.first.size), round(body_size))


def _looks_like_heading(paragraph: _Paragraph, body_size: float) -> bool:
    text = " ".join(line.text for line in paragraph.lines)
    if len(text) > _LONGEST_HEADING or not _LETTER.search(text):
        return False
    if text.endswith((".", ",", ";", ":")) or paragraph.is_item or is_figure(text):
        return False
    is_larger = paragraph.first.size >= body_size * _HEADING_SIZE
    is_bold = paragraph.first.is_bold and paragraph.first.size >= body_size * 0.95
    return is_larger or (is_bold and len(paragraph.lines) == 1)


def _join_over_breaks(paragraphs: list[_Paragraph], joiner: Joiner) -> None:
    """Join what a page or column break has parted; a sentence keeps its first page."""
    for index, after in enumerate(paragraphs):
        if not after.begins_column or after.heading is not None or after.is_item:
            continue
        before = _unfinished_before(paragraphs, index)
        if before is None:
            continue
        text = joiner.join([before.text, after.text])
        if before.first.page == after.first.page:
            before.text, after.text = text, ""
        else:
            end = first_sentence_end(text, len(before.text))
            before.text, after.text = text[:end].strip(), text[end:].strip()


def _unfinished_before(
    paragraphs: Sequence[_Paragraph], index: int
) -> _Paragraph | None:
    """Return the paragraph that goes on at ``index``, over footnotes in between."""
    after = paragraphs[index]
    for before in reversed(paragraphs[max(0, index - 8) : index]):
        if before.heading is not None or after.first.page - before.first.page > 1:
            return None
        if before.is_row:
            return None
        if not before.text or abs(before.first.size - after.first.size) > 0.5:
            continue
        is_label = len(before.lines[-1].text) < _SHORTEST_UNFINISHED
        is_over = is_label and not after.first.text[0].islower()
        return None if is_over or ends_sentence(before.text) else before
    return None
