"""List marks that are none: the day of a date, an ordinal, the sign of a figure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from ingest.marks import read_marks
from ingest.sentences import is_month

# "2019. évben …" begins a paragraph, not the 2019th item of a list.
_LONGEST_NUMBER = 2
# Nouns are told from "the" by their length.
_LONG_WORD = 5
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_FIGURE = re.compile(r"\d[\d., \u00a0\u202f]*")
_UNIT = re.compile(r"[%‰°€$£]|[kMGT]Wh?\b|[A-Z]{3}\b|(?:kr|mi[lo]|mrd|md|t\b)", re.I)
_WRAPPED = re.compile(r"[ \t]*(?:(1\.)(?=[ \t]+([^\W\d_]+))|(\+)(?=[ \t]+\d))")
_BEGINS = re.compile(r"[ \t]*(?:[-+*#>|]|\d+[.)][ \t])")
# Shorter lines, and those that end a sentence, are not wrapped.
_FULL_LINE = 40
_ENDS = (".", ":", ";", "!", "?")
_GUARD = "\u2060"


@dataclass(frozen=True)
class _Item:
    index: int
    mark: str
    text: str

    @property
    def number(self) -> int:
        return int(self.mark[:-1])

    @property
    def word(self) -> str:
        found = _FIRST_WORD.match(self.text)
        return found.group().lower() if found else ""


def guard_wrapped(body: str) -> str:
    """Return a text in which no wrapped line looks like the beginning of a list.

    Markdown sees one in the second line of "The network opened on" / "1. mai 2024".
    ``unguarded`` takes away again what this puts there.
    """
    lines = body.split("\n")
    for number in range(1, len(lines)):
        mark = _WRAPPED.match(lines[number])
        if mark and (mark[3] or _is_dated(mark[2])) and _is_wrapped(lines[number - 1]):
            lines[number] = f"{mark.group()}{_GUARD}{lines[number][mark.end() :]}"
    return "\n".join(lines)


def _is_wrapped(line: str) -> bool:
    line = line.rstrip()
    return (
        len(line) >= _FULL_LINE
        and not line.endswith(_ENDS)
        and _BEGINS.match(line) is None
    )


def _is_dated(word: str) -> bool:
    return word[0].islower() or is_month(word)


def unguarded(text: str) -> str:
    """Return a text without what ``guard_wrapped`` put there."""
    return text.replace(_GUARD, "")


def kept_marks(tokens: Sequence[Token]) -> dict[int, str]:
    """Return the marks that belong to the text, by the index of their list item.

    A number is a list mark where it is a first one or another item goes on counting,
    unless a month follows it, or the same noun both ("1. Bauabschnitt"). A plus or
    minus is a sign where every item of the list begins with a figure, behind a minus
    with an amount, and none is a statement with source marks.
    """
    kept: dict[int, str] = {}
    for items in _numbered(tokens):
        for item, before, after in zip(
            items, [None, *items[:-1]], [*items[1:], None], strict=True
        ):
            if not _counts(item, before, after):
                kept[item.index] = f"{item.mark} "
    for items in _bulleted(tokens):
        if all(map(_is_signed, items)):
            kept |= {item.index: f"{item.mark} " for item in items}
    return kept


def _counts(item: _Item, before: _Item | None, after: _Item | None) -> bool:
    if item.mark[-1] == ")":
        return len(item.mark) <= _LONGEST_NUMBER + 1
    if is_month(item.word):
        return False
    neighbours = [
        other
        for other, step in ((before, -1), (after, 1))
        if other is not None and other.number in (item.number, item.number + step)
    ]
    same = [other for other in neighbours if other.word == item.word]
    if not neighbours:
        return item.number == 1 and not item.text[:1].islower()
    return not same or len(item.word) < _LONG_WORD


def _is_signed(item: _Item) -> bool:
    figure = _FIGURE.match(item.text)
    if figure is None or any(piece.source_ids for piece in read_marks(item.text)):
        return False
    return item.mark == "+" or (
        item.mark == "-" and _UNIT.match(item.text, figure.end()) is not None
    )


def _numbered(tokens: Sequence[Token]) -> Iterator[list[_Item]]:
    """Yield the numbered items of each depth; text may stand between two of them."""
    levels: defaultdict[int, list[_Item]] = defaultdict(list)
    for index, token in enumerate(tokens):
        if token.type == "list_item_open" and token.info:
            levels[token.level].append(_item(tokens, index, token.info + token.markup))
    yield from levels.values()


def _bulleted(tokens: Sequence[Token]) -> Iterator[list[_Item]]:
    """Yield the items of each list with bullets."""
    open_lists: list[list[_Item]] = []
    for index, token in enumerate(tokens):
        if token.type == "bullet_list_open":
            open_lists.append([])
        elif token.type == "list_item_open" and not token.info:
            open_lists[-1].append(_item(tokens, index, token.markup))
        elif token.type == "bullet_list_close":
            yield open_lists.pop()


def _item(tokens: Sequence[Token], index: int, mark: str) -> _Item:
    following = tokens[index + 1 : index + 3]
    text = next((token.content for token in following if token.type == "inline"), "")
    return _Item(index, mark, text)
