"""Feedback kept in a file: given, counted, listed, settled, and in time forgotten."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from ingest import without_contacts
from kb.words import words
from ui.feedback.database import Database, FeedbackError
from ui.feedback.records import (
    MAX_COMMENT_CHARS,
    DownReason,
    Entry,
    Kind,
    Rating,
    Shown,
    Todo,
    Verdict,
    cut,
    one_line,
)
from ui.feedback.todos import grouped

logger = logging.getLogger(__name__)

MOST_ENTRIES = 100_000
"""That are kept in all; further ones are refused until old ones are forgotten."""
_WAITS_FOR_AN_EXPERT = "(kind <> 'rating' OR verdict = 'down')"
_HAPPENED = {
    None: "TRUE",
    Kind.UNANSWERED: "sum(kind = 'unanswered')",
    Kind.RATING: "sum(kind = 'rating')",
    Kind.SENT: "sum(kind = 'sent')",
}
Result = TypeVar("Result")


class FeedbackStore:
    """What users said and what found no answer; safe between threads and processes.

    Kept is the day, never the time, and nothing about who asked. E-mail addresses and
    telephone numbers are replaced first. Whatever a method has returned for is on the
    disk: a crash does not lose it.
    """

    def __init__(
        self, folder: Path, days: int = 365, today: Callable[[], date] = date.today
    ) -> None:
        """Name the folder; nothing is made before something is kept.

        Args:
            folder: Where the file lies, on a local disk.
            days: How long an entry is kept.
            today: Tells the day.
        """
        self._database = Database(folder)
        self._days = days
        self._today = today
        self._forgot_on: date | None = None

    def rate(self, rating: Rating, entry_id: str = "") -> str:
        """Keep a rating, or put it in the place of an earlier one.

        Args:
            rating: The rating; of its comment the first 500 characters are kept.
            entry_id: What this returned for the earlier one; empty for a new one.

        Returns:
            The id under which it can be replaced or withdrawn.

        Raises:
            FeedbackError: It cannot be kept.
        """
        values = _values(rating.shown) | {
            "entry_id": entry_id or _new_id(),
            "day": self._today().isoformat(),
            "kind": Kind.RATING,
            "verdict": rating.verdict,
            "reason": rating.reason,
            "comment": _cleaned(rating.comment),
            "case_id": rating.case_id,
            "passage_id": rating.passage_id,
            "statement_id": rating.statement_id,
        }
        self._write(lambda db: _put(db, values))
        return str(values["entry_id"])

    def withdraw(self, entry_id: str) -> None:
        """Delete a rating; nothing happens when it is gone already.

        Raises:
            FeedbackError: It cannot be deleted.
        """
        sql = "DELETE FROM entries WHERE entry_id = ?"
        self._write(lambda db: db.execute(sql, (entry_id,)))

    def keep_unanswered(self, shown: Shown) -> str:
        """Keep a question that found no answer; the same day's are counted as one.

        Returns:
            The entry's id.

        Raises:
            FeedbackError: It cannot be kept.
        """
        return self._count(Kind.UNANSWERED, shown)

    def send(self, shown: Shown) -> str:
        """Keep an unanswered question for the discussion group, counted likewise.

        Returns:
            The entry's id.

        Raises:
            FeedbackError: It cannot be kept.
        """
        return self._count(Kind.SENT, shown)

    def entries(self, *, sent_only: bool = False) -> list[Entry]:
        """Return everything that is kept, oldest first; nothing that is too old.

        Args:
            sent_only: Only what was sent to the discussion group.

        Raises:
            FeedbackError: It cannot be read.
        """
        where = f"kind = '{Kind.SENT}'" if sent_only else "TRUE"
        return [_entry(row) for row in self._rows(where)]

    def todo_count(self, *, is_settled: bool = False, kind: Kind | None = None) -> int:
        """Return how many questions wait for an expert, or are settled.

        Args:
            is_settled: Count those that an expert has settled.
            kind: Only those to which this has happened.

        Raises:
            FeedbackError: They cannot be read.
        """
        topics = f"SELECT count(*) AS n FROM ({_topics(is_settled, kind)})"
        rows = self._read(topics, {"day": self._first_day().isoformat()})
        return int(rows[0]["n"]) if rows else 0

    def open_todos(
        self, most: int | None = None, kind: Kind | None = None
    ) -> list[Todo]:
        """Return the questions that wait for an expert, newest first.

        They found no answer, were rated down, or were sent to the discussion group.
        One that is only counted up keeps its place, and its id.

        Args:
            most: How many at most; None for all.
            kind: Only those to which this has happened.

        Raises:
            FeedbackError: They cannot be read.
        """
        return self._todos(most, kind, is_settled=False)

    def settled_todos(
        self, most: int | None = None, kind: Kind | None = None
    ) -> list[Todo]:
        """Return the questions that an expert has settled, in the same way.

        Raises:
            FeedbackError: They cannot be read.
        """
        return self._todos(most, kind, is_settled=True)

    def settle(self, todo_id: str, note: str = "") -> bool:
        """Mark a question as settled; what was rated since it was listed stays open.

        Args:
            todo_id: Of the listed question.
            note: What was done, cut and cleaned like a comment.

        Returns:
            Whether anything was marked; not when it is gone, settled by somebody else,
            or when all of it was rated anew since.

        Raises:
            FeedbackError: It cannot be written.
        """
        values = (self._today().isoformat(), _cleaned(note), *_parsed(todo_id))
        sql = (
            "UPDATE entries SET settled_on = ?, note = ? WHERE topic = ? AND place <= ?"
            f" AND settled_on IS NULL AND {_WAITS_FOR_AN_EXPERT}"
        )
        return self._write(lambda db: db.execute(sql, values).rowcount > 0)

    def reopen(self, todo_id: str) -> None:
        """Take back that a question is settled, and the note.

        Raises:
            FeedbackError: It cannot be written.
        """
        sql = (
            "UPDATE entries SET settled_on = NULL, note = '' "
            "WHERE topic = ? AND place <= ?"
        )
        self._write(lambda db: db.execute(sql, _parsed(todo_id)))

    def forget_old(self) -> None:
        """Delete what is older than it may be; also done before a day's first writing.

        Raises:
            FeedbackError: It cannot be deleted.
        """
        today = self._today()
        if self._forgot_on == today or not self._database.path.parent.exists():
            return
        first = self._first_day()
        self._database.forget_aside(before=first)
        sql = "DELETE FROM entries WHERE day < ?"
        n = self._database.run(
            lambda db: db.execute(sql, (first.isoformat(),)).rowcount
        )
        if n:
            # Otherwise the log would keep what was deleted.
            self._database.empty_log()
            logger.info("%d entries older than %d days deleted", n, self._days)
        self._forgot_on = today

    def _count(self, kind: Kind, shown: Shown) -> str:
        values = _values(shown) | {
            "entry_id": _new_id(),
            "day": self._today().isoformat(),
            "kind": kind,
        }

        def count(db: sqlite3.Connection) -> str:
            same = db.execute(
                "SELECT place, entry_id, times FROM entries WHERE day = :day "
                "AND kind = :kind AND topic = :topic AND cities = :cities "
                "AND themes = :themes AND settled_on IS NULL",
                values,
            ).fetchone()
            # In its old place: who has it listed can still settle it.
            again = same and {**same, "times": same["times"] + 1}
            counted = values | (again or {})
            _put(db, counted)
            return str(counted["entry_id"])

        return self._write(count)

    def _todos(
        self, most: int | None, kind: Kind | None, *, is_settled: bool
    ) -> list[Todo]:
        topics = f"{_topics(is_settled, kind)} ORDER BY max(place) DESC LIMIT :most"
        sql = (
            f"SELECT * FROM entries WHERE {_state(is_settled)} "
            f"AND topic IN ({topics}) ORDER BY place"
        )
        values = {"day": self._first_day().isoformat(), "most": most or -1}
        rows = self._read(sql, values)
        return grouped([(row["topic"], row["place"], _entry(row)) for row in rows])

    def _rows(self, where: str) -> list[sqlite3.Row]:
        # Reading deletes nothing, so what is too old may still lie there.
        sql = f"SELECT * FROM entries WHERE {where} AND day >= :day ORDER BY place"
        return self._read(sql, {"day": self._first_day().isoformat()})

    def _read(self, sql: str, values: dict[str, object]) -> list[sqlite3.Row]:
        """Return rows; none before anything is kept."""
        if not self._database.path.exists():
            return []
        return self._database.run(lambda db: db.execute(sql, values).fetchall())

    def _first_day(self) -> date:
        """Return the oldest day whose entries may be kept."""
        return self._today() - timedelta(days=self._days)

    def _write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        self.forget_old()
        return self._database.run(work)


def _state(is_settled: bool) -> str:
    """Return the condition of entries that wait for an expert, or are settled."""
    settled = "NOT NULL" if is_settled else "NULL"
    return f"settled_on IS {settled} AND {_WAITS_FOR_AN_EXPERT} AND day >= :day"


def _topics(is_settled: bool, kind: Kind | None) -> str:
    """Return the query of the topics in such a state to which something happened."""
    return (
        f"SELECT topic FROM entries WHERE {_state(is_settled)} GROUP BY topic "
        f"HAVING {_HAPPENED[kind]}"
    )


def _put(db: sqlite3.Connection, values: dict[str, object]) -> None:
    """Write an entry over what has its id; as the newest one, unless it has a place.

    Raises:
        FeedbackError: It is new, and there are as many as may be.
    """
    known = "SELECT 1 FROM entries WHERE entry_id = :entry_id"
    (n,) = db.execute("SELECT count(*) FROM entries").fetchone()
    if n >= MOST_ENTRIES and not db.execute(known, values).fetchone():
        raise FeedbackError(
            f"{n} entries of feedback are kept already, as many as may be.",
            "Keep them for fewer days: KB_FEEDBACK_DAYS.",
        )
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    db.execute(f"INSERT OR REPLACE INTO entries ({names}) VALUES ({marks})", values)


def _values(shown: Shown) -> dict[str, object]:
    """Return the columns of what was shown, and empty ones for the rest."""
    question = without_contacts(one_line(shown.question))
    return {
        "topic": _topic(question),
        "question": question,
        "cities": json.dumps(sorted(shown.cities)),
        "themes": json.dumps(sorted(shown.themes)),
        "language": shown.language,
        "reason_code": shown.reason_code,
        "cases": json.dumps(shown.cases),
        "passages": json.dumps(shown.passages),
        "generation": shown.generation,
        "settings_digest": shown.settings_digest,
        "times": 1,
        "comment": "",
        "case_id": "",
        "passage_id": "",
        "statement_id": "",
        "note": "",
    }


def _entry(row: sqlite3.Row) -> Entry:
    shown = Shown(
        question=row["question"],
        cities=tuple(json.loads(row["cities"])),
        themes=tuple(json.loads(row["themes"])),
        language=row["language"],
        reason_code=row["reason_code"],
        cases=tuple(json.loads(row["cases"])),
        passages=tuple(json.loads(row["passages"])),
        generation=row["generation"],
        settings_digest=row["settings_digest"],
    )
    settled = row["settled_on"]
    return Entry(
        entry_id=row["entry_id"],
        day=date.fromisoformat(row["day"]),
        kind=Kind(row["kind"]),
        shown=shown,
        times=row["times"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        reason=DownReason(row["reason"]) if row["reason"] else None,
        comment=row["comment"],
        case_id=row["case_id"],
        passage_id=row["passage_id"],
        statement_id=row["statement_id"],
        settled_on=date.fromisoformat(settled) if settled else None,
        note=row["note"],
    )


def _topic(question: str) -> str:
    """Return 12 hex digits that a question shares with its other spellings."""
    return hashlib.sha256(" ".join(words(question)).encode()).hexdigest()[:12]


def _parsed(todo_id: str) -> tuple[str, int]:
    topic, _, place = todo_id.partition("-")
    return topic, int(place)


def _new_id() -> str:
    # Drawn by chance: a number could be given again after a file was put aside, and a
    # session would then change somebody else's entry.
    return secrets.token_hex(8)


def _cleaned(text: str) -> str:
    return without_contacts(cut(one_line(text), MAX_COMMENT_CHARS))
