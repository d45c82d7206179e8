"""Words of a text as the lexical side and the name check see them."""

from __future__ import annotations

import re
import unicodedata

_SOFT_HYPHEN = "\u00ad"
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Return text for comparison: case-folded, compatibility forms and accents removed.

    Offsets are not kept: never slice the original with positions in the result.
    """
    # Twice, because a sign such as ㎿ decomposes into capitals.
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", decomposed)
    return "".join(
        char
        for char in decomposed
        if not unicodedata.combining(char) and char != _SOFT_HYPHEN
    )


def words(text: str) -> list[str]:
    """Return the folded words and numbers of a text, in order."""
    return _WORD.findall(fold(text))
