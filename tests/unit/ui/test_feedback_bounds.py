"""Feedback is bounded, private, and quick to list when there is much of it."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.unit.ui.made_up_feedback import shown
from ui.feedback import FeedbackError, FeedbackStore, Kind
from ui.feedback.allowance import Allowance
from ui.feedback.store import MOST_ENTRIES


def test_newest_of_many(tmp_path):
    """A list of the newest holds so many, of one kind where asked; counts tell all."""
    store = FeedbackStore(tmp_path)
    for n in range(5):
        store.keep_unanswered(shown(f"Question {n}?"))
    store.send(shown("Question 1?"))
    assert store.todo_count() == 5
    assert [todo.shown.question for todo in store.open_todos(2)] == [
        "Question 1?",
        "Question 4?",
    ]
    assert [todo.sent for todo in store.open_todos(2, Kind.SENT)] == [1]
    assert store.todo_count(kind=Kind.RATING) == store.todo_count(is_settled=True) == 0


def test_list_over_as_much_as_may_be_kept(tmp_path):
    """The list of a full file opens at once; more is refused until old things go."""
    store = FeedbackStore(tmp_path)
    store.keep_unanswered(shown("Who pays?"))
    fill(tmp_path / "feedback.sqlite", MOST_ENTRIES)
    begun = time.process_time()
    assert store.todo_count() == MOST_ENTRIES
    assert len(store.open_todos(20)) == 20
    assert time.process_time() - begun < 0.3
    with pytest.raises(FeedbackError, match="as many as may be.*KB_FEEDBACK_DAYS"):
        store.keep_unanswered(shown("Who else?"))


def fill(path: Path, entries: int) -> None:
    """Copy the only entry of a file so often, each copy on a topic of its own."""
    with closing(sqlite3.connect(path)) as db, db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(entries)")]
        own = {"place": "n", "entry_id": "n", "topic": "printf('%012x', n)"}
        values = ", ".join(own.get(name, name) for name in columns)
        db.execute(
            "WITH RECURSIVE numbers(n) AS "
            "(SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?) "
            f"INSERT INTO entries SELECT {values} FROM entries, numbers",
            (entries,),
        )


def test_permissions_of_the_files(tmp_path):
    """Nobody else on the computer reads the file, its log or its lock."""
    store = FeedbackStore(tmp_path)
    before = os.umask(0)
    try:
        store.keep_unanswered(shown("Who pays?"))
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}


def test_allowance_of_a_client():
    """A client gives so much in a day; another client, and another day, have more."""
    day = [date(2026, 1, 1)]
    allowance = Allowance(most=2, today=lambda: day[0])
    assert [allowance.take("a") for _ in range(3)] == [True, True, False]
    assert allowance.take("b")
    day[0] = date(2026, 1, 2)
    assert allowance.take("a")
