"""Text in cells of a spreadsheet stays text."""

from __future__ import annotations

import re

# A cell that begins so is computed by a spreadsheet; also in the middle of a cell,
# where one that expects another separator begins a new cell. Wide forms count, too.
# Source: OWASP, "CSV Injection".
_FORMULA = re.compile(r"(^|[;,\t\r\n\"'])(\s*)([=+\-@＝＋－＠])")


def harmless(cell: str) -> str:
    """Return text with an apostrophe before what a spreadsheet would compute."""
    return _FORMULA.sub(r"\1\2'\3", cell)
