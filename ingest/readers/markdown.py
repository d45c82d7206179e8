"""Markdown and plain text: sections from headings, blocks from lists and paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.documents import Block
from ingest.limits import Limits
from ingest.readers.content import Content
from ingest.readers.list_marks import guard_wrapped, kept_marks, unguarded
from ingest.readers.rows import rows_as_text
from ingest.readers.text import content_of
from kb.sections import SUBSECTION

SECTION_LEVEL = 2
_CELLS = ("th_open", "td_open")
# What is nested deeper is dropped by the parser; people stop at 5 or so.
_DEEPEST = 60


def read_markdown(raw: bytes, shown_path: str, limits: Limits) -> Content:
    """Read a Markdown case.

    Args:
        raw: The file's bytes.
        shown_path: The file's path below the corpus folder, for messages.
        limits: Of no use here: reading takes as much as the file holds.

    Raises:
        UnreadableDocumentError: The encoding is unknown or the front matter not closed.
    """
    content = content_of(raw, shown_path, parse_blocks)
    return replace(content, is_case=True)


def read_plain_text(raw: bytes, shown_path: str, limits: Limits) -> Content:
    """Read a text file: its lists and headings as in Markdown, all else as it stands.

    Args:
        raw: The file's bytes.
        shown_path: The file's path below the corpus folder, for messages.
        limits: Of no use here: reading takes as much as the file holds.

    Raises:
        UnreadableDocumentError: The encoding is unknown or the front matter not closed.
    """
    return content_of(raw, shown_path, parse_plain_text)


def parse_blocks(body: str, first_line: int = 1) -> Iterator[Block]:
    """Yield the bullets, paragraphs and table rows of a body, in order.

    Headings of level 2 open a section; deeper ones extend its name. Formatting is
    dropped, text is kept, that of code blocks too; raw HTML is dropped.

    Args:
        body: Markdown without front matter.
        first_line: Line of the file on which ``body`` begins, 1-based.

    Raises:
        RecursionError: Lists or quotes are nested too deeply.
    """
    # Definitions of references would swallow the source marks that they define.
    parser = (
        MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
        .enable("table")
        .disable("reference")
    )
    yield from _blocks(_parse(parser, body), first_line)


def parse_plain_text(body: str, first_line: int = 1) -> Iterator[Block]:
    """Yield the bullets and paragraphs of a plain text, in order.

    ``#`` headings and lists are read as in Markdown. Everything else stays: stars and
    brackets mean nothing here, and indented text is a paragraph.

    Args:
        body: The text without front matter.
        first_line: Line of the file on which ``body`` begins, 1-based.

    Raises:
        RecursionError: Lists are nested too deeply.
    """
    parser = MarkdownIt("zero", {"maxNesting": _DEEPEST}).enable(["heading", "list"])
    yield from _blocks(_parse(parser, body), first_line)


def _parse(parser: MarkdownIt, body: str) -> list[Token]:
    tokens = parser.parse(guard_wrapped(body))
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        # The parser passes over the rest of the file without a word.
        raise RecursionError
    return tokens


def _blocks(tokens: list[Token], first_line: int) -> Iterator[Block]:
    headings: dict[int, str] = {}
    heading_line: int | None = None
    marks = kept_marks(tokens)
    for index, token in enumerate(tokens):
        line = token.map[0] + first_line if token.map else first_line
        opener = tokens[index - 1].type
        found: list[tuple[int, str]] = []
        if token.type == "table_open":
            found = list(_table_rows(tokens[index:], first_line))
        elif token.type in ("code_block", "fence"):
            found = [(line, " ".join(token.content.split()))]
        elif token.type == "inline" and opener == "heading_open":
            level = int(tokens[index - 1].tag[1])
            headings = {k: v for k, v in headings.items() if k < level}
            headings[level] = _plain_text(token)
            if level == SECTION_LEVEL:
                heading_line = line
        elif token.type == "inline" and opener not in _CELLS:
            # The paragraph that opens an item stands between the two.
            found = [(line, marks.get(index - 2, "") + _plain_text(token))]
        names = [v for k, v in sorted(headings.items()) if k >= SECTION_LEVEL]
        section = SUBSECTION.join(names)
        for block_line, text in found:
            if text:
                yield Block(section, text, line=block_line, heading_line=heading_line)


def _table_rows(tokens: list[Token], first_line: int) -> Iterator[tuple[int, str]]:
    """Yield line and text of each row of the table that the tokens begin with."""
    rows: list[tuple[int, list[str]]] = []
    for before, token in pairwise(tokens):
        if token.type == "table_close":
            break
        if token.type == "tr_open" and token.map:
            rows.append((token.map[0] + first_line, []))
        elif token.type == "inline" and before.type in _CELLS:
            rows[-1][1].append(_plain_text(token))
    for line, row in rows[1:]:
        for text in rows_as_text(rows[0][1], [row]):
            yield line, text


def _plain_text(inline: Token) -> str:
    parts = []
    for child in inline.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(child.content)
    return " ".join(unguarded("".join(parts)).split())
