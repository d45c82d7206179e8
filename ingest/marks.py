"""Source marks: the ``[^S1][^S4]`` that close a statement in a case file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_MARK = re.compile(r"\[\^([^\]\s]+)\]")
_MARKS_RUN = re.compile(r"\s*((?:\[\^[^\]\s]+\]\s*)+)")


@dataclass(frozen=True)
class MarkedText:
    """A piece of a block that closes with its own marks (or has none)."""

    text: str
    source_ids: tuple[str, ...]


def read_marks(block_text: str) -> list[MarkedText]:
    """Return the statements of a block, in order, each without its marks.

    A statement ends where a run of marks ends. Text after the last run is a statement
    without marks. An empty block gives an empty list.
    """
    statements: list[MarkedText] = []
    position = 0
    for run in _MARKS_RUN.finditer(block_text):
        text = block_text[position : run.start()].strip()
        if text:
            statements.append(MarkedText(text, tuple(_MARK.findall(run.group(1)))))
        position = run.end()
    rest = block_text[position:].strip()
    if rest:
        statements.append(MarkedText(rest, ()))
    return statements


def with_other_marks(text: str, names: Mapping[str, str]) -> str:
    """Return a text whose marks name sources by other ids.

    Args:
        text: With marks.
        names: The new id of each source that gets one, by its old id.
    """

    def renamed(mark: re.Match[str]) -> str:
        return f"[^{names.get(mark[1], mark[1])}]"

    return _MARK.sub(renamed, text)
