"""The repairs of PDF text, each alone."""

from __future__ import annotations

import pytest

from ingest.readers.content import Text
from ingest.readers.pdf_layout import read_pages
from ingest.readers.pdf_lines import Line, lines_of
from ingest.readers.pdf_text import Joiner, first_sentence_end
from ingest.readers.pdf_words import Word


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["meno-", "ja paluuputki"], "meno- ja paluuputki"),
        (["Heiz-", "und Kühlnetz"], "Heiz- und Kühlnetz"),
        (["the heat-", "ing"], "the heating"),
        (["co\u00adop", "works"], "coop works"),
        (["fifty-", "five, not fifty-five"], "fifty-five, not fifty-five"),
        (["in 2019-", "ben"], "in 2019-ben"),
        (["lucrările s-", "au încheiat"], "lucrările s-au încheiat"),
        (["az EU-", "támogatás"], "az EU-támogatás"),
        (["35 kWh-", "val"], "35 kWh-val"),
    ],
)
def test_join_when_a_line_ends_with_a_hyphen(lines, text):
    """A hyphen goes only where the typesetter put it."""
    assert Joiner(lines).join(lines) == text


def test_first_sentence_end_when_the_position_is_inside_a_sentence():
    """The sentence around the position is closed, the next one is not."""
    text = "It is warm. The pipe is long. It cost 7 crowns."
    assert text[: first_sentence_end(text, 20)].strip() == text[:29]


def word(text: str, x: float, y: float, **more: float) -> Word:
    """Return a word of 10 points, 5 for each letter."""
    size = more.get("size", 10)
    return Word(text, x, x + len(text) * size / 2, y, size, False, is_apart=False)


def page(*rows: tuple[str, float], number: int = 1) -> list[Line]:
    """Return the lines of texts and heights."""
    words = [
        word(text, 50 + row.index(text) * 5, y)
        for row, y in rows
        for text in row.split()
    ]
    return lines_of(words, number)


def read(*pages: list[Line]) -> list[tuple[str, int | None]]:
    """Return the texts of pages with their page numbers."""
    found = read_pages(pages, [])
    return [(item.text, item.page) for item in found if isinstance(item, Text)]


def test_read_pages_when_a_sentence_runs_over_the_page():
    """Only the sentence that began moves to the first page, the rest stays."""
    first = page(("One stays. The pipe is", 700))
    second = page(("long and warm. Two stays.", 700), number=2)
    assert read(first, second) == [
        ("One stays. The pipe is long and warm.", 1),
        ("Two stays.", 2),
    ]
