"""What names the text of a case file, so that a review can stand for it alone."""

from __future__ import annotations

import hashlib

MARK_DIGITS = 8
"""Of a digest, as many as stand in a front matter: ``text`` of its review."""
_DIGITS = 16


def text_digest(text: str) -> str:
    """Return a digest of a text without its front matter.

    Line ends, blanks at the end of a line and blank lines around the text do not count.
    Everything else does: in Markdown an indent or a line break can change the meaning.
    """
    lines = (line.rstrip() for line in text.splitlines())
    return document_digest("\n".join(lines).strip("\n").encode())


def document_digest(raw: bytes) -> str:
    """Return a digest of a file whose text no form can change, such as a PDF."""
    return hashlib.sha256(raw).hexdigest()[:_DIGITS]
