"""Keeping feedback: what is kept, what never is, counting, and forgetting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import date

import pytest

from kb.types import Query
from tests.support.made_up import answered, cited, near
from tests.unit.ui.made_up_feedback import (
    SHOWN,
    Calendar,
    bytes_below,
    shown,
    store_in,
    thumb_down,
)
from ui.feedback import DownReason, Entry, FeedbackStore, Kind, Rating, Shown, Verdict


@pytest.fixture
def today():
    return Calendar()


@pytest.fixture
def store(tmp_path, today):
    return store_in(tmp_path, today)


def test_nothing_is_made_before_something_is_kept(store, tmp_path):
    """Looking for feedback where there is none leaves no folder behind."""
    assert store.entries() == store.open_todos() == store.settled_todos() == []
    store.forget_old()
    assert list(tmp_path.iterdir()) == []


def test_rate_keeps_everything_that_was_shown(store):
    """A rating comes back with question, filters, index and what it is about."""
    rating = thumb_down(
        DownReason.OUTDATED,
        "The oven is gone.",
        case_id="exampleton/biscuit-heat",
        passage_id="exampleton/biscuit-heat#results",
        statement_id="exampleton/biscuit-heat#results.1",
    )
    entry_id = store.rate(rating)
    assert store.entries() == [
        Entry(
            entry_id=entry_id,
            day=date(2031, 4, 1),
            kind=Kind.RATING,
            shown=rating.shown,
            times=1,
            verdict=Verdict.DOWN,
            reason=DownReason.OUTDATED,
            comment="The oven is gone.",
            case_id="exampleton/biscuit-heat",
            passage_id="exampleton/biscuit-heat#results",
            statement_id="exampleton/biscuit-heat#results.1",
            settled_on=None,
            note="",
        )
    ]


def test_rate_again_replaces(store):
    """A thumb that is turned is one entry, not two."""
    entry_id = store.rate(Rating(SHOWN, Verdict.UP))
    assert store.rate(thumb_down(), entry_id) == entry_id
    (entry,) = store.entries()
    assert (entry.verdict, entry.reason) == (Verdict.DOWN, DownReason.WRONG)


def test_rate_again_when_the_earlier_one_is_gone(store):
    """What was deleted meanwhile is kept anew."""
    entry_id = store.rate(thumb_down())
    store.withdraw(entry_id)
    assert store.entries() == []
    store.rate(thumb_down(), entry_id)
    assert [entry.entry_id for entry in store.entries()] == [entry_id]


def test_two_ratings_of_one_question_stay_two(store):
    """Two people who say the same are two entries."""
    assert store.rate(thumb_down()) != store.rate(thumb_down())
    assert len(store.entries()) == 2


@pytest.mark.parametrize("again", ["Who bakes?", "who  BAKES", "Who bakes??\n"])
def test_unanswered_twice_on_a_day_is_counted(store, again):
    """Case, spacing and punctuation make no other question; the newest form stays."""
    store.keep_unanswered(shown("Who bakes?", generation="older"))
    store.keep_unanswered(shown(again))
    (entry,) = store.entries()
    assert (entry.kind, entry.times) == (Kind.UNANSWERED, 2)
    assert entry.shown.generation == SHOWN.generation


@pytest.mark.parametrize(
    "other",
    [
        shown("Who bakes bread?"),
        shown("Who bakes?", cities=()),
        shown("Who bakes?", themes=("financing",)),
    ],
    ids=["question", "cities", "themes"],
)
def test_unanswered_when_something_differs(store, other):
    """Another question, or other filters, make another entry."""
    store.keep_unanswered(shown("Who bakes?"))
    store.keep_unanswered(other)
    assert [entry.times for entry in store.entries()] == [1, 1]


def test_unanswered_on_another_day(store, today):
    """Each day has an entry of its own, so that old ones can be forgotten."""
    store.keep_unanswered(SHOWN)
    today.turn(1)
    store.keep_unanswered(SHOWN)
    assert [entry.times for entry in store.entries()] == [1, 1]


def test_send_is_counted_apart(store):
    """What was sent to the group is not what found no answer by itself."""
    store.keep_unanswered(SHOWN)
    store.send(SHOWN)
    store.send(SHOWN)
    (sent,) = store.entries(sent_only=True)
    assert (sent.kind, sent.times) == (Kind.SENT, 2)
    assert len(store.entries()) == 2


def test_contacts_never_reach_the_disk(store, tmp_path):
    """Addresses and numbers in question, comment and note are replaced before."""
    store.keep_unanswered(shown("Is crumb@crumbly.example or 070-123 45 67 right?"))
    store.rate(thumb_down(comment="Write to baker@crumbly.example"))
    (*_, todo) = store.open_todos()
    store.settle(todo.todo_id, "Told oven@crumbly.example")
    assert store.entries()[0].shown.question == (
        "Is [e-mail address] or [telephone number] right?"
    )
    everything = bytes_below(tmp_path / "feedback")
    assert b"[e-mail address]" in everything
    assert b"crumbly.example" not in everything
    assert b"123 45 67" not in everything


def test_an_entry_has_no_place_for_who_asked():
    """A new column is a decision about privacy, so they are listed here."""
    assert {field.name for field in fields(Entry)} == {
        *("entry_id", "day", "kind", "shown", "times", "verdict", "reason", "comment"),
        *("case_id", "passage_id", "statement_id", "settled_on", "note"),
    }
    assert type(Entry.__annotations__["day"]) is str
    assert {field.name for field in fields(Shown)} == {
        *("question", "cities", "themes", "language", "reason_code", "cases"),
        *("passages", "generation", "settings_digest"),
    }


def test_comment_is_one_line_of_at_most_500_characters(store):
    """A long comment is cut between two words, and holds no line end."""
    store.rate(thumb_down(comment="crumb\r\n\x00" * 100))
    (entry,) = store.entries()
    assert entry.comment == " ".join(["crumb"] * 83)
    assert len(entry.comment) <= 500


def test_comment_that_just_fits(store):
    """500 characters are kept whole."""
    store.rate(thumb_down(comment="x" * 500))
    assert store.entries()[0].comment == "x" * 500


def test_old_entries_are_forgotten(store, today, tmp_path):
    """After 30 days an entry is deleted, and its words are gone from the disk."""
    store.keep_unanswered(shown("Who ate the gingerbread?"))
    today.turn(30)
    store.keep_unanswered(shown("Who bakes?"))
    assert len(store.entries()) == 2
    assert b"gingerbread" in bytes_below(tmp_path / "feedback")
    today.turn(1)
    store.rate(thumb_down())
    assert [entry.day.day for entry in store.entries()] == [1, 2]
    assert b"gingerbread" not in bytes_below(tmp_path / "feedback")


def test_old_entries_are_forgotten_at_the_start(store, today, tmp_path):
    """A program that starts deletes what is too old, also if nobody says anything."""
    store.keep_unanswered(SHOWN)
    today.turn(31)
    store_in(tmp_path, today).forget_old()
    assert store.entries() == []


def test_reading_deletes_nothing(store, today, tmp_path):
    """An export with a shorter time in its settings leaves the app's entries alone."""
    store.keep_unanswered(SHOWN)
    today.turn(31)
    assert store_in(tmp_path, today).entries() == []
    longer = FeedbackStore(tmp_path / "feedback", days=31, today=today)
    assert len(longer.entries()) == 1


def test_old_entries_are_not_shown(store, today):
    """Where nothing has deleted them yet, they are neither listed nor exported."""
    store.keep_unanswered(shown("Who ate the gingerbread?"))
    store.send(SHOWN)
    today.turn(30)
    assert len(store.entries()) == len(store.open_todos()) == 2
    today.turn(1)
    assert store.entries() == store.entries(sent_only=True) == store.open_todos() == []


def test_many_threads_lose_nothing(store):
    """Entries that sessions keep at the same moment are all there."""
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: store.rate(thumb_down()), range(40)))
        list(pool.map(lambda _: store.keep_unanswered(SHOWN), range(20)))
    ratings = [e.entry_id for e in store.entries() if e.kind is Kind.RATING]
    assert sorted(ratings) == sorted(ids)
    assert [e.times for e in store.entries() if e.kind is Kind.UNANSWERED] == [20]


def test_shown_of_an_answer():
    """Cases and passages are named once each, cited ones first."""
    found = [
        cited(1, "It bakes.", "a/x", passage_id="a/x#results"),
        cited(2, "It heats.", "a/x", passage_id="a/x#results"),
        cited(3, "It cools.", "b/y", passage_id="b/y#results"),
    ]
    answer = answered(*found, nearest_cases=(near("b/y"), near("c/z")))
    query = Query("Who bakes?", cities=("a",), themes=("financing",))
    kept = Shown.of(answer, query, generation="g", settings_digest="d")
    assert kept.cases == ("a/x", "b/y", "c/z")
    assert kept.passages == ("a/x#results", "b/y#results")
    assert (kept.cities, kept.themes, kept.language) == (("a",), ("financing",), "en")
