"""What is told of a file that could not be read to its end, and what to do about it."""

from __future__ import annotations

import signal

from ingest.limits import MB, Limits
from kb.errors import shown
from kb.types import Problem


def too_slow(path: str, limits: Limits) -> Problem:
    """Return the problem of a file whose reading was stopped."""
    return _problem(
        path,
        "too-slow",
        f"reading it takes longer than {limits.seconds} s.",
        "Split it into shorter files, or raise KB_FILE_SECONDS.",
    )


def too_much_memory(path: str, limits: Limits) -> Problem:
    """Return the problem of a file that needs more memory than one may."""
    return _problem(
        path,
        "too-much-memory",
        f"reading it takes more than {limits.memory_bytes // MB} MB of memory.",
        "Split it into shorter files or make its images smaller, or raise "
        "KB_FILE_MEMORY_MB.",
    )


def crashed(path: str, exit_code: int | None) -> Problem:
    """Return the problem of a file that ended the process which read it.

    Args:
        path: The file's path below the corpus folder.
        exit_code: Of the process; negative for the signal that ended it.
    """
    try:
        cause = signal.Signals(-(exit_code or 0)).name
    except ValueError:
        cause = f"exit code {exit_code}"
    return _problem(
        path,
        "crashed",
        f"reading it ended the process that read it ({cause}).",
        "Open it in its program and save it again; if the computer was short of "
        "memory, lower KB_FILE_MEMORY_MB.",
    )


def cannot_be_opened(path: str, error: OSError) -> Problem:
    """Return the problem of a file that the system does not give out."""
    return _problem(
        path,
        "unreadable",
        f"the file cannot be read ({error.strerror or type(error).__name__}).",
        "Check that it is there and that you have the right to read it.",
    )


def unreadable(path: str, error: BaseException) -> Problem:
    """Return the problem of a file on which a reader failed unexpectedly."""
    return _problem(
        path,
        "unreadable",
        f"the file cannot be read ({type(error).__name__}: {shown(str(error))}).",
        "Open it in its program and save it again, or make a PDF of it.",
    )


def _problem(path: str, rule: str, reason: str, remedy: str) -> Problem:
    return Problem(path, None, rule, "error", reason, remedy)
