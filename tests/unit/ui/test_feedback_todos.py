"""The experts' to-do list: grouped by question, settled, opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.ui.made_up_feedback import Calendar, shown, store_in, thumb_down
from ui.feedback import DownReason, Rating, Verdict


@pytest.fixture
def today():
    return Calendar()


@pytest.fixture
def store(tmp_path, today):
    return store_in(tmp_path, today)


def test_open_todos_are_grouped_by_question(store, today):
    """One question is one to-do, with counts, reasons and comments of all days."""
    store.keep_unanswered(shown("Who bakes?", cities=()))
    store.keep_unanswered(shown("Who bakes?", cities=()))
    store.send(shown("Who bakes?"))
    today.turn(2)
    about: dict[str, Any] = {"shown": shown("who bakes"), "passage_id": "a/x#costs"}
    store.rate(thumb_down(DownReason.OTHER, "First.", **about))
    store.rate(thumb_down(DownReason.WRONG, "Second.", **about))
    store.rate(thumb_down(DownReason.WRONG, **(about | {"passage_id": ""})))
    (todo,) = store.open_todos()
    assert todo.shown.question == "who bakes"
    assert (todo.unanswered, todo.sent, todo.rated_down) == (2, 1, 3)
    assert (todo.first_day, todo.last_day) == (date(2031, 4, 1), date(2031, 4, 3))
    assert todo.reasons == ((DownReason.WRONG, 2), (DownReason.OTHER, 1))
    assert todo.comments == ("Second.", "First.")
    assert todo.passages == ("a/x#costs",)


def test_open_todos_when_a_passage_was_rated_last(store):
    """What was shown is told by the newest answer, not by one passage of it."""
    store.keep_unanswered(shown("Who bakes?", cases=("a/x", "b/y")))
    passage = shown("Who bakes?", cases=("a/x",), reason_code="")
    store.rate(thumb_down(shown=passage, passage_id="a/x#costs"))
    (todo,) = store.open_todos()
    assert todo.shown.cases == ("a/x", "b/y")
    assert todo.shown.reason_code == "no-direct-answer"


def test_open_todos_newest_first(store):
    """A new question or rating stands on top; what is counted up keeps its place."""
    for question in ("One?", "Two?", "Three?", "Two?"):
        store.keep_unanswered(shown(question))
    store.rate(thumb_down(shown=shown("One?")))
    assert [t.shown.question for t in store.open_todos()] == ["One?", "Three?", "Two?"]


def test_thumbs_up_are_no_todo(store):
    """Praise is kept, and is nothing to do."""
    store.rate(Rating(shown(), Verdict.UP))
    assert store.open_todos() == []
    assert len(store.entries()) == 1


def test_settle_moves_a_question(store, today):
    """A settled question is listed with day and note, the others stay open."""
    store.keep_unanswered(shown("One?"))
    store.keep_unanswered(shown("Two?"))
    today.turn(1)
    two, one = store.open_todos()
    store.settle(two.todo_id, "The case was added.")
    assert store.open_todos() == [one]
    (settled,) = store.settled_todos()
    assert (settled.shown.question, settled.note) == ("Two?", "The case was added.")
    assert settled.settled_on == date(2031, 4, 2)


def test_settle_leaves_thumbs_up_alone(store):
    """Praise of the same question is not marked."""
    store.rate(Rating(shown(), Verdict.UP))
    store.rate(thumb_down())
    store.settle(store.open_todos()[0].todo_id)
    assert [entry.settled_on is None for entry in store.entries()] == [True, False]


def test_settle_when_more_was_said_meanwhile(store):
    """What came after the list was read stays open: nobody has seen it."""
    entry_id = store.rate(thumb_down())
    store.keep_unanswered(shown())
    (todo,) = store.open_todos()
    store.rate(thumb_down(comment="And the baths are cold."), entry_id)
    assert store.settle(todo.todo_id)
    (left,) = store.open_todos()
    assert (left.comments, left.unanswered) == (("And the baths are cold.",), 0)


def test_settle_when_asked_again_meanwhile(store):
    """A question that somebody asks while an expert reads it can still be settled."""
    store.keep_unanswered(shown())
    (todo,) = store.open_todos()
    store.keep_unanswered(shown())
    assert store.settle(todo.todo_id, "Done.")
    assert store.open_todos() == []
    assert [(t.unanswered, t.note) for t in store.settled_todos()] == [(2, "Done.")]


def test_asked_again_after_it_was_settled(store):
    """A settled question that fails again comes back, with the new count alone."""
    store.keep_unanswered(shown())
    store.settle(store.open_todos()[0].todo_id)
    store.keep_unanswered(shown())
    assert [todo.unanswered for todo in store.open_todos()] == [1]
    assert [todo.unanswered for todo in store.settled_todos()] == [1]


def test_reopen_takes_it_back(store):
    """A question settled by mistake is open again, without the note."""
    store.keep_unanswered(shown())
    store.settle(store.open_todos()[0].todo_id, "Done.")
    store.reopen(store.settled_todos()[0].todo_id)
    assert store.settled_todos() == []
    assert [(t.unanswered, t.note) for t in store.open_todos()] == [(1, "")]


def test_settle_what_is_gone(store):
    """A to-do that was forgotten meanwhile is no error, and the caller is told."""
    store.keep_unanswered(shown())
    assert not store.settle("0123456789ab-7")
    assert len(store.open_todos()) == 1
