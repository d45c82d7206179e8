"""Asks an index from several threads until told to stop; also as a process.

``python -m tests.support.asking CORPUS INDEX`` prints "ready" when every thread has
an answer. A line on its standard input ends it: it asks once more and prints, as JSON,
what it has seen and which files of the index it holds open.
"""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kb import KnowledgeBase
from kb.settings import Settings
from tests.support.editions import asked

THREADS = 3
_PAUSE_SECONDS = 0.2
"""Between two questions of a thread: without it, nothing else has the processor."""


@dataclass
class Seen:
    """What a process has seen."""

    editions: list[list[int]] = field(default_factory=list)
    """The edition of every answer, by thread."""
    failures: list[str] = field(default_factory=list)
    last: int = 0
    """The edition of an answer when all was over."""
    files: list[str] = field(default_factory=list)
    """What it holds open below the index folder then."""


class Asking:
    """Several threads that ask one knowledge base again and again."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Begin to ask; wait until every thread has an answer."""
        self._kb = kb
        self._over = threading.Event()
        self._editions: list[list[int]] = [[] for _ in range(THREADS)]
        self._failures: list[str] = []
        ready = threading.Barrier(THREADS + 1)
        self._threads = [
            threading.Thread(target=self._ask, args=(editions, ready))
            for editions in self._editions
        ]
        for thread in self._threads:
            thread.start()
        ready.wait()

    def stop(self, index_dir: Path) -> Seen:
        """Stop asking; return what was seen."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        last = asked(self._kb)
        return Seen(self._editions, self._failures, last, open_files(index_dir))

    def _ask(self, editions: list[int], ready: threading.Barrier) -> None:
        is_first = True
        while is_first or not self._over.wait(_PAUSE_SECONDS):
            try:
                editions.append(asked(self._kb))
            except BaseException as exc:  # a thread's failure is the test's failure
                self._failures.append(repr(exc))
            if is_first:
                ready.wait()
                is_first = False


def open_files(folder: Path) -> list[str]:
    """Return the files below a folder that this process holds open, removed or not."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            target = str(link.readlink())
        except OSError:  # the listing's own
            continue
        if target.startswith(f"{folder}/"):
            found.append(target.removeprefix(f"{folder}/"))
    return sorted(found)


def main() -> None:
    """Be the process."""
    settings = Settings(corpus_dir=Path(sys.argv[1]), index_dir=Path(sys.argv[2]))
    kb = KnowledgeBase(settings)
    asking = Asking(kb)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    seen = asking.stop(settings.index_dir)
    sys.stdout.write(json.dumps(asdict(seen)) + "\n")
    kb.close()


if __name__ == "__main__":
    main()
