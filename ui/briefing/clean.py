"""The one place where text is made fit for files: corpus text, notes, saved files."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

# Everything that ends a line or stands between words but is no ordinary space.
_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# XML knows no control characters, PDF/UA no byte order mark; overrides of the reading
# direction would show words in another order than they are quoted in.
_UNFIT = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202d\u202e\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"
# Signs with a meaning in addresses (RFC 3986, section 2.2); % encodes already.
_IN_ADDRESSES = ":/?#[]@!$&'()*+,;=%"
_NOT_IN_ADDRESSES = re.compile(r"[\s<>\"\\^`{|}]")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, one a line, without empty ones.

    Control characters are dropped; every letter, sign and ordinary space stays.
    """
    text = _UNFIT.sub("", _BREAKS.sub("\n", text))
    text = _SURROGATE.sub(_REPLACEMENT, text).replace("\t", " ")
    return [line.strip(" ") for line in text.split("\n") if line.strip()]


def one_line(text: str) -> str:
    """Return a text as one paragraph; empty when it holds nothing to read."""
    return " ".join(paragraphs(text))


def web_address(text: str) -> str:
    """Return an address in the form that links have, in ASCII, or nothing.

    Only ``http`` and ``https`` lead anywhere; other schemes can run code.
    """
    address = one_line(text)
    if _NOT_IN_ADDRESSES.search(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:  # for example a bracket that is not closed
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(address, safe=_IN_ADDRESSES)
