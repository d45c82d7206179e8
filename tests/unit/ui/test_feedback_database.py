"""The file of the feedback when something is wrong with it or with the disk."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing

import pytest
from filelock import FileLock

from tests.unit.ui.made_up_feedback import (
    Calendar,
    bytes_below,
    shown,
    store_in,
    thumb_down,
)
from ui.feedback import FeedbackError, FeedbackStore, database


@pytest.fixture
def store(tmp_path):
    return store_in(tmp_path)


@pytest.fixture
def path(tmp_path):
    """Return where the file lies."""
    return tmp_path / "feedback" / database.FILE


def aside(path) -> list[str]:
    """Return the names of the files that were put aside."""
    return sorted(p.name for p in path.parent.glob("feedback.damaged-*"))


def overwrite_page(path, number: int) -> None:
    """Damage one page of 4,096 bytes of the file; pages count from 1."""
    with path.open("r+b") as file:
        file.seek((number - 1) * 4096)
        file.write(b"rubbish!" * 512)


def test_file_uses_a_write_ahead_log(store, path):
    """The file says so itself, for whoever opens it."""
    store.keep_unanswered(shown())
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_connection_is_safe_against_power_cuts(path):
    """Every commit is synced, and what is deleted is overwritten."""

    def pragmas(db: sqlite3.Connection) -> list[int]:
        names = ("synchronous", "fullfsync", "secure_delete")
        return [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert database.Database(path.parent).run(pragmas) == [2, 1, 1]


def test_folder_is_closed_to_others(store, path):
    """Other users of the machine cannot read the questions."""
    store.keep_unanswered(shown())
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("page", [None, 1, 2, 6], ids=["all", "header", "root", "leaf"])
def test_damaged_file_is_put_aside(store, path, page, caplog, tmp_path):
    """A new file is begun, the damaged one is kept, and the log says so."""
    for number in range(50):
        store.keep_unanswered(shown(f"Question {number}?"))
    if page is None:
        path.write_bytes(b"rubbish!" * 2_000)
    else:
        overwrite_page(path, page)
    damaged = path.read_bytes()
    restarted = store_in(tmp_path)
    with caplog.at_level(logging.ERROR):
        restarted.keep_unanswered(shown("One more?"))
    assert [e.shown.question for e in restarted.entries()] == ["One more?"]
    (name,) = aside(path)
    assert path.with_name(name).read_bytes() == damaged
    assert f"is kept as {name} and a new one begun" in caplog.text


def test_damage_that_reading_does_not_meet(store, path, tmp_path):
    """A program that starts looks through the whole file, indexes too."""
    store.keep_unanswered(shown())
    with closing(sqlite3.connect(path)) as db:
        where = "name = 'entries_by_topic'"
        sql = f"SELECT rootpage FROM sqlite_master WHERE {where}"
        (page,) = db.execute(sql).fetchone()
    overwrite_page(path, page)
    assert store_in(tmp_path).entries() == []
    assert len(aside(path)) == 1


def test_damage_while_running(store, path):
    """A file that is damaged between two entries loses nothing said afterwards."""
    store.keep_unanswered(shown("Before?"))
    path.write_bytes(b"rubbish!" * 2_000)
    store.keep_unanswered(shown("After?"))
    path.write_bytes(b"rubbish!" * 2_000)
    store.keep_unanswered(shown("Later?"))
    assert [e.shown.question for e in store.entries()] == ["Later?"]
    assert len(aside(path)) == 2


def test_damaged_file_is_found_when_reading(store, path):
    """The to-do list of a damaged file is empty, not an error."""
    store.keep_unanswered(shown())
    path.write_bytes(b"rubbish!" * 2_000)
    assert store.open_todos() == []
    assert len(aside(path)) == 1


def test_put_aside_takes_the_log_along(store, path):
    """A log left beside a damaged file never becomes part of the new one."""
    store.keep_unanswered(shown("Before?"))
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("SELECT count(*) FROM entries").fetchone()
        store.keep_unanswered(shown("In the log?"))
        path.write_bytes(b"rubbish!" * 2_000)
        store.keep_unanswered(shown("After?"))
        assert [e.shown.question for e in store.entries()] == ["After?"]
        (log,) = path.parent.glob("feedback.damaged-*-wal")
        assert b"In the log?" in log.read_bytes()


def test_file_put_aside_is_forgotten_in_time(store, path, tmp_path):
    """What it holds is promised to be deleted, too."""
    store.keep_unanswered(shown())
    old = path.with_name("feedback.damaged-2031-03-01-1.sqlite")
    new = path.with_name("feedback.damaged-2031-03-02-1.sqlite")
    old.write_bytes(b"old")
    new.write_bytes(b"new")
    store_in(tmp_path).forget_old()
    assert aside(path) == [new.name]


def test_folder_deleted_while_running(store, path):
    """An operator may delete everything; the next entry begins anew."""
    store.keep_unanswered(shown("Before?"))
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()
    assert store.entries() == []
    store.keep_unanswered(shown("After?"))
    assert [e.shown.question for e in store.entries()] == ["After?"]


def test_when_the_folder_is_a_file(tmp_path):
    """The message names folder, cause and remedy."""
    (tmp_path / "feedback").write_text("not a folder")
    with pytest.raises(
        FeedbackError,
        match=r"feedback cannot be kept or read in '.*feedback' \(.*exists\)\. "
        "Check the free space and the permissions, or set KB_FEEDBACK_DIR",
    ):
        store_in(tmp_path).keep_unanswered(shown())


def test_when_a_newer_program_wrote_the_file(store, path):
    """Its format is named, and the file is left as it is."""
    store.keep_unanswered(shown())
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 7")
    with pytest.raises(FeedbackError, match=r"format 7.*knows 1.*Update the program"):
        store.keep_unanswered(shown())
    assert aside(path) == []


def test_when_another_process_holds_the_lock(store, path, monkeypatch):
    """After a short wait the message says that somebody else has the file."""
    monkeypatch.setattr(database, "_WAIT_SECONDS", 0.05)
    store.keep_unanswered(shown())
    with (
        FileLock(path.with_name("feedback.lock")),
        pytest.raises(FeedbackError, match=r"another program has held .*Close the"),
    ):
        store.keep_unanswered(shown())


def test_when_a_foreign_program_writes(store, path, monkeypatch):
    """A database browser with an open change is told apart from a damaged file."""
    monkeypatch.setattr(database, "_WAIT_SECONDS", 0.05)
    store.keep_unanswered(shown())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(FeedbackError, match=r"another program has held .*then try"):
            store.rate(thumb_down())
    store.rate(thumb_down())
    assert len(store.entries()) == 2


def test_forgetting_when_a_foreign_program_reads(tmp_path, path):
    """The words are gone from the log, too, though it stays for the reader's sake."""
    today = Calendar()
    store = store_in(tmp_path, today)
    store.keep_unanswered(shown("Who bakes?"))
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("SELECT count(*) FROM entries").fetchone()
        store.keep_unanswered(shown("Who ate the gingerbread?"))
        assert b"gingerbread" in path.with_name(f"{path.name}-wal").read_bytes()
        today.turn(31)
        store.forget_old()
        assert store.entries() == []
        assert b"gingerbread" not in bytes_below(path.parent)


def test_file_of_an_older_version(store, path):
    """One that lacks the later index opens with all it holds, and gets the index."""
    store.keep_unanswered(shown("Who pays?"))
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP INDEX entries_by_state")
    (entry,) = FeedbackStore(path.parent).entries()
    assert entry.shown.question == "Who pays?"
    with closing(sqlite3.connect(path)) as db:
        indexes = {row[1] for row in db.execute("PRAGMA index_list(entries)")}
    assert "entries_by_state" in indexes
