"""How a command ends when its words cannot be written, or Ctrl+C comes at once.

A terminal may know fewer letters than the cases, a reader such as `head` may close the
pipe, a disk may be full: none of this is a fault of the program, so no traceback. And
Ctrl+C is quiet from the moment this is imported.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType


def _stop_quietly() -> None:
    """Have Ctrl+C end the process in silence, also while libraries are loaded."""
    shown, shown_later = sys.excepthook, sys.unraisablehook

    def hook(
        kind: type[BaseException], exc: BaseException, trace: TracebackType | None
    ) -> None:
        if not _is_stop(exc):
            shown(kind, exc, trace)

    def later(unraisable: sys.UnraisableHookArgs) -> None:
        if not isinstance(unraisable.exc_value, KeyboardInterrupt | BrokenPipeError):
            shown_later(unraisable)

    sys.excepthook, sys.unraisablehook = hook, later


def _is_stop(exc: BaseException | None) -> bool:
    """Whether Ctrl+C stands behind an error: libraries wrap it while they load."""
    while exc is not None:
        if isinstance(exc, KeyboardInterrupt):
            return True
        exc = exc.__cause__ or exc.__context__
    return False


def write_what_can_be_written() -> None:
    """Have a letter that the terminal does not know become a question mark."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def knows_all_letters() -> bool:
    """Whether standard output can hold every letter."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "").replace("_", "").startswith("utf")


@contextmanager
def written_out() -> Iterator[None]:
    """Write out what a command prints before it ends.

    A reader that has gone ends it in silence, with exit code 1.

    Raises:
        KnowledgeBaseError: The output cannot be written.
    """
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()
        sys.exit(1)
    except OSError as exc:
        if exc.filename is not None:  # of a file, not of the output
            raise
        _write_nowhere()
        # Not before, because it takes long and Ctrl+C is not quiet yet.
        from kb.errors import KnowledgeBaseError

        if exc.errno in (errno.EPIPE, errno.EINVAL):  # EINVAL: a closed pipe on Windows
            sys.exit(1)
        raise KnowledgeBaseError(
            f"the output cannot be written ({exc.strerror or exc}).",
            "Check the free space where it goes, or write it elsewhere.",
        ) from exc


def _write_nowhere() -> None:
    """Let the interpreter write what is left nowhere when it ends."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


_stop_quietly()
