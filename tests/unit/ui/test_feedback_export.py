"""Feedback as CSV: plain columns, letters of all languages, nothing that computes."""

from __future__ import annotations

import csv
import io

import pytest

from tests.unit.ui.made_up_feedback import shown, store_in, thumb_down
from ui.feedback import ENCODING, DownReason, Rating, Verdict, write_csv


def rows_of(store, **options) -> list[dict[str, str]]:
    """Export a store and read it back, as a spreadsheet does."""
    file = io.StringIO(newline="")
    write_csv(store.entries(**options), file)
    return list(csv.DictReader(io.StringIO(file.getvalue())))


def test_write_csv_has_one_row_an_entry(tmp_path):
    """Each kind of entry says in plain words what happened."""
    store = store_in(tmp_path)
    store.keep_unanswered(shown())
    store.send(shown())
    store.rate(Rating(shown(reason_code=""), Verdict.UP))
    store.rate(thumb_down(DownReason.TOO_LONG, "Much, much.", passage_id="a/x#costs"))
    rows = rows_of(store)
    assert [row["What happened"] for row in rows] == [
        "found no answer",
        "sent to the discussion group",
        "thumb up",
        "thumb down",
    ]
    assert [row["About"] for row in rows] == [
        "",
        "",
        "the answer",
        "passage a/x#costs, statement ",
    ]
    assert (rows[3]["Reason"], rows[3]["Comment"]) == ("too long", "Much, much.")
    assert rows[0]["Why there was no answer"] == "only close statements"


def test_write_csv_of_what_was_sent_only(tmp_path):
    """The facilitator may take only what people sent to the group."""
    store = store_in(tmp_path)
    store.keep_unanswered(shown("One?"))
    store.send(shown("Two?"))
    assert [row["Question"] for row in rows_of(store, sent_only=True)] == ["Two?"]


def test_write_csv_of_nothing(tmp_path):
    """Without entries there is the header alone."""
    file = io.StringIO()
    write_csv([], file)
    assert file.getvalue().startswith("Day,What happened,Question,")
    assert file.getvalue().count("\n") == 1


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("=HYPERLINK(0)", "'=HYPERLINK(0)"),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'=1"),
        (" =1", "'=1"),
        ("＝1", "'＝1"),
        ("who;=1", "who;'=1"),
        ('who", =1', "who\", '=1"),
        ("who-bakes = who?", "who-bakes = who?"),
    ],
)
def test_write_csv_when_a_question_would_be_computed(tmp_path, question, cell):
    """A formula, at the start or after any separator, becomes text."""
    store = store_in(tmp_path)
    store.keep_unanswered(shown(question))
    assert rows_of(store)[0]["Question"] == cell


def test_a_file_says_that_it_is_utf_8(tmp_path):
    """Excel on Windows needs the mark; a reader that knows it gets clean names."""
    store = store_in(tmp_path)
    store.keep_unanswered(shown("Mennyibe került a fűtés Pécsen?"))
    path = tmp_path / "out.csv"
    with path.open("w", encoding=ENCODING, newline="") as file:
        write_csv(store.entries(), file)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfDay,")
    with path.open(encoding=ENCODING, newline="") as file:
        assert next(csv.DictReader(file))["Question"].endswith("Pécsen?")
