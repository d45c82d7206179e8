"""The Curate page's HTML: escaped, whatever files and readers hold."""

from __future__ import annotations

import pytest

from kb.types import Problem
from ui.curate import markup as curate_markup

HOSTILE = '<script>alert("x")</script> & <img src=x onerror=y> "onclick="y'
PROBLEM = Problem(HOSTILE, 3, HOSTILE, "error", HOSTILE, HOSTILE)


@pytest.mark.parametrize(
    "html",
    [
        curate_markup.problems([(HOSTILE, PROBLEM)]),
        curate_markup.lines([HOSTILE]),
        curate_markup.quotes([HOSTILE]),
        curate_markup.read_passage(HOSTILE, [(HOSTILE, [HOSTILE])], "", HOSTILE),
        curate_markup.read_passage(HOSTILE, [], HOSTILE, HOSTILE),
    ],
    ids=["problems", "lines", "quotes", "statements", "passage"],
)
def test_html_when_the_text_is_hostile(html):
    """No tag or attribute of an uploaded or typed text survives."""
    assert "<script" not in html
    assert "<img" not in html
    assert '"onclick="y' not in html


def test_problem_when_it_has_a_line():
    """A problem names file and line, rule, what is wrong and what to do."""
    problem = Problem("a/b.md", 3, "date", "error", "no date.", "Add it.")
    html = curate_markup.problems([("Fehler", problem)])
    assert "<strong>Fehler</strong> <code>a/b.md:3</code>" in html
    assert '<p lang="en">no date. <em>Add it.</em></p>' in html


def test_problem_when_it_has_no_line():
    """A problem of a whole file names the file alone."""
    problem = Problem("a/b.pdf", None, "scan", "hint", "no text.", "Scan it.")
    assert "<code>a/b.pdf</code>" in curate_markup.problems([("Hint", problem)])
