"""The repairs of PDF text, each alone."""

from __future__ import annotations

import pytest

from ingest.readers.content import Text
from ingest.readers.pdf_layout import read_pages
from ingest.readers.pdf_lines import Line, PdfPage
from ingest.readers.pdf_tables import find_tables
from ingest.readers.pdf_text import Joiner, first_sentence_end


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["meno-", "ja paluuputki"], "meno- ja paluuputki"),
        (["Heiz-", "und Kühlnetz"], "Heiz- und Kühlnetz"),
        (["the heat-", "ing"], "the heating"),
        (["co\u00adop", "works"], "coop works"),
        (["fifty-", "five, not fifty-five"], "fifty-five, not fifty-five"),
        (["in 2019-", "ben"], "in 2019-ben"),
    ],
)
def test_join_when_a_line_ends_with_a_hyphen(lines, text):
    """A hyphen goes only where the typesetter put it."""
    assert Joiner(lines).join(lines) == text


def test_first_sentence_end_when_the_position_is_inside_a_sentence():
    """The sentence around the position is closed, the next one is not."""
    text = "It is warm. The pipe is long. It cost 7 crowns."
    assert text[: first_sentence_end(text, 20)].strip() == text[:29]


def placed(*rows: tuple[str, float], page: int = 1) -> PdfPage:
    """Return a page of texts and heights."""
    return PdfPage([Line(text, page, 50, y, 10, is_bold=False) for text, y in rows])


def read(*pages: PdfPage) -> list[tuple[str, int | None]]:
    """Return the texts of pages with their page numbers."""
    found = read_pages(pages, [])
    return [(item.text, item.page) for item in found if isinstance(item, Text)]


def test_read_pages_when_a_sentence_runs_over_the_page():
    """Only the sentence that began moves to the first page, the rest stays."""
    first = placed(("One stays. The pipe is", 700))
    second = placed(("long and warm. Two stays.", 700), page=2)
    assert read(first, second) == [
        ("One stays. The pipe is long and warm.", 1),
        ("Two stays.", 2),
    ]


def test_read_pages_when_a_page_lists_the_contents():
    """Lines that lead to a page number by dots are dropped."""
    page = placed(("Costs . . . . . . . . 7", 700), ("The pipe is long.", 600))
    assert read(page) == [("The pipe is long.", 1)]


def test_find_tables_when_items_stand_below_each_other():
    """A list with its marks in a column is no table."""
    lines = ["a) straw", "b) wood", "c) peat"]
    drawn = "\n".join(line.replace(" ", "    ") for line in lines)
    assert list(find_tables(lines, drawn)) == []


def test_find_tables_when_cells_stand_below_each_other():
    """Aligned cells are a table; lines around it are not."""
    lines = ["Here it is.", "Pipe Length", "Steel 310 m", "Plastic 95 m", "It ends."]
    drawn = "Here it is.\nPipe     Length\nSteel    310 m\nPlastic   95 m\nIt ends."
    (table,) = find_tables(lines, drawn)
    assert (table.start, table.end) == (1, 4)
    assert table.rows == ("Pipe: Steel; Length: 310 m", "Pipe: Plastic; Length: 95 m")
