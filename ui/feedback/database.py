"""The SQLite file that feedback lies in: made, opened, put aside when it is damaged."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from kb.errors import KnowledgeBaseError, shown

logger = logging.getLogger(__name__)

FILE = "feedback.sqlite"
SCHEMA_VERSION = 1
_LOCK = "feedback.lock"
_ASIDE = "feedback.damaged-"
_WAIT_SECONDS = 2
# SQLite finds the last two by their names, so they always move together.
_PARTS = ("-wal", "-shm", "")
# A mistake of this program, not of the file.
_OURS = {None, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_CONSTRAINT}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SCHEMA = f"""
CREATE TABLE entries (
    -- Order of keeping and rating. AUTOINCREMENT: a number is never given again.
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id TEXT NOT NULL UNIQUE,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The same for the same question in another case, spacing or punctuation.
    topic TEXT NOT NULL,
    question TEXT NOT NULL,
    cities TEXT NOT NULL,
    themes TEXT NOT NULL,
    language TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    cases TEXT NOT NULL,
    passages TEXT NOT NULL,
    generation TEXT NOT NULL,
    settings_digest TEXT NOT NULL,
    times INTEGER NOT NULL,
    verdict TEXT,
    reason TEXT,
    comment TEXT NOT NULL,
    case_id TEXT NOT NULL,
    passage_id TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    settled_on TEXT,
    note TEXT NOT NULL
);
CREATE INDEX entries_by_topic ON entries (topic);
PRAGMA user_version = {SCHEMA_VERSION};
"""
# Older files lack it. It holds all that tells which questions wait, so that a list of
# the newest reads little of a large file.
_INDEX = """
CREATE INDEX IF NOT EXISTS entries_by_state
    ON entries (settled_on, topic, place, day, kind, verdict);
"""
_PRIVATE = 0o600
Result = TypeVar("Result")


class FeedbackError(KnowledgeBaseError):
    """Feedback cannot be kept or read; answers do not depend on it."""


class Database:
    """One SQLite file; safe between threads and between processes of one machine.

    Every access opens the file for itself, so that no thread or process holds on to a
    file that another has put aside. A lock beside it lets one at a time do so: SQLite
    before 3.51.3 can lose a write that meets another connection's checkpoint
    (https://sqlite.org/wal.html#walresetbug), and two processes must not put the same
    file aside twice.
    """

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is made before the first `run`."""
        self.path = folder / FILE
        self._is_checked = False

    def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return what ``work`` returns, done in one transaction.

        When this returns, what was written outlasts a crash and a power cut; when it
        raises, nothing was written. A damaged file is put aside and a new one begun.

        Args:
            work: Reads and writes; may be called a second time, on the new file.

        Raises:
            FeedbackError: No room, no permission, another program holds the file, or
                a newer version of this program wrote it.
        """
        with self._alone():
            try:
                return self._transact(work)
            except sqlite3.DatabaseError as exc:
                if not is_damage(exc):
                    raise
                self._put_aside(exc)
                return self._transact(work)

    def empty_log(self) -> None:
        """Move everything from the write-ahead log into the file, and cut the log.

        Raises:
            FeedbackError: As for `run`.
        """
        with self._alone(), closing(self._connect()) as db:
            (is_busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            logger.warning("%s is in use; its log is emptied later", self.path)

    def copy_to(self, path: Path) -> None:
        """Write all that is kept at this moment into a new file.

        Raises:
            FeedbackError: As for `run`.
        """
        with self._alone(), closing(self._connect()) as db:
            if not self._is_checked:
                self._require_sound(db)
            with closing(sqlite3.connect(path)) as copy:
                db.backup(copy)

    def forget_aside(self, before: date) -> None:
        """Delete damaged files that were put aside before a day.

        Raises:
            FeedbackError: There is no permission.
        """
        with self._alone():
            for path in sorted(self.path.parent.glob(f"{_ASIDE}*")):
                day = path.name.removeprefix(_ASIDE)[: len("2000-01-01")]
                if day < before.isoformat():
                    path.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock; turn what goes wrong inside into our error."""
        folder = self.path.parent
        try:
            # Other users of the machine have no business with the questions.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(
                folder / _LOCK,
                timeout=_WAIT_SECONDS,
                mode=_PRIVATE,
                poll_interval=0.01,
            )
            with lock:
                yield
        except Timeout as exc:
            raise _in_use(self.path) from exc
        except sqlite3.DatabaseError as exc:
            if _code(exc) in _OURS:
                raise
            is_in_use = _code(exc) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
            why = _in_use(self.path) if is_in_use else _no_access(folder, str(exc))
            raise why from exc
        except OSError as exc:
            raise _no_access(folder, exc.strerror or str(exc)) from exc

    def _transact(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        with closing(self._connect()) as db:
            if not self._is_checked:
                self._require_sound(db)
            db.execute("BEGIN IMMEDIATE")
            result = work(db)
            db.execute("COMMIT")  # if anything fails, closing rolls back
            return result

    def _connect(self) -> sqlite3.Connection:
        # SQLite gives its other files the permissions of this one.
        self.path.touch(mode=_PRIVATE)
        if not self._is_checked:
            self.path.chmod(_PRIVATE)  # an older version may have made it
        db = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode = WAL")
            # NORMAL would survive a crash of the process but not of the machine: it
            # syncs the log at checkpoints only. FULL syncs at every commit; FULLFSYNC
            # makes macOS sync for real.
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA fullfsync = ON")
            # What is deleted is overwritten, not only unlinked.
            db.execute("PRAGMA secure_delete = ON")
            self._require_schema(db)
        except BaseException:
            db.close()
            raise
        return db

    def _require_schema(self, db: sqlite3.Connection) -> None:
        if not holds_feedback(db, self.path):
            db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {_INDEX} COMMIT;")

    def _require_sound(self, db: sqlite3.Connection) -> None:
        """Look through the whole file, once a process: it is small."""
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise _Unsound(found)
        db.executescript(_INDEX)
        self._is_checked = True

    def _put_aside(self, exc: sqlite3.DatabaseError) -> None:
        day = date.today().isoformat()
        number = 1
        while (aside := self.path.with_name(f"{_ASIDE}{day}-{number}.sqlite")).exists():
            number += 1
        for part in _PARTS:
            old = self.path.with_name(self.path.name + part)
            if old.exists():
                old.rename(aside.with_name(aside.name + part))
        logger.error(
            "%s is damaged (%s): it is kept as %s and a new one begun; `sqlite3 %s "
            ".recover` shows what of it can be read",
            *(self.path, exc, aside.name, aside.name),
        )


def holds_feedback(db: sqlite3.Connection, path: Path) -> bool:
    """Return whether something was ever kept in a file.

    Raises:
        FeedbackError: A newer version of this program wrote it.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise FeedbackError(
            f"the feedback was written by a newer version of the program (format "
            f"{version}, this one knows {SCHEMA_VERSION}).",
            "Update the program, or set KB_FEEDBACK_DIR to another folder.",
            path=str(path),
        )
    return bool(version)


def is_damage(exc: sqlite3.Error) -> bool:
    """Return whether a file is put aside for what SQLite says of it."""
    return _code(exc) in _DAMAGED


class _Unsound(sqlite3.DatabaseError):
    """The file opens, and does not hold together."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def _code(exc: BaseException) -> int | None:
    """Return the primary result code of SQLite; None for what is not its own."""
    code = getattr(exc, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _no_access(folder: Path, why: str) -> FeedbackError:
    return FeedbackError(
        f"feedback cannot be kept or read in {shown(str(folder))} ({why}).",
        "Check the free space and the permissions, or set KB_FEEDBACK_DIR to another "
        "folder.",
    )


def _in_use(path: Path) -> FeedbackError:
    return FeedbackError(
        f"another program has held {shown(str(path))} for {_WAIT_SECONDS} seconds.",
        "Close the program that has it open, then try again.",
    )
