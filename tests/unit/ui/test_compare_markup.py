"""The table of a comparison as HTML: escaped, with names for everything in it."""

from __future__ import annotations

import re

import pytest

from ui.compare import markup as compare_markup

HOSTILE = '<script>alert("x")</script> & <img src=x onerror=y>'


@pytest.mark.parametrize(
    "html",
    [
        compare_markup.side_by_side(
            HOSTILE, HOSTILE, {HOSTILE: True}, [(HOSTILE, [""])]
        ),
        compare_markup.numbered_statement(HOSTILE, 1),
        compare_markup.case_reference(HOSTILE, HOSTILE, HOSTILE),
        compare_markup.absent(HOSTILE),
    ],
    ids=["table", "statement", "case", "absent"],
)
def test_html_when_the_text_is_hostile(html):
    """No tag or attribute of the corpus's text survives."""
    assert "<script" not in html
    assert "<img" not in html
    assert 'alert("x")' not in html


def test_table_names_its_rows_and_columns():
    """Every row and column has a heading with its role, also where it is a list."""
    html = compare_markup.side_by_side(
        "Heat",
        "Section",
        {"Exampleton": True, "Sampleby": False},
        [("Costs", ["", ""])],
    )
    columns = re.findall(r'<th scope="col" role="columnheader"[^>]*>(.*?)</th>', html)
    assert columns == ["Section", "Exampleton", "Sampleby"]
    assert '<th scope="row" role="rowheader">Costs</th>' in html
    assert html.count('role="cell"') == 2
    assert 'class="narrow">Sampleby' in html


def test_table_refuses_a_row_of_another_length():
    """A row must have a cell for every column."""
    with pytest.raises(ValueError, match="shorter"):
        compare_markup.side_by_side(
            "Heat", "Section", {"A": True, "B": True}, [("Costs", [""])]
        )


def test_case_reference_has_an_address():
    """The link to a case can be opened in a new tab; a click stays in the session."""
    html = compare_markup.case_reference("exampleton/heat", "Heat", "The nearest:")
    assert 'href="case?case=exampleton%2Fheat"' in html
    assert 'data-click="exampleton/heat"' in html
    assert "<small>The nearest:</small>" in html
