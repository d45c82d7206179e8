"""The parts of a document that every file shares."""

from __future__ import annotations

from datetime import date

import pytest

from ui.prepare.documents.document import Document, Words, file_name, number_marks

MADE_ON = date(2026, 3, 1)


def test_words_are_clean():
    """No export meets a line end or control character in a text."""
    assert Words("one\n\ttwo\x00").text == "one two"
    assert Document("a\x0bb", "en", MADE_ON, ()).title == "a b"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Straw in Pécs: what it cost", "straw-in-pecs-what-it-cost-2026-03-01.pdf"),
        ("../../etc/passwd", "etc-passwd-2026-03-01.pdf"),
        ("", "briefing-2026-03-01.pdf"),
        ("😀", "briefing-2026-03-01.pdf"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_file_name(title, name):
    """A file is named by its title in plain letters and the date, and not too long."""
    assert file_name(title, MADE_ON, "pdf").startswith(name)


def test_number_marks():
    """Numbers of sources stand in brackets of their own; none give nothing."""
    assert (number_marks((1, 12)), number_marks(())) == ("[1][12]", "")
