"""How well a reader reads, on made-up readings."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from evals.reader.figures import figures_table, reading_figures
from evals.reader.readings import QuestionReading, ReadText


def _reading(qid, *texts, kind="fact", is_answerable=True, language="en", case=""):
    """Return a reading; a text is its log-odds and its grade."""
    return QuestionReading(
        qid=qid,
        language=language,
        kind=kind,
        case=case,
        is_answerable=is_answerable,
        topic=0.5,
        statements=[
            ReadText(f"s{n}", odds, odds, 0.0, grade)
            for n, (odds, grade) in enumerate(texts)
        ],
        open_questions=[],
    )


READINGS = [
    _reading("q1", (3.0, 2), (1.0, 0)),
    _reading("q2", (1.0, 2), (2.0, 0), language="de"),
    _reading("q3", (-1.0, 0), (-2.0, None), language="de"),
    _reading("q4", (2.5, 0), kind="absent", is_answerable=False, case="mockton/a"),
    _reading("q5", (-3.0, 0), kind="absent", is_answerable=False),
]


@pytest.fixture
def figures():
    """The figures of the made-up readings, by group."""
    return {f.group: f for f in reading_figures(READINGS)}


def test_figures_of_all(figures):
    """The chance that an answerable question's best score is higher, over all pairs.

    The best scores are 3, 2 and -1 with an answer, 2.5 and -3 without: 4 of 6 pairs
    are right.
    """
    found = figures["all"]
    assert (found.answerable, found.unanswerable) == (3, 2)
    assert found.auc == pytest.approx(4 / 6)


def test_figures_first(figures):
    """Only questions whose answer was read count, and of them every second is right."""
    assert figures["all"].first == 0.5


def test_figures_of_a_kind_without_an_answer(figures):
    """They are compared with the answerable questions of all kinds."""
    found = figures["kind absent"]
    assert (found.answerable, found.unanswerable) == (0, 2)
    assert found.auc == figures["all"].auc
    assert found.first is None


def test_figures_of_a_group_of_one_sort(figures):
    """Where all questions have an answer there is no chance to tell them apart."""
    assert figures["kind fact"].auc is None
    assert figures["language de"].auc is None
    assert figures["language de"].answerable == 2


def test_figures_name_their_groups(figures):
    """All, then kinds, languages and cases by name; no case has no group."""
    assert list(figures) == [
        "all",
        "kind absent",
        "kind fact",
        "language de",
        "language en",
        "case mockton/a",
    ]


def test_figures_when_nothing_was_read():
    """Without readings, or with nothing found, there are no shares."""
    (empty,) = reading_figures([])
    assert (empty.answerable, empty.auc, empty.first) == (0, None, None)
    nothing = [_reading("q1"), _reading("q2", is_answerable=False)]
    assert reading_figures(nothing)[0].auc is None


def test_figures_table_has_a_row_for_each(figures):
    """The table shows every group; what there is not is a dash."""
    console = Console(width=100, record=True, file=StringIO())
    console.print(figures_table(figures.values()))
    lines = [line.split() for line in console.export_text().splitlines()]
    assert ["all", "3", "2", "0.667", "0.500"] in lines
    assert ["kind", "fact", "3", "0", "–", "0.500"] in lines
