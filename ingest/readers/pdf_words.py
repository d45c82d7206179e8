"""The words of a PDF page with their places, in the order in which they are drawn."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.readers.pdf_text import superscript

# PDFium's signs for a hyphen that ends a line; it goes on as if there were no line end.
_HYPHENS = "\x02\ufffe"
_DRAWN = re.compile(rf"[^\s\0{_HYPHENS}]+[{_HYPHENS}]?|[{_HYPHENS}]")
_HYPHEN = re.compile(f"[{_HYPHENS}]")
_DIGIT = re.compile(r"\d")
# In letter sizes: two of the same nearer than this are one, printed twice to look bold.
_OVERPRINTED = 0.15
# Share of a letter's height by which those beside it differ in size or place.
_UNEVEN = 0.1
# Fonts may have raised figures of their own, which stand in the room of other letters:
# they are narrow and begin high, in shares of that room's height.
_NARROW = 0.4
_HIGH = 0.15
_SIGNS = "+-−–"
_BRACKETS = "()"
_BOLD = re.compile(r"bold|black|heavy", re.I)
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or the part of one that stands higher or is smaller; ``y`` grows upwards.

    Places are those of the page turned so that most of its words run to the right.
    """

    text: str
    x0: float
    x1: float
    y: float
    """Its baseline."""
    size: float
    is_bold: bool
    is_apart: bool
    """Whether a space of the file, not only a gap, parts it from the word before."""
    is_bound: bool = False
    """Whether the file draws it in one piece with the word before."""
    is_mapped: bool = True
    """Whether its font says which letters its glyphs are."""
    turned: tuple[float, float] | None = None
    """Lower and upper end, if it runs up or down beside the others."""


@dataclass(frozen=True, slots=True)
class _Style:
    x: float
    y: float
    size: float
    turn: int
    is_bold: bool
    is_mapped: bool


def pages_of(raw: bytes) -> Generator[list[Word], None, None]:
    """Yield the words of each page of a PDF, in the order of the file.

    What is printed twice is there once; of a page that cannot be read there is nothing.

    Raises:
        PdfiumError: The file is damaged or needs a password.
    """
    with pdfium.PdfDocument(raw) as document:
        for index in range(len(document)):
            try:
                page = document[index]
                words = _words_of(page)
                page.close()
            except pdfium.PdfiumError:  # the other pages may be whole
                words = []
            yield words


def _words_of(page: pdfium.PdfPage) -> list[Word]:
    textpage = page.get_textpage()
    try:
        placed = list(_placed(textpage))
    finally:
        textpage.close()
    turns = Counter(turn for _, turn in placed)
    upright = turns.most_common(1)[0][0] if turns else 0
    words = [_seen_from(word, turn, upright) for word, turn in placed]
    return list(_printed_once(words))


def _placed(textpage: pdfium.PdfTextPage) -> Iterator[tuple[Word, int]]:
    """Yield the words as they stand on the page, each with its quarter turns."""
    n_chars = textpage.count_chars()
    text = textpage.get_text_range(0, n_chars) if n_chars > 0 else ""
    if len(text) != n_chars:  # letters beyond the first 65,536 take two places
        text = "".join(
            chr(pdfium_c.FPDFText_GetUnicode(textpage, i)) for i in range(n_chars)
        )
    letters = _Letters(textpage)
    for match in _DRAWN.finditer(text):
        for start, end in letters.even_parts(*match.span(), match.group()):
            is_apart = text[start - 1 : start].isspace() and not letters.is_made_up(
                start - 1
            )
            shown = _HYPHEN.sub("-", letters.raised(text[start:end], start))
            yield letters.word(shown, start, end, is_apart=is_apart)


class _Letters:
    """Asks PDFium for the places and fonts of letters, as seldom as it can."""

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self._page = textpage.raw
        self._box, self._matrix = pdfium_c.FS_RECTF(), pdfium_c.FS_MATRIX()
        self._name = ctypes.create_string_buffer(_LONGEST_NAME)
        self._object = 0
        self._style = _Style(0.0, 0.0, 1.0, 0, is_bold=False, is_mapped=True)

    def even_parts(self, start: int, end: int, text: str) -> Iterator[tuple[int, int]]:
        """Yield the parts of a word whose letters are of one size and height.

        Only where a word has figures, one of which may be raised, is it worth asking.
        """
        if end - start > 1 and _DIGIT.search(text):
            low, high = self._heights(start)
            for index in range(start + 1, end):
                bottom, top = self._heights(index)
                uneven = _UNEVEN * (high - low)
                if abs(bottom - low) > uneven or abs(top - high) > uneven:
                    yield start, index
                    start, low, high = index, bottom, top
        yield start, end

    def raised(self, text: str, start: int) -> str:
        """Return a word whose figures are raised characters where they are drawn so."""
        chars = list(text)
        for n, char in enumerate(text):
            if (
                char.isdecimal()
                and self._is_narrow(start + n)
                and self._is_high(start + n)
            ):
                chars[n] = superscript(char)
                if n and text[n - 1] in _SIGNS:
                    chars[n - 1] = superscript(text[n - 1])
        for n, char in enumerate(text):
            if char in _BRACKETS and chars != list(text) and self._is_high(start + n):
                chars[n] = superscript(char)
        return "".join(chars)

    def _is_narrow(self, index: int) -> bool:
        self._find(index)
        x0, bottom, x1, top = self._edges()
        return x1 - x0 < _NARROW * (top - bottom)

    def _is_high(self, index: int) -> bool:
        """Return whether a letter, as far as it is inked, stands above its line."""
        low, high = self._heights(index)
        _, y, _, bottom, _, _ = numbers = [ctypes.c_double() for _ in range(6)]
        pdfium_c.FPDFText_GetCharOrigin(self._page, index, *numbers[:2])
        pdfium_c.FPDFText_GetCharBox(
            self._page, index, numbers[2], numbers[4], numbers[3], numbers[5]
        )
        return bottom.value - y.value > _HIGH * (high - low)

    def is_made_up(self, index: int) -> bool:
        """Return whether PDFium saw a gap where the file has no space."""
        return bool(pdfium_c.FPDFText_IsGenerated(self._page, index) == 1)

    def word(
        self, text: str, start: int, end: int, *, is_apart: bool
    ) -> tuple[Word, int]:
        """Return a word with its place on the page, and its quarter turns."""
        before, style = self._object, self._style_of(start)
        self._find(end - 1)
        x0, bottom, x1, top = self._edges()
        if end - start > 1:
            self._find(start)
            left, low, right, high = self._edges()
            if abs(left - x0) + abs(low - bottom) > 2 * style.size * (end - start):
                # PDFium misplaces the letters of a turned ligature.
                left, low, right, high = style.x, style.y, style.x, style.y
            x0, bottom = min(x0, left), min(bottom, low)
            x1, top = max(x1, right), max(top, high)
        return Word(
            text,
            x0,
            x1,
            y=style.x if style.turn % 2 else style.y,
            size=style.size,
            is_bold=style.is_bold,
            is_apart=is_apart,
            is_bound=before == self._object,
            is_mapped=style.is_mapped,
            turned=(bottom, top),
        ), style.turn

    def _find(self, index: int) -> None:
        pdfium_c.FPDFText_GetLooseCharBox(self._page, index, self._box)

    def _edges(self) -> tuple[float, float, float, float]:
        box = self._box
        return box.left, box.bottom, box.right, box.top

    def _heights(self, index: int) -> tuple[float, float]:
        self._find(index)
        return self._box.bottom, self._box.top

    def _style_of(self, index: int) -> _Style:
        """Return how a letter is set, which all of one piece of the file share."""
        drawn = pdfium_c.FPDFText_GetTextObject(self._page, index)
        address = ctypes.addressof(drawn.contents) if drawn else 0
        if not address or address != self._object:
            self._object = address
            matrix = self._matrix
            pdfium_c.FPDFText_GetMatrix(self._page, index, matrix)
            size = abs(pdfium_c.FPDFText_GetFontSize(self._page, index))
            self._style = _Style(
                matrix.e,
                matrix.f,
                size * math.hypot(matrix.c, matrix.d) or 1.0,
                round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4,
                is_bold=self._is_bold(index),
                is_mapped=pdfium_c.FPDFText_HasUnicodeMapError(self._page, index) != 1,
            )
        return self._style

    def _is_bold(self, index: int) -> bool:
        length = pdfium_c.FPDFText_GetFontInfo(
            self._page, index, self._name, _LONGEST_NAME, None
        )
        name = self._name.raw[: max(0, min(length, _LONGEST_NAME) - 1)]
        return bool(_BOLD.search(name.decode("utf-8", "replace")))


def _seen_from(word: Word, turn: int, upright: int) -> Word:
    """Return a word with its places on the page turned so that ``upright`` is level."""
    bottom, top = word.turned or (word.y, word.y)
    x0, x1, y = word.x0, word.x1, word.y
    for _ in range(upright):  # a quarter turn to the right each
        x0, x1, bottom, top = bottom, top, -x1, -x0
    if turn == upright:
        if upright in (1, 2):
            y = -y
        return replace(word, x0=x0, x1=x1, y=y, turned=None)
    return replace(word, x0=x0, x1=x1, y=bottom, turned=(bottom, top))


def _printed_once(words: Sequence[Word]) -> Iterator[Word]:
    seen: set[tuple[str, int, int]] = set()
    for word in words:
        step = _OVERPRINTED * word.size
        if not math.isfinite(word.x0 / step) or not math.isfinite(word.y / step):
            continue
        x, y = round(word.x0 / step), round(word.y / step)
        near = ((word.text, x + a, y + b) for a in (-1, 0, 1) for b in (-1, 0, 1))
        if seen.isdisjoint(near):
            yield word
        seen.add((word.text, x, y))
