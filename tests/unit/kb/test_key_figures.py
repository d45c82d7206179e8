"""Key figures of all cases: which ones, in which order."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from kb.key_figures import FigureFilter, ListedFigure, find_figures
from kb.question.how_much import asks_how_much
from tests.support.made_up import FIGURE, case
from ui.figure_file import figures_csv, figures_workbook
from ui.terminal.figures import amount_told

HEAT, LOAN = case("exampleton/heat"), case("sampleby/loan", themes=("financing",))
PIPE = ListedFigure(FIGURE, HEAT)
DEBT = ListedFigure(
    replace(FIGURE, kind="loan", value=9e6, value_to=1e7, year=None, state="planned"),
    LOAN,
)
HOMES = ListedFigure(
    replace(FIGURE, kind="homes", unit="homes", value=None, year=2021), HEAT
)
EVERY = [PIPE, DEBT, HOMES]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (FigureFilter(), EVERY),
        (FigureFilter(cities=("sampleby",)), [DEBT]),
        (FigureFilter(themes=("financing",)), [DEBT]),
        (FigureFilter(kinds=("loan", "homes")), [DEBT, HOMES]),
        (FigureFilter(units=("SEK",)), [PIPE, DEBT]),
        (FigureFilter(states=("planned",)), [DEBT]),
        (FigureFilter(first_year=2020), [HOMES]),
        (FigureFilter(last_year=2020), [PIPE]),
        (FigureFilter(units=("SEK",), kinds=("homes",)), []),
    ],
)
def test_filters(wanted, found):
    """Each filter holds back what does not fit; a figure without a year fits none."""
    assert find_figures(EVERY, wanted) == found


def test_orders():
    """Units are not mixed when the largest come first; what is unknown comes last."""
    assert find_figures(EVERY, FigureFilter(), "largest") == [DEBT, PIPE, HOMES]
    assert find_figures(EVERY, FigureFilter(), "newest") == [HOMES, PIPE, DEBT]


def test_file_computes_nothing():
    """A text that a spreadsheet would compute is none; a number below zero is one."""
    figure = replace(FIGURE, what="=1+1", value=-15)
    text = figures_csv([ListedFigure(figure, HEAT)])
    assert "'=1+1,-15," in text
    assert text.startswith("city,case_id,")


def test_workbook_computes_nothing():
    """Numbers are numbers; a text is one, whatever it begins with, and no link."""
    texts = ["=1+1", "@SUM(1)", "{=1+1}", "https://example.org", "-2 °C"]
    listed = [ListedFigure(replace(FIGURE, what=t, value=-1.5), HEAT) for t in texts]
    sheet = load_workbook(BytesIO(figures_workbook(listed, "Zahlen"))).active
    assert sheet.title == "Zahlen"
    names, *rows = sheet.iter_rows()
    cells = [dict(zip((n.value for n in names), row, strict=True)) for row in rows]
    assert [c["what"].value for c in cells] == texts
    assert {(c["what"].data_type, c["what"].hyperlink) for c in cells} == {("s", None)}
    assert {(c["value"].data_type, c["value"].value) for c in cells} == {("n", -1.5)}
    assert cells[0]["value_to"].value is None
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:2]) == ("A2", "A1")


def test_amounts_in_the_terminal():
    """A range has both ends; where there is no number, the quote stands for it."""
    assert amount_told(DEBT.figure) == "9,000,000-10,000,000 SEK"
    assert amount_told(HOMES.figure) == HOMES.figure.quote


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What did the straw-fired unit cost?", True),
        ("Was hat das Projekt gekostet?", True),
        ("Combien de logements ?", True),
        ("Kuinka paljon se maksoi?", True),
        ("Mennyibe került?", True),
        ("Who runs the heat network?", False),
        ("Why did it fail?", False),
    ],
)
def test_questions_for_figures(question, asks):
    """In each language the words for how much, how many and cost are known."""
    assert asks_how_much(question) is asks
