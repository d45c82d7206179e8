"""The problems of a corpus as CSV."""

from __future__ import annotations

import csv
import io

from kb.types import Problem
from ui.curate.corpus_check import problems_csv


def test_problems_that_quote_a_formula():
    """What a case makes the check quote is text to a spreadsheet."""
    problem = Problem(
        "=1/a.md", 3, "rule", "error", "=HYPERLINK(0) is no year.", "@Correct it."
    )
    (row,) = csv.DictReader(io.StringIO(problems_csv([problem])))
    assert not {value[:1] for value in row.values()} & set("=+-@")
    assert row["line"] == "3"
    assert "'=HYPERLINK(0) is no year." in row.values()
