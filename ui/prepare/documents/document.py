"""A document without a format: what all exports show, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from slugify import slugify

from ui.briefing.clean import one_line


@dataclass(frozen=True, slots=True)
class Words:
    """One paragraph's text, cleaned, with the numbers of the sources behind it."""

    text: str
    language: str = ""
    """ISO 639-1 code; empty for the document's own language."""
    numbers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Clean the text here, so that no export can meet another."""
        object.__setattr__(self, "text", one_line(self.text))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the document's title."""

    level: Literal[1, 2]
    words: Words
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a remark stands in smaller letters."""

    words: Words
    is_remark: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a case says, word for word."""

    words: Words
    place: Words | None = None
    """Where it stands in its case."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list whose order does not matter."""

    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and what they mean."""

    entries: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A public source as the list at the end shows it."""

    number: int
    """From 1, without gaps."""
    title: str
    details: str
    """Who published it, when, in which language."""
    address: str
    """Where it is; shown as it is written."""
    link: str
    """The address if it may become a link, otherwise empty."""


@dataclass(frozen=True, slots=True)
class SourceList:
    """The numbered sources of the whole document."""

    sources: tuple[NumberedSource, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first row and first column name the others."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    """Each as long as the head."""
    widths: tuple[int, ...]
    """Of the columns, in proportion to each other."""


@dataclass(frozen=True, slots=True)
class EmptyLines:
    """Lines to write on by hand."""

    number: int


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents: every chapter, with its page where there are pages."""

    title: Words


Block = (
    Heading
    | Paragraph
    | Quotation
    | Bullets
    | Terms
    | Table
    | EmptyLines
    | Contents
    | SourceList
)


@dataclass(frozen=True, slots=True)
class Document:
    """Title, language and blocks in reading order."""

    title: str
    language: str
    """ISO 639-1 code of headings, labels and notes."""
    made_on: date
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        """Clean the title as `Words` cleans every other text."""
        object.__setattr__(self, "title", one_line(self.title))


def file_name(title: str, made_on: date, ending: str) -> str:
    """Return a name for a file: the title in plain letters, and the date."""
    slug = slugify(title, max_length=60, word_boundary=True) or "briefing"
    return f"{slug}-{made_on.isoformat()}.{ending}"


def number_marks(numbers: Iterable[int]) -> str:
    """Return source numbers as the text shows them, ``[1][2]``."""
    return "".join(f"[{number}]" for number in numbers)


def words_of(block: Block) -> list[Words]:
    """Return the words of a block in reading order; none for a list of sources."""
    match block:
        case Heading(_, words) | Paragraph(words):
            return [words]
        case Quotation(words, place):
            return [words, place] if place else [words]
        case Bullets(items):
            return list(items)
        case Terms(entries):
            return [words for entry in entries for words in entry]
        case Table(head, rows):
            return [*head, *(words for row in rows for words in row)]
        case Contents(title):
            return [title]
        case EmptyLines() | SourceList():
            return []
