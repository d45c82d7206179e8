"""Markdown cases: sections from headings, blocks from bullets and paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.documents import SUBSECTION, Block, Document
from ingest.frontmatter import read_header, split_markdown
from kb.errors import UnreadableDocumentError

SECTION_LEVEL = 2


def read_markdown(path: Path, case_id: str, shown_path: str) -> Document:
    """Read a Markdown case with its front matter.

    Args:
        path: The file.
        case_id: ``<city-slug>/<practice-slug>``.
        shown_path: The file's path below the corpus folder, for messages.

    Raises:
        UnreadableDocumentError: It is not UTF-8 or has no front matter block.
    """
    text = decode(path.read_bytes(), shown_path)
    file = split_markdown(text, shown_path)
    header = read_header(file.block, shown_path, file.block_line)
    case = (
        header.front_matter.as_case(case_id, shown_path)
        if header.front_matter
        else None
    )
    return Document(
        path=shown_path,
        case=case,
        blocks=list(parse_blocks(file.body, file.body_line)),
        problems=header.problems,
        lines=header.lines,
    )


def decode(raw: bytes, shown_path: str) -> str:
    """Return UTF-8 bytes as text, without a byte order mark, with plain line ends.

    Raises:
        UnreadableDocumentError: The bytes are not UTF-8, or hold NUL characters.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise UnreadableDocumentError(
            f"byte {exc.start} is not UTF-8.",
            "Save the file again with the encoding UTF-8.",
            path=shown_path,
            line=raw[: exc.start].count(b"\n") + 1,
        ) from exc
    if "\0" in text:
        raise UnreadableDocumentError(
            "the file holds NUL characters, so it is not a text file.",
            "Save it again as text in UTF-8.",
            path=shown_path,
            line=text[: text.index("\0")].count("\n") + 1,
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_blocks(body: str, first_line: int = 1) -> Iterator[Block]:
    """Yield the bullets and paragraphs of a body, in order.

    Headings of level 2 open a section; deeper ones extend its name. Formatting is
    dropped, text is kept, that of code blocks too; raw HTML is dropped.

    Args:
        body: Markdown without front matter.
        first_line: Line of the file on which ``body`` begins, 1-based.
    """
    headings: dict[int, str] = {}
    heading_line: int | None = None
    # Definitions of references would swallow the source marks that they define.
    parser = MarkdownIt("commonmark").enable("table").disable("reference")
    tokens = parser.parse(body)
    for index, token in enumerate(tokens):
        if token.map is None:
            continue
        line = token.map[0] + first_line
        if token.type in ("code_block", "fence"):
            text = " ".join(token.content.split())
        elif token.type == "inline":
            text = _plain_text(token)
        else:
            continue
        opener = tokens[index - 1]
        if opener.type == "heading_open":
            level = int(opener.tag[1])
            headings = {k: v for k, v in headings.items() if k < level}
            headings[level] = text
            if level == SECTION_LEVEL:
                heading_line = line
        elif text:
            names = [v for k, v in sorted(headings.items()) if k >= SECTION_LEVEL]
            yield Block(
                SUBSECTION.join(names), text, line=line, heading_line=heading_line
            )


def _plain_text(inline: Token) -> str:
    parts = []
    for child in inline.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(child.content)
    return " ".join("".join(parts).split())
