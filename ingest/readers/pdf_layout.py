"""From the placed lines of PDF pages to headings and whole paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from statistics import median

from ingest.readers.content import Heading, Item, Text
from ingest.readers.pdf_lines import Line, PdfPage
from ingest.readers.pdf_tables import find_tables
from ingest.readers.pdf_text import (
    Joiner,
    ends_sentence,
    first_sentence_end,
)

_BULLET = re.compile(r"^[•◦▪‣●○■□–—\-*\ue000-\uf8ff]\s+|^(\(?[a-z]|\(?\d{1,2})[.)]\s+")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"([-–—|])?\s*\d{1,4}\s*(?(1)[-–—|])")
_LEADERS = re.compile(r"(?:[.·…]\s*){4,}\s*[\divxlc]+$")
_NUMBERING = re.compile(r"^[\dA-Z]{0,3}(\.\d+)*\.?\s+")
_LETTER = re.compile(r"[^\W\d_]")
# Lines in the margins: how many from the top and bottom, how far apart on other pages.
_MARGIN_LINES = 3
_SAME_PLACE = 3.0
_SURELY = 3
_ENOUGH_PAGES = 4
# Compared with the usual distance of two lines.
_PARAGRAPH_GAP = 1.25
_FAR_GAP = 3.0
# In letter sizes.
_INDENT = 0.7
_HEADING_SIZE = 1.12
_LONGEST_HEADING = 160


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
    """A row of a table, whose text is already made."""
    text: str = ""

    @property
    def first(self) -> Line:
        """The line that it begins with."""
        return self.lines[0]

    @property
    def is_item(self) -> bool:
        """Whether it begins like an item of a list."""
        return bool(_BULLET.match(self.first.text))


def read_pages(
    pages: Sequence[PdfPage], bookmarks: Sequence[Bookmark]
) -> Iterator[Item]:
    """Yield the headings and paragraphs of all pages, in reading order.

    Running headers and footers are dropped. Headings are those that the bookmarks name;
    without bookmarks, the lines in larger or bolder letters.

    Args:
        pages: Every page, those without text too.
        bookmarks: The entries of the PDF's outline, may be empty.
    """
    leading = _usual_leading([line for page in pages for line in page.lines])
    pages = _without_running_lines(pages, leading * _PARAGRAPH_GAP)
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return
    paragraphs = [p for page in pages for p in _parts(page, leading)]
    if _mark_by_bookmarks(paragraphs, bookmarks):
        paragraphs = [p for part in paragraphs for p in (part, part.rest) if p]
    else:
        _mark_by_size(paragraphs, _body_size(lines))
    joiner = Joiner(line.text for line in lines)
    for paragraph in paragraphs:
        if not paragraph.is_row:
            paragraph.text = joiner.join(line.text for line in paragraph.lines)
    _join_over_breaks(paragraphs, joiner)
    for paragraph in paragraphs:
        text = (
            _BULLET.sub("", paragraph.text) if _is_list(paragraph) else paragraph.text
        )
        if paragraph.heading is not None:
            yield Heading(paragraph.heading, paragraph.title or text)
        elif text:
            yield Text(text, page=paragraph.first.page)


def _is_list(paragraph: _Paragraph) -> bool:
    # Numbers stay: "2. May" may be a date.
    return paragraph.is_item and not paragraph.first.text[0].isalnum()


def _without_running_lines(pages: Sequence[PdfPage], far: float) -> list[PdfPage]:
    """Drop lines that repeat in the margins, page numbers and tables of contents.

    Args:
        pages: Every page.
        far: How far they stand from the text, at least, in letter sizes.
    """
    margins = [_margin_lines(page.lines) for page in pages]
    places: dict[tuple[str, int], set[int]] = {}
    for top, bottom in margins:
        for line in {*top, *bottom}:
            places.setdefault(_place(line), set()).add(line.page)
    # Headers may change with the chapter, so a few pages are enough.
    fewest = max(2, min(len(pages) * 3 // 10, _ENOUGH_PAGES))

    def repeats(line: Line) -> int:
        text, height = _place(line)
        near = (places.get((text, height + step), ()) for step in (-1, 0, 1))
        n_pages = sum(map(len, near))
        if _PAGE_NUMBER.fullmatch(line.text):
            return _SURELY
        return n_pages if n_pages >= fewest else 0

    kept = []
    for page, edges in zip(pages, margins, strict=True):
        running = {line for edge in edges for line in _running(edge, repeats, far)}
        if len(running) == len(page.lines) and len(pages) == 1:
            running = set()
        rest = [
            line
            for line in page.lines
            if line not in running and not _LEADERS.search(line.text)
        ]
        kept.append(PdfPage(rest, page.drawn))
    return kept


def _place(line: Line) -> tuple[str, int]:
    """Return what lines that repeat have in common: text but for numbers, height."""
    return _DIGITS.sub("#", line.text), round(line.y / _SAME_PLACE)


def _running(
    edge: Sequence[Line], repeats: Callable[[Line], int], far: float
) -> Sequence[Line]:
    """Return the running lines at an edge of a page, from the edge inwards.

    A line without a number that repeats on two pages only may be text; it counts when a
    gap parts it from the text.
    """
    n = sum(1 for _ in takewhile(repeats, edge[:_MARGIN_LINES]))
    while n and n < len(edge):
        inner, outer = edge[n], edge[n - 1]
        is_sure = repeats(outer) >= _SURELY or bool(_DIGITS.search(outer.text))
        if is_sure or abs(inner.y - outer.y) > far * outer.size:
            break
        n -= 1
    return edge[:n]


def _margin_lines(page: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return the topmost and bottommost lines and one more, from the edge inwards."""
    by_height = sorted(page, key=lambda line: -line.y)
    return by_height[: _MARGIN_LINES + 1], by_height[: -_MARGIN_LINES - 2 : -1]


def _usual_leading(lines: Sequence[Line]) -> float:
    """Return the usual distance between two lines, in letter sizes."""
    steps = [
        (above.y - below.y) / below.size
        for above, below in pairwise(lines)
        if above.page == below.page
        and below.size > 0
        and abs(above.size - below.size) < 0.5
        and 0.5 < (above.y - below.y) / below.size < _FAR_GAP
    ]
    return median(steps) if steps else 1.2


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _parts(page: PdfPage, leading: float) -> Iterator[_Paragraph]:
    """Yield the table rows and paragraphs of a page, in order."""
    begin = 0
    if page.drawn:
        for table in find_tables([line.text for line in page.lines], page.drawn):
            yield from _paragraphs(page.lines[begin : table.start], leading)
            for text in table.rows:
                yield _Paragraph([page.lines[table.start]], is_row=True, text=text)
            begin = table.end
    yield from _paragraphs(page.lines[begin:], leading)


def _paragraphs(page: Sequence[Line], leading: float) -> Iterator[_Paragraph]:
    current: _Paragraph | None = None
    for line in page:
        if current is None:
            current = _Paragraph([line], begins_column=True)
            continue
        goes_up = line.y > current.lines[-1].y + line.size
        if goes_up or _begins_paragraph(current, line, leading):
            yield current
            current = _Paragraph([line], begins_column=goes_up)
        else:
            current.lines.append(line)
    if current is not None:
        yield current


def _begins_paragraph(current: _Paragraph, line: Line, leading: float) -> bool:
    last = current.lines[-1]
    if abs(line.size - last.size) > 0.08 * last.size or line.is_bold != last.is_bold:
        # A line that begins with one bold word is not bold as a whole.
        return True
    if _BULLET.match(line.text) and (ends_sentence(last.text) or current.is_item):
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
        wanted = _squeezed(bookmark.title)
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
        if wanted in (_squeezed(text), _squeezed(_NUMBERING.sub("", text))):
            return number
    return 0


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _mark_by_size(paragraphs: Sequence[_Paragraph], body_size: float) -> None:
    """Mark short paragraphs in letters larger than the body's, or in bold ones."""
    found = [
        p for p in paragraphs if not p.is_row and _looks_like_heading(p, body_size)
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
    if text.endswith((".", ",", ";", ":")) or paragraph.is_item:
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
        if (
            before.is_row
            or not before.text
            or abs(before.first.size - after.first.size) > 0.5
        ):
            continue
        return None if ends_sentence(before.text) else before
    return None
