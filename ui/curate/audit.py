"""Who has changed what, and when: a line for every change, before it is made."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from ingest import FileChange
from kb.errors import KnowledgeBaseError, shown
from kb.settings import Settings
from ui.permission import who

_PRIVATE = 0o600


class AuditError(KnowledgeBaseError):
    """What is about to be changed cannot be told, so it is not changed."""


@contextmanager
def audited(
    what: str, settings: Settings, changes: Sequence[FileChange] = ()
) -> Iterator[None]:
    """Tell the audit log of a change that is made inside, and of one that fails.

    Args:
        what: Is done: "save", "index".
        settings: The file of the log.
        changes: What it does to files of the corpus.

    Raises:
        AuditError: The log cannot be written; nothing is done then.
    """
    files = [
        {"path": c.path, "before": _digest(c.old), "after": _digest(c.new)}
        for c in changes
    ]
    _tell(settings, what, files)
    try:
        yield
    except BaseException:
        _tell(settings, f"{what} failed", files)
        raise


def _tell(settings: Settings, what: str, files: list[dict[str, str | None]]) -> None:
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": who() or "nobody logged in",
        "what": what,
        "files": files,
    }
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        file = os.open(settings.audit_file, flags, _PRIVATE)
        try:
            os.fchmod(file, _PRIVATE)  # somebody else may have made it
            _write(file, line.encode())
        finally:
            os.close(file)
    except OSError as exc:
        raise AuditError(
            f"the audit log {shown(str(settings.audit_file))} cannot be written "
            f"({exc.strerror}), so nothing was changed.",
            "Check the free space and the permissions, or set KB_AUDIT_FILE.",
        ) from exc


def _write(file: int, line: bytes) -> None:
    """Write a line whole, or nothing of it.

    Raises:
        OSError: There is no room.
    """
    before = os.fstat(file).st_size
    if os.write(file, line) < len(line):  # of a part it says no error
        os.ftruncate(file, before)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(file)


def _digest(content: bytes | None) -> str | None:
    """Return the SHA-256 of a file; None where there is none."""
    return None if content is None else hashlib.sha256(content).hexdigest()
