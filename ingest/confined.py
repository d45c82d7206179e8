"""A worker process: reads the files it is told of, within limits on time and memory.

`ingest.worker` starts such processes and is the other side of their pipes.
"""

from __future__ import annotations

import errno
import math
import multiprocessing
import os
import re
import signal
import stat
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingest.documents import Block, Document, Units
from ingest.failures import cannot_be_opened, too_much_memory, unreadable
from ingest.limits import Limits
from ingest.registry import Registry, case_id_of
from kb.errors import DocumentError
from kb.types import Case, Problem, Review

if TYPE_CHECKING:
    from ingest.readers import CaseFile
    from ingest.readers.content import Content

CPU_GRACE_SECONDS = 5
"""The parent stops a slow worker; the processor's limit acts when it is gone."""
_NEARLY_BYTES = 2_000_000
"""How near its limit a process is that cannot have more: allocators ask for much."""
OUT_OF_MEMORY = errno.ENOMEM
"""Exit code of a worker that had no memory left to say so."""


Rejected = Literal["leave", "read", "split"]
"""What is done with a file whose front matter does not let it into the index.

It is left alone; its text is read, if the front matter is there; or its text is read in
any case and split.
"""


@dataclass(frozen=True)
class ReadFile:
    """What became of one file."""

    path: str
    """File path below the corpus folder, with forward slashes."""
    problems: tuple[Problem, ...]
    """Holds an error exactly when the file is rejected."""
    document: Document | None = None
    """None when the file could not be read at all; without text when it was left."""
    content: Content | None = None
    """Its text as its reader returned it, for another reading of the same bytes."""
    split: Units | None = None
    """None when the file is rejected, unless rejected files are split, too."""
    seconds: float = 0.0


@dataclass(frozen=True)
class Job:
    """What a worker needs to know to read any file."""

    corpus_dir: Path
    registry: Registry
    limits: Limits
    passage_tokens: int
    rejected: Rejected
    known: Mapping[Path, Content]

    def shown_path(self, path: Path) -> str:
        """Return a file's path below the corpus folder, for messages."""
        return path.relative_to(self.corpus_dir).as_posix()


def work(connection: Connection, job: Job) -> None:
    """Be a worker: read the files that the parent names until it closes the pipe.

    The first answer says that the worker is ready; then comes one for each path, which
    is what became of the file, and the traceback if an error of ours was in the way. A
    pipe that ends instead has an exit code behind it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what it means
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _warm_up(job)
    _confine()
    connection.send("ready")
    try:
        _serve(connection, job)
    except MemoryError:  # raised again where the first one was being handled
        os._exit(OUT_OF_MEMORY)


def _serve(connection: Connection, job: Job) -> None:
    while True:
        try:
            path = connection.recv()
        except EOFError:
            return
        outcome, report = _read_within_limits(path, job)
        try:
            connection.send((outcome, report))
        except Exception as exc:  # what cannot be pickled
            problem = unreadable(outcome.path, exc)
            failed = ReadFile(outcome.path, (problem,), seconds=outcome.seconds)
            connection.send((failed, traceback.format_exc()))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _warm_up(job: Job) -> None:
    """Load what every file needs, so that no file's time and memory pay for it."""
    import ingest.filing
    import ingest.readers.markdown  # noqa: F401
    from ingest.split import split_document

    document = Document("", None, [Block("", "Warm.")], cites_itself=True)
    case = _unfiled_case(job.corpus_dir / "warm" / "up.md", job)
    split_document(document, case, job.passage_tokens)


def _confine() -> None:
    """Give up what reading a file never needs: output, and files to write."""
    # Libraries complain on stderr about every oddity of a file, and one that prints
    # on stdout would spoil the JSON there. What matters is in the problems.
    sys.dont_write_bytecode = True
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    sys.addaudithook(_refuse)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # for libraries in C
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


_REFUSED = {
    "os.exec",
    "os.fork",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.system",
    "socket.connect",
    "socket.getaddrinfo",
    "subprocess.Popen",
}


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse what reading a file never needs; see `sys.addaudithook`.

    No wall against code that runs here, but against a library that a file can talk into
    fetching an address, starting a program or writing a file.
    """
    if event == "open":
        flags = arguments[2]
        if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(errno.EPERM, "its reader wanted to write a file")
    elif event in _REFUSED:
        raise PermissionError(errno.EPERM, f"its reader wanted {event}")


def _read_within_limits(path: Path, job: Job) -> tuple[ReadFile, str]:
    """Read a file with the limits in force.

    Returns:
        What became of it, and the traceback if an error of ours was in the way.
    """
    from ingest.filing import problem_from

    started = time.monotonic()
    shown_path, report, most = job.shown_path(path), "", math.inf
    try:
        most = _set_limits(job.limits)
        result = _read(path, job)
    except BaseException as exc:  # one bad file never stops the others; Rust panics
        _lift_memory_limit()
        if _is_out_of_memory(exc) or _has_reached(most):
            problem = too_much_memory(shown_path, job.limits)
        elif isinstance(exc, DocumentError):
            problem = problem_from(exc)
        elif isinstance(exc, OSError):
            problem = cannot_be_opened(shown_path, exc)
        else:
            problem = unreadable(shown_path, exc)
            report = traceback.format_exc()
        result = ReadFile(shown_path, (problem,))
    _lift_memory_limit()
    return replace(result, seconds=time.monotonic() - started), report


def _read(path: Path, job: Job) -> ReadFile:
    from ingest.filing import unusable_case
    from ingest.readers import CaseFile, with_text
    from ingest.split import split_document

    if not stat.S_ISREG(path.stat().st_mode):
        # Opening a named pipe would wait for somebody who writes into it.
        raise DocumentError(
            "it is not a file but a folder, a pipe or a device.",
            "Remove it from the corpus, or save its text as a file.",
            path=job.shown_path(path),
            rule="not-a-file",
        )
    file = CaseFile(path, job.corpus_dir, job.limits)
    head = _head(file, job)
    wrong = tuple(unusable_case(head, job.registry))
    is_rejected = _is_rejected(head.problems) or _is_rejected(wrong)
    if is_rejected and job.rejected == "leave":
        return ReadFile(file.shown_path, (*head.problems, *wrong), head)
    content = job.known.get(path) or file.text()
    document = with_text(head, content)
    problems = (*document.problems, *wrong)
    split = None
    if job.rejected == "split" or not _is_rejected(problems):
        case = document.case or _unfiled_case(path, job)
        split = split_document(document, case, job.passage_tokens)
    return ReadFile(file.shown_path, problems, document, content, split)


def _head(file: CaseFile, job: Job) -> Document:
    from ingest.filing import problem_from

    try:
        return file.head()
    except DocumentError as exc:
        if job.rejected != "split" or exc.rule != "front-matter-missing":
            raise
        return Document(file.shown_path, None, problems=[problem_from(exc)])


def _is_rejected(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _unfiled_case(path: Path, job: Job) -> Case:
    """Return a case about which its front matter says nothing."""
    return Case(
        case_id=case_id_of(path, job.corpus_dir),
        city="",
        title="",
        themes=(),
        period="",
        actors=(),
        summary="",
        sources=(),
        review=Review(),
        path=job.shown_path(path),
    )


def _set_limits(limits: Limits) -> float:
    """Limit what this process may use from now on, beyond what it uses already.

    Returns:
        The most bytes of address space that it may have; infinite where that cannot be
        limited.
    """
    if sys.platform == "win32":
        return math.inf
    import resource

    end = math.ceil(time.process_time()) + limits.seconds + CPU_GRACE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
    pages_in_use = Path("/proc/self/statm")
    if not pages_in_use.exists():
        return math.inf
    in_use = int(pages_in_use.read_text().split()[0]) * resource.getpagesize()
    most = in_use + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    return most


def _lift_memory_limit() -> None:
    if sys.platform != "win32":
        import resource

        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.setrlimit(resource.RLIMIT_AS, unlimited)


def _has_reached(most: float) -> bool:
    """Return whether this process once had nearly as much address space as it may.

    A library without memory may fail with an error of any name, as those in Rust do.
    """
    if most == math.inf:
        return False
    status = Path("/proc/self/status").read_text()
    peak = re.search(r"^VmPeak:\s+(\d+) kB$", status, re.MULTILINE)
    return peak is not None and int(peak[1]) * 1024 > most - _NEARLY_BYTES


def _is_out_of_memory(error: BaseException | None) -> bool:
    """Return whether lack of memory is behind an error, however a reader named it."""
    while error is not None:
        if isinstance(error, MemoryError) or (
            isinstance(error, OSError) and error.errno == errno.ENOMEM
        ):
            return True
        error = error.__cause__ or error.__context__
    return False
