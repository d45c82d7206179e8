"""Text files: their encoding, and the front matter on top of them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

from ingest.documents import Block
from ingest.frontmatter import split_markdown
from ingest.readers.content import Content
from kb.errors import UnreadableDocumentError

RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
"""Raised digits stay raised, so that 10⁶ never becomes 106."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def content_of(
    raw: bytes, shown_path: str, parse: Callable[[str, int], Iterator[Block]]
) -> Content:
    """Return the text of a file that may begin with its front matter.

    Args:
        raw: The file's bytes.
        shown_path: The file's path below the corpus folder, for messages.
        parse: Yields the blocks of a body that begins on a given line of the file.

    Raises:
        UnreadableDocumentError: The encoding is unknown, the front matter block is not
            closed, or the text is nested too deeply.
    """
    file = split_markdown(decode(raw, shown_path), shown_path)
    try:
        return Content(list(parse(file.body, file.body_line)))
    except RecursionError as exc:
        raise UnreadableDocumentError(
            "its lists or quotes are nested too deeply to be read.",
            "Write them with fewer levels.",
            path=shown_path,
            rule="damaged",
        ) from exc


def decode(raw: bytes, shown_path: str) -> str:
    """Return UTF-8 bytes as text, without a byte order mark, with plain line ends.

    UTF-16 is read too where a byte order mark announces it.

    Raises:
        UnreadableDocumentError: The bytes are in another encoding, or hold NUL
            characters.
    """
    encoding = "utf-16" if raw.startswith(_UTF_16) else "utf-8-sig"
    return decode_as(encoding, raw, shown_path)


def decode_as(encoding: str, raw: bytes, shown_path: str) -> str:
    """Return bytes of a known encoding as text with plain line ends.

    Raises:
        UnreadableDocumentError: The bytes do not fit it, or hold NUL characters.
    """
    name = encoding.upper().removesuffix("-SIG")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as exc:
        raise UnreadableDocumentError(
            f"byte {exc.start} is not {name}.",
            "Save the file again with the encoding UTF-8.",
            path=shown_path,
            line=raw[: exc.start].count(b"\n") + 1,
            rule="encoding",
        ) from exc
    if "\0" in text:
        raise UnreadableDocumentError(
            "the file holds NUL characters, so it is not a text file.",
            "Save it again as text in UTF-8.",
            path=shown_path,
            line=text[: text.index("\0")].count("\n") + 1,
            rule="encoding",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def printable(text: str) -> str:
    """Return text without what cannot be stored or shown.

    Halves of characters, as damaged fonts in PDFs give, become U+FFFD; control
    characters, which a terminal would obey, go.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", whole).strip()
