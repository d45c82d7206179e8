"""A text file taken apart, so that its front matter can be exchanged and no more."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice

from frontmatter.default_handlers import YAMLHandler

from ingest.frontmatter import has_front_matter, split_markdown
from ingest.readers.text import decode

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_CODECS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass(frozen=True)
class TextFile:
    """A Markdown or text file in its parts; together they are its bytes."""

    mark: bytes
    """The byte order mark; usually empty."""
    codec: str
    newline: str
    block: str | None
    """The YAML of its front matter; None when it carries none."""
    opening: bytes
    """The line that opens the front matter; empty where there is none."""
    closing: bytes
    """The line that closes it; the same."""
    body: bytes
    """All behind it."""

    @classmethod
    def of(cls, raw: bytes, path: str) -> TextFile:
        """Take a file apart.

        Args:
            raw: Its bytes.
            path: Its path, for messages.

        Raises:
            UnreadableDocumentError: Its encoding is unknown, or its front matter is not
                closed.
        """
        text = decode(raw, path)
        mark = next((mark for mark in _CODECS if raw.startswith(mark)), b"")
        codec = _CODECS.get(mark, "utf-8")
        lines: list[str] = _LINE.findall(raw[len(mark) :].decode(codec))
        newline = lines[0][len(lines[0].rstrip("\r\n")) :] if lines else ""
        block, n_above, n_head = None, 0, 0
        if has_front_matter(text):
            split_markdown(text, path)  # refuses one that is not closed
            first, last = islice(YAMLHandler.FM_BOUNDARY.finditer(text), 2)
            block = text[first.end() : last.start()].lstrip("\n")
            n_above = text.count("\n", 0, first.start()) + 1
            n_head = text.count("\n", 0, last.start())
        end = n_head + 1 if block is not None else 0
        return cls(
            mark=mark,
            codec=codec,
            newline=newline or "\n",
            block=block,
            opening="".join(lines[:n_above]).encode(codec),
            closing="".join(lines[n_head:end]).encode(codec),
            body="".join(lines[end:]).encode(codec),
        )

    @property
    def text(self) -> str:
        """The body as an editor shows it, with plain line ends."""
        return re.sub(r"\r\n?", "\n", self.body.decode(self.codec))

    def with_block(self, block: str, text: str | None = None) -> bytes:
        """Return the file with another front matter.

        Args:
            block: The YAML, ending in a line end.
            text: Another body, as an editor returns it; None keeps the body's bytes.
        """
        body = self.body
        if text is not None and text != self.text:
            body = self._encoded(
                text if text.endswith("\n") or not text else f"{text}\n"
            )
        opening, closing = self.opening, self.closing
        if self.block is None:
            opening = self._encoded("---\n")
            closing = self._encoded("---\n\n")
        elif body and not closing.decode(self.codec).endswith(("\n", "\r")):
            closing += self._encoded("\n")
        return self.mark + opening + self._encoded(block) + closing + body

    def _encoded(self, text: str) -> bytes:
        return text.replace("\n", self.newline).encode(self.codec)
