"""What a PDF repeats on its pages and no reader reads: headers, footers, contents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ingest.readers.pdf_lines import Line, are_level

_NUMBER = re.compile(r"\d{1,4}")
# A year may count up from page to page, too.
_PAGE_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d)\d{1,4}(?!\d)")
_NUMBERING = re.compile(r"^[\dA-Z]{0,3}(\.\d+)*\.?\s+")
# Lines in the margins: how many heights from the top and bottom; how far apart, in
# points, on other pages.
_MARGIN_HEIGHTS = 3
_SAME_PLACE = 3.0
_SURELY = 3
_ENOUGH_PAGES = 4
_FEWEST_ENTRIES = 3

Page = list[Line]
_Key = tuple[str, int | None, int]


def squeezed(text: str) -> str:
    """Return a text's letters and figures, by which titles are compared."""
    return re.sub(r"\W+", "", text).casefold()


def without_number(title: str) -> str:
    """Return a heading without the number that it begins with."""
    return _NUMBERING.sub("", title)


def without_running_lines(pages: Sequence[Page], far: float) -> list[Page]:
    """Drop lines that repeat in the margins, and page numbers.

    Two lines repeat where all but one number, which counts the pages, is the same.

    Args:
        pages: The lines of every page, those without any too.
        far: How far they stand from the text, at least, in letter sizes.
    """
    by_height = [
        _heights(sorted(page, key=lambda line: (-line.y, line.x))) for page in pages
    ]
    found: dict[_Key, set[int]] = {}
    for heights in by_height:
        for height in [*heights[:_MARGIN_HEIGHTS], *heights[-_MARGIN_HEIGHTS:]]:
            for key in (key for line in height for key in _keys(line)):
                found.setdefault(key, set()).add(height[0].page)
    # Headers may change with the chapter, so a few pages are enough.
    fewest = max(2, min(len(pages) * 3 // 10, _ENOUGH_PAGES))

    def repeats(line: Line) -> int:
        n_pages = max(_pages_with(key, found) for key in _keys(line))
        if _counts_pages(line) and (n_pages >= fewest or line.text.isdigit()):
            return max(n_pages, _SURELY)
        return n_pages if n_pages >= fewest else 0

    kept = []
    for page, heights in zip(pages, by_height, strict=True):
        edges = heights, heights[::-1]
        running = {id(line) for edge in edges for line in _running(edge, repeats, far)}
        if len(running) == len(page) and not all(repeats(it) >= _SURELY for it in page):
            running = set()
        kept.append([line for line in page if id(line) not in running])
    return kept


def _pages_with(key: _Key, found: dict[_Key, set[int]]) -> int:
    text, offset, height = key
    near = (found.get((text, offset, height + step), ()) for step in (-1, 0, 1))
    return sum(map(len, near))


def _counts_pages(line: Line) -> bool:
    return any(int(number) == line.page for number in _NUMBER.findall(line.text))


def _keys(line: Line) -> Iterator[_Key]:
    """Yield what lines that repeat have in common: height, and text but for a number.

    Of that number, the difference to the page.
    """
    height = round(line.y / _SAME_PLACE)
    yield line.text, None, height
    for match in _PAGE_NUMBER.finditer(line.text):
        text = f"{line.text[: match.start()]}#{line.text[match.end() :]}"
        yield text, int(match[0]) - line.page, height


def _heights(lines: Sequence[Line]) -> list[Page]:
    """Return sorted lines grouped by what stands on one height."""
    heights: list[Page] = []
    for line in lines:
        if not heights or not are_level(heights[-1][-1], line):
            heights.append([])
        heights[-1].append(line)
    return heights


def _running(
    heights: Sequence[Page], repeats: Callable[[Line], int], far: float
) -> Page:
    """Return the running lines of a page, from one edge inwards.

    A gap parts them from the text, unless they count the pages: the first lines of a
    text and the names of columns may repeat, too.

    Args:
        heights: The lines of the page by height, from the edge inwards.
        repeats: Says on how many pages a line stands, 0 for too few.
        far: How wide a gap is, at least, in letter sizes.
    """
    running: Page = []
    waiting: Page = []
    for number, height in enumerate(heights[:_MARGIN_HEIGHTS]):
        counts = [repeats(line) for line in height]
        has_others = any(
            not n and _NUMBER.search(line.text)
            for n, line in zip(counts, height, strict=True)
        )
        if has_others or not any(counts):
            break
        waiting += height
        inner, outer = heights[number + 1 : number + 2], height[0]
        is_far = not inner or abs(inner[0][0].y - outer.y) > far * outer.size
        is_sure = max(counts) >= _SURELY
        if is_far or (is_sure and any(_NUMBER.search(it.text) for it in height)):
            if running and not is_sure:  # behind the first gap a text may begin
                break
            running, waiting = [*running, *waiting], []
    return running


def without_contents(pages: Sequence[Page]) -> list[Page]:
    """Drop the lines of a table of contents: dots lead from titles to page numbers.

    A budget may look the same, but its entries are no lines elsewhere.
    """
    if not any(line.leads for page in pages for line in page):
        return list(pages)
    titles = {
        squeezed(without_number(line.text))
        for page in pages
        for line in page
        if not line.leads
    }
    return [_without_contents(page, titles) for page in pages]


def _without_contents(page: Page, titles: set[str]) -> Page:
    leading = [line for line in page if line.leads]
    if len(leading) < _FEWEST_ENTRIES:
        return page
    known = sum(squeezed(without_number(line.text)) in titles for line in leading)
    ends = {id(it): line for line in leading for it in page if _is_end(line, it)}
    numbers = [it.text for it in page if id(it) in ends]
    pages = [int(text) for text in numbers if _NUMBER.fullmatch(text)]
    if known * 2 < len(leading) or pages != sorted(pages) or len(pages) < len(numbers):
        return page
    return [line for line in page if not line.leads and id(line) not in ends]


def _is_end(line: Line, other: Line) -> bool:
    return other.x >= line.x1 and are_level(line, other)
