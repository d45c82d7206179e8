"""Reads corpus files in worker processes, each file with limits on time and memory.

A corpus file is untrusted: it may be built to take hours or all the memory, or crash a
library. In a process of its own it costs nobody else anything.

Own code instead of a library: a process of `concurrent.futures` cannot be stopped, and
with `pebble` 5.2.3 a worker that dies in the moment in which it takes a task breaks the
pool for all the others (seen in 1 of 6 pools of 30 tasks that crash). The reason is the
one pipe that its workers share; here each has its own. What is said through it stands
in `ingest.confined`, the workers' side; `ingest.background` says why its processes are
of another kind.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

from ingest.confined import OUT_OF_MEMORY, Job, ReadFile, Rejected, work
from ingest.failures import crashed, too_much_memory, too_slow
from ingest.limits import Limits
from ingest.readers.content import Content
from ingest.registry import Registry
from kb.errors import KnowledgeBaseError
from kb.turns import processors

__all__ = ["ReadFile", "read_files"]

logger = logging.getLogger(__name__)

MAX_WORKERS = 4
_START_SECONDS = 300
"""When a worker that has not finished its imports is given up."""
_END_SECONDS = 30
"""How long the parent waits for a worker to be gone that was killed or hung up; on a
busy computer its exit code, which says why, comes seconds after its pipe is closed."""
_PRELOAD = ["ingest.filing", "ingest.readers", "ingest.split"]


def read_files(
    paths: Sequence[Path],
    corpus_dir: Path,
    registry: Registry,
    limits: Limits,
    passage_tokens: int,
    *,
    rejected: Rejected = "leave",
    known: Mapping[Path, Content] | None = None,
) -> Generator[ReadFile, None, None]:
    """Read and split files in worker processes; yield each as soon as its turn comes.

    A file that takes too much time or memory, or crashes its worker, is rejected with a
    problem; the others are read all the same. The workers end when the iterator is
    closed, and when this process dies.

    A worker imports the main module as ``multiprocessing`` does, so a script that calls
    this needs its ``if __name__ == "__main__"``. The limit on memory needs Linux.

    Args:
        paths: The files, below ``corpus_dir``.
        corpus_dir: Folder with the case files.
        registry: The cities and themes that cases may name.
        limits: The most that one file may cost.
        passage_tokens: Longest passage, see `ingest.split.split_document`.
        rejected: What else of a file that is rejected.
        known: Texts of files that were read before; only their heads are read.

    Yields:
        One `ReadFile` for each path, in the order given.

    Raises:
        KnowledgeBaseError: No worker can be started.
    """
    if not paths:
        return
    job = Job(corpus_dir, registry, limits, passage_tokens, rejected, known or {})
    crew = _Crew(job, min(len(paths), MAX_WORKERS, processors()))
    waiting = deque(enumerate(paths))
    done: dict[int, ReadFile] = {}
    try:
        for position in range(len(paths)):
            while position not in done:
                done.update(crew.collect())
                crew.hand_out(waiting)
            yield done.pop(position)
    finally:
        crew.end()


class _Worker:
    """The parent's side of a worker process with a pipe of its own."""

    def __init__(self, job: Job) -> None:
        context = _context()
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, job), daemon=True)
        self.process.start()
        theirs.close()
        self.is_ready = False
        self.task: tuple[int, Path] | None = None
        self.since = time.monotonic()

    def give(self, task: tuple[int, Path]) -> bool:
        """Hand over a file; return whether the process was there to take it."""
        try:
            self.connection.send(task[1])
        except OSError:  # it died idle
            return False
        self.task, self.since = task, time.monotonic()
        return True

    def end(self) -> int | None:
        """Stop the process at once; return its exit code, negative for a signal."""
        self.process.kill()
        self.process.join(timeout=_END_SECONDS)
        self.connection.close()
        return self.process.exitcode


class _Crew:
    """The workers, kept at their number while there are files to hand out."""

    def __init__(self, job: Job, size: int) -> None:
        self._job = job
        self._size = size
        self._workers: list[_Worker] = []
        try:
            for _ in range(size):
                self._workers.append(_Worker(job))
        except OSError as exc:
            self.end()
            raise KnowledgeBaseError(
                f"the processes that read files cannot be started ({exc}).",
                "Free some memory and try again.",
            ) from exc

    def hand_out(self, waiting: deque[tuple[int, Path]]) -> None:
        """Give each idle worker a file; replace the workers that have ended."""
        for worker in list(self._workers):
            if waiting and worker.is_ready and worker.task is None:
                if worker.give(waiting[0]):
                    waiting.popleft()
                else:
                    self._workers.remove(worker)
                    worker.end()
        missing = self._size - len(self._workers)
        self._workers += [_Worker(self._job) for _ in range(min(missing, len(waiting)))]

    def collect(self) -> Iterator[tuple[int, ReadFile]]:
        """Wait until something happens; yield what was finished, by position."""
        pending = [w for w in self._workers if w.task or not w.is_ready]
        left = [w.since + self._allowed(w) - time.monotonic() for w in pending]
        connections = {w.connection: w for w in pending}
        ready = wait(list(connections), timeout=max(0.0, min(left, default=0.0)))
        for connection, worker in connections.items():
            if connection in ready:
                yield from self._receive(worker)
            elif time.monotonic() >= worker.since + self._allowed(worker):
                yield from self._retire(worker, is_slow=True)

    def end(self) -> None:
        """Stop all workers at once."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.end()

    def _allowed(self, worker: _Worker) -> float:
        return self._job.limits.seconds if worker.task else _START_SECONDS

    def _receive(self, worker: _Worker) -> Iterator[tuple[int, ReadFile]]:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._retire(worker)
            return
        if worker.task is None:
            worker.is_ready = True
            return
        position, worker.task = worker.task[0], None
        outcome, report = message
        if report:
            logger.error("cannot read %s\n%s", outcome.path, report)
        if any(problem.rule == "too-much-memory" for problem in outcome.problems):
            # What the file has left behind would count against the next one.
            self._workers.remove(worker)
            worker.end()
        yield position, outcome

    def _retire(
        self, worker: _Worker, *, is_slow: bool = False
    ) -> Iterator[tuple[int, ReadFile]]:
        """Stop a worker, and reject the file that it was reading."""
        self._workers.remove(worker)
        if not is_slow:
            worker.process.join(timeout=_END_SECONDS)
        exit_code = worker.end()
        if worker.task is None:
            raise KnowledgeBaseError(
                f"the process that reads files cannot be started (exit code "
                f"{exit_code}).",
                "Free some memory and try again; if it fails again, report it to us.",
            )
        position, path = worker.task
        shown_path = self._job.shown_path(path)
        if is_slow or exit_code == -getattr(signal, "SIGXCPU", 0):
            problem = too_slow(shown_path, self._job.limits)
        elif exit_code == OUT_OF_MEMORY:
            problem = too_much_memory(shown_path, self._job.limits)
        else:
            problem = crashed(shown_path, exit_code)
        seconds = time.monotonic() - worker.since
        yield position, ReadFile(shown_path, (problem,), seconds=seconds)


def _context() -> ForkServerContext | SpawnContext:
    """Return how workers start: from a server that has done the imports once.

    A worker then starts in 0.1 s instead of the 2 s of a new interpreter. Never a fork
    of this process: it has threads, whose locks a fork would copy.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context
