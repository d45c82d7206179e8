"""The words of a PDF page put together to lines, on one height each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from ingest.readers.pdf_text import superscript
from ingest.readers.pdf_words import Word

# All lengths are in letter sizes.
_LEVEL = 0.3
_RAISED = 0.15
_SMALLER = 0.9
_BESIDE = 0.55
# Kerning moves letters this far apart, spaces are wider.
_KERNING = 0.14
# Compared with the spaces of the line.
_TRACKED = 0.7
_USUAL_SPACE = 0.32
_WIDEST_SPACE = 0.9
# Between two words; and compared with the usual gap of the line, if it has some.
_NARROWEST_GAP = 0.55
_WIDER = 2.0
_FEW_GAPS = 3
_WIDEST_BEHIND_NUMBER = 2.2
_WIDEST_STRETCHED = 4
_EVEN = 0.1
_OVERLAP = -0.5
_NUMBER = re.compile(
    r"\(?(\d{1,2}(\.\d{1,2})*\.?|[a-z])\)?|[•◦▪‣●○■□–—\-*\ue000-\uf8ff]"
)
_DOT = ".·…_"
_DIGIT = re.compile(r"\d")
_DOTS = re.compile(rf"[{_DOT}]+")
_LEADERS = re.compile(rf"(.*?)[{_DOT}]{{4,}}(.*)")
_FEWEST_LEADERS = 4
# In letters: what is shorter may be a cell of a table.
_PROSE = 25


@dataclass(slots=True)
class Line:
    """Words on one height of a page without a wide gap; ``y`` grows upwards."""

    words: list[Word]
    page: int
    leads: bool = False
    """Whether dots lead on to what stands to the right of it."""
    _main: Word | None = field(default=None, init=False)
    _text: str = field(default="", init=False)

    @property
    def main(self) -> Word:
        """The word that its size and height are taken from."""
        if self._main is None:
            self._main = max(self.words, key=lambda w: (round(w.size, 1), len(w.text)))
        return self._main

    @property
    def x(self) -> float:
        """Its left end."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Its right end."""
        return self.words[-1].x1

    @property
    def y(self) -> float:
        """Its baseline; of one that runs up or down, its lower end."""
        return self.main.y

    @property
    def size(self) -> float:
        """The size of its largest letters."""
        return self.main.size

    @property
    def top(self) -> float:
        """Its upper end, as small letters have it."""
        if self.is_turned:
            return max(word.turned[1] for word in self.words if word.turned)
        return self.y + 0.7 * self.size

    @property
    def bottom(self) -> float:
        """Its lower end."""
        if self.is_turned:
            return min(word.turned[0] for word in self.words if word.turned)
        return self.y - 0.15 * self.size

    @property
    def is_turned(self) -> bool:
        """Whether it runs up or down the page."""
        return self.words[0].turned is not None

    @property
    def is_bold(self) -> bool:
        """Whether all of it is in bold letters."""
        return all(word.is_bold for word in self.words)

    @property
    def text(self) -> str:
        """Its words, parted by spaces; raised figures as raised characters."""
        if not self._text:
            self._text = text_of(self.words, self.main)
        return self._text


def text_of(words: Sequence[Word], main: Word) -> str:
    """Return words as a text; figures above the line of ``main`` as raised ones."""
    parts: list[str] = []
    before: Word | None = None
    kerning = _kerning(words, main.size)
    for word in words:
        if before and (word.is_apart or _gap(before, word) > kerning):
            parts.append(" ")
        is_small = word.size < _SMALLER * main.size
        is_raised = is_small and word.y > main.y + _RAISED * main.size
        parts.append(superscript(word.text) if is_raised else word.text)
        before = word
    return "".join(parts)


def _kerning(words: Sequence[Word], size: float) -> float:
    """Return how far apart the letters of one word may stand.

    Where most letters stand alone they are spaced out, more narrowly than the spaces.
    """
    spaces = [_gap(a, b) for a, b in pairwise(words) if b.is_apart]
    is_tracked = spaces and sum(len(word.text) == 1 for word in words) * 2 > len(words)
    return max(_KERNING * size, _TRACKED * median(spaces) if is_tracked else 0.0)


def lines_of(words: Iterable[Word], page: int) -> list[Line]:
    """Return the lines that words make up, in the order of the file.

    A wide gap, or dots that lead over it, part what stands on one height.
    """
    lines: list[Line] = []
    for word in _without_leaders(words):
        last = lines[-1] if lines else None
        if word is None:
            if last:
                last.leads = True
                ending = last.words[-1]
                last.words[-1] = replace(ending, text=ending.text.rstrip(_DOT) or "…")
        elif last and not last.leads and _goes_on(last.words, word):
            last.words.append(word)
        else:
            lines.append(Line([word], page))
    cells = [cell for line in lines for cell in _cells_of(line)]
    return _mended(list(_unstretched(cells)))


def are_level(line: Line, other: Line, within: float = _LEVEL) -> bool:
    """Return whether two lines stand on one height, within a share of their size."""
    return abs(line.y - other.y) <= within * min(line.size, other.size)


def _gap(before: Word, word: Word) -> float:
    if before.turned and word.turned:
        return max(word.turned[0] - before.turned[1], before.turned[0] - word.turned[1])
    return word.x0 - before.x1


def _cells_of(line: Line) -> Iterator[Line]:
    """Yield a line in parts where a gap is wider than the others in it.

    Words that a space parts, or that are drawn in one piece, may be spaced out.
    """
    gaps = [_gap(before, word) / line.size for before, word in pairwise(line.words)]
    start = 1 if _is_numbered(line.words) else 0
    usual = median(gaps[start:]) if len(gaps) - start >= _FEW_GAPS else 0.0
    begin = 0
    for number in range(start, len(gaps)):
        right = line.words[number + 1]
        is_loose = not right.is_apart and not right.is_bound
        if is_loose and gaps[number] > max(_NARROWEST_GAP, _WIDER * usual):
            yield Line(line.words[begin : number + 1], line.page)
            begin = number + 1
    yield Line(line.words[begin:], line.page, leads=line.leads)


def _is_numbered(words: Sequence[Word]) -> bool:
    return (
        len(words) > 1
        and bool(_NUMBER.fullmatch(words[0].text))
        and words[1].text[0].isalpha()
    )


def _goes_on(line: Sequence[Word], word: Word) -> bool:
    last = line[-1]
    size = max(last.size, word.size)
    if (last.turned is None) != (word.turned is None):
        return False
    widest = _WIDEST_SPACE
    if len(line) == 1 and _is_numbered([last, word]):
        widest = _WIDEST_BEHIND_NUMBER
    if not _OVERLAP * size < _gap(last, word) < widest * size:
        return False
    if last.turned:
        return abs(word.x0 - last.x0) < size
    uneven = abs(word.size - last.size) > (1 - _SMALLER) * size
    return abs(word.y - last.y) < (_BESIDE if uneven else _LEVEL) * size


def _without_leaders(words: Iterable[Word]) -> Iterator[Word | None]:
    """Yield the words; None where dots lead from one to the next."""
    dots: list[Word] = []
    for word in words:
        if _DOTS.fullmatch(word.text):
            dots.append(word)
            continue
        leads = list(_as_leaders(dots))
        yield from leads
        dots = []
        if None in leads:  # the last dot may touch what it leads to
            word = replace(word, text=word.text.lstrip(_DOT))
        match = _LEADERS.fullmatch(word.text)
        if not match:
            yield word
            continue
        step = (word.x1 - word.x0) / len(word.text)
        if match[1]:
            yield replace(word, text=match[1], x1=word.x0 + step * match.end(1))
        yield None
        if match[2]:
            yield replace(word, text=match[2], x0=word.x0 + step * match.start(2))
    yield from _as_leaders(dots)


def _as_leaders(dots: Sequence[Word]) -> Iterator[Word | None]:
    if sum(len(word.text) for word in dots) >= _FEWEST_LEADERS:
        yield None
    else:
        yield from dots


def _unstretched(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines; those whose words were spaced out to fill a column, as one."""
    done: Line | None = None
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and _may_be_stretched(lines[end - 1], lines[end]):
            end += 1
        below = lines[end] if end < len(lines) else None
        run = lines[start:end]
        if len(run) > 1 and (
            _is_stretched(run, [line for line in (done, below) if line])
            or (below and _is_even(run, below))
        ):
            run = [_as_one(run)]
        yield from run
        done, start = run[-1], end


def _may_be_stretched(line: Line, right: Line) -> bool:
    widest = _WIDEST_STRETCHED * line.size
    return (
        (right.words[0].is_apart or right.words[0].is_bound)
        and not line.leads
        and are_level(line, right)
        and 0 < right.x - line.x1 < widest
    )


def _is_stretched(run: Sequence[Line], around: Sequence[Line]) -> bool:
    """Return whether lines side by side fill the column of a line of text near them."""
    words = [word.text for line in run for word in line.words]
    near = _LEVEL * run[0].size
    return sum(word[0].isalpha() for word in words) * 2 >= len(words) and any(
        len(line.text) >= _PROSE
        and abs(line.x - run[0].x) < near
        and abs(line.x1 - run[-1].x1) < near
        for line in around
    )


def _is_even(run: Sequence[Line], below: Line) -> bool:
    """Return whether words are spaced out evenly, and the next line goes on below.

    So is a label that fills its column; words of one width may be cells, and figures
    are, unless the sentence goes on.
    """
    size = run[0].size
    gaps = [right.x - line.x1 for line, right in pairwise(run)]
    widths = [line.x1 - line.x for line in run]
    texts = [line.text for line in run]
    return (
        len(gaps) > 1
        and max(gaps) - min(gaps) < _EVEN * size < max(widths) - min(widths)
        and (below.text[0].islower() or not any(map(_DIGIT.search, texts)))
        and abs(below.x - run[0].x) < _LEVEL * size
        and size < run[0].y - below.y < 2 * size
        and below.x1 < run[-1].x1
    )


def _mended(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with those put together that the file draws at two times.

    A footnote mark or a bold word may come long after what stands around it.
    """
    mended: dict[int, Line] = {}
    for level in _levels(lines):
        group: list[int] = []
        for number in level:
            if group and not _is_torn(lines[group[-1]], lines[number]):
                mended[min(group)] = _as_one([lines[n] for n in group])
                group = []
            group.append(number)
        mended[min(group)] = _as_one([lines[n] for n in group])
    return [mended[number] for number in sorted(mended)]


def _levels(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Yield the numbers of the lines on one height each, from left to right."""
    level: list[int] = []
    for number in sorted(range(len(lines)), key=lambda n: -lines[n].y):
        line = lines[number]
        above = lines[level[-1]] if level else line
        if above.y - line.y > _BESIDE * max(above.size, line.size):
            yield sorted(level, key=lambda n: lines[n].x)
            level = []
        level.append(number)
    if level:
        yield sorted(level, key=lambda n: lines[n].x)


def _is_torn(line: Line, right: Line) -> bool:
    size = max(line.size, right.size)
    is_mark = min(line.size, right.size) < _SMALLER * size
    return (
        not line.leads
        and not line.is_turned
        and not right.is_turned
        and _OVERLAP * size < right.x - line.x1 < _USUAL_SPACE * size
        and (is_mark or are_level(line, right))
    )


def _as_one(parts: Sequence[Line]) -> Line:
    if len(parts) == 1:
        return parts[0]
    words = sorted(
        (word for part in parts for word in part.words), key=lambda word: word.x0
    )
    return Line(words, parts[0].page, leads=parts[-1].leads)
