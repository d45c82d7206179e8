"""Files are read in processes of their own, and none can harm another."""

from __future__ import annotations

import json
import logging
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from ingest.documents import Block
from ingest.limits import Limits
from ingest.listing import list_corpus
from ingest.readers.content import Content
from ingest.registry import read_registry
from ingest.worker import ReadFile, read_files
from kb.settings import Settings

LIMITS = Limits.of(Settings())
BRIEF = replace(LIMITS, seconds=3)
RealPath = type(Path())


class LoopingPath(RealPath):  # type: ignore[misc, valid-type]  # chosen at run time
    """A file on which a reader never comes to an end."""

    def stat(self, *, follow_symlinks=True):
        """Loop for ever."""
        while True:
            pass


class HugePath(RealPath):  # type: ignore[misc, valid-type]
    """A file that takes more memory than there is, and whose reader hides that."""

    def stat(self, *, follow_symlinks=True):
        """Ask for ten terabytes."""
        try:
            return bytearray(10**13)
        except MemoryError as exc:
            raise ValueError("damaged") from exc


class CrashingPath(RealPath):  # type: ignore[misc, valid-type]
    """A file that ends the process which reads it."""

    def stat(self, *, follow_symlinks=True):
        """Crash."""
        os.kill(os.getpid(), signal.SIGSEGV)


class LeavingPath(RealPath):  # type: ignore[misc, valid-type]
    """A file on which a library ends the process without a signal."""

    def stat(self, *, follow_symlinks=True):
        """End the process."""
        os._exit(3)


class SurprisingPath(RealPath):  # type: ignore[misc, valid-type]
    """A file on which a library fails as nobody expects."""

    def stat(self, *, follow_symlinks=True):
        """Fail with a long message."""
        raise LookupError("x" * 500)


class CallingPath(RealPath):  # type: ignore[misc, valid-type]
    """A file that makes its reader look up a computer in the network."""

    def stat(self, *, follow_symlinks=True):
        """Ask for an address."""
        socket.getaddrinfo("exampleton.example", 80)


class WritingPath(RealPath):  # type: ignore[misc, valid-type]
    """A file that makes its reader write into the corpus."""

    def stat(self, *, follow_symlinks=True):
        """Write beside the file."""
        self.with_suffix(".new").write_text("written")


class ChattyPath(RealPath):  # type: ignore[misc, valid-type]
    """A file on which a library prints, on every stream and in the log."""

    def stat(self, *, follow_symlinks=True):
        """Print before answering."""
        sys.stdout.write("chatter")
        sys.stdout.flush()
        logging.getLogger("pypdf").error("chatter")
        os.write(1, b"chatter")
        os.write(2, b"chatter")
        return super().stat()


BAD = {
    LoopingPath: ("too-slow", "longer than 3 s", "KB_FILE_SECONDS"),
    HugePath: ("too-much-memory", "more than 1024 MB", "KB_FILE_MEMORY_MB"),
    CrashingPath: ("crashed", "SIGSEGV", "save it again"),
    LeavingPath: ("crashed", "exit code 3", "save it again"),
    SurprisingPath: ("unreadable", "LookupError: 'xxx", "save it again"),
    CallingPath: ("unreadable", "socket.getaddrinfo", "right to read it"),
    WritingPath: ("unreadable", "wanted to write", "right to read it"),
}


@pytest.fixture
def corpus(tiny_corpus: Callable[..., Path]) -> Path:
    return tiny_corpus()


def read(
    corpus: Path, paths: list[Path], limits: Limits = LIMITS, **more: Any
) -> list[ReadFile]:
    registry = read_registry(corpus)
    return list(read_files(paths, corpus, registry, limits, 300, **more))


def torn_report(corpus: Path) -> Path:
    """Return a report whose front matter is sound and whose text is not."""
    path = corpus / "sampleby" / "walking-diary.pdf"
    path.write_bytes(b"%PDF-1.7 torn")
    return path


def test_files_come_in_the_order_given(corpus):
    """Every file of the corpus is read and split, in the order of the paths."""
    paths = list_corpus(corpus).files[::-1]

    results = read(corpus, paths)

    assert [corpus / result.path for result in results] == paths
    assert all(result.split and result.split.statements for result in results)
    assert [problem for result in results for problem in result.problems] == []


@pytest.mark.parametrize("kind", BAD, ids=lambda kind: kind.__name__)
def test_bad_file_costs_no_other(corpus, kind):
    """A file that hangs, crashes or fails is named; those around it are read."""
    good = corpus / "exampleton" / "biscuit-heat.md"
    rule, reason, remedy = BAD[kind]

    limits = BRIEF if kind is LoopingPath else LIMITS
    results = read(corpus, [good, kind(good), kind(good), good, good], limits)

    assert [result.split is not None for result in results] == [1, 0, 0, 1, 1]
    for result in results[1:3]:
        (problem,) = result.problems
        assert (problem.path, problem.rule) == ("exampleton/biscuit-heat.md", rule)
        assert reason in problem.reason
        assert remedy in problem.remedy
        assert len(problem.reason) < 200
    assert not (corpus / "exampleton" / "biscuit-heat.new").exists()


def test_many_crashes_in_a_row(corpus):
    """However many workers die, each file is answered for by itself."""
    good = corpus / "exampleton" / "biscuit-heat.md"

    results = read(corpus, [LeavingPath(good), CrashingPath(good), good] * 5)

    assert [len(result.problems) for result in results] == [1, 1, 0] * 5


def test_long_file_is_stopped_by_the_clock(corpus):
    """A real file that takes too long to read is rejected with the limit."""
    text = (corpus / "exampleton" / "biscuit-heat.md").read_text()
    path = corpus / "exampleton" / "long.md"
    path.write_text(text + "\n- A *very* [long](x) list. [^S1]" * 400_000)

    (result,) = read(corpus, [path], BRIEF)

    assert [problem.rule for problem in result.problems] == ["too-slow"]


def test_large_file_is_stopped_by_its_memory(corpus):
    """A real file that takes too much memory to read is rejected with the limit."""
    good = corpus / "exampleton" / "biscuit-heat.md"
    path = corpus / "exampleton" / "large.md"
    path.write_text(good.read_text() + "\n- A line. [^S1]" * 200_000)

    limits = replace(LIMITS, memory_bytes=50_000_000, file_bytes=10_000_000)
    results = read(corpus, [path, good], limits)

    (problem,) = results[0].problems
    assert "takes more than 50 MB of memory" in problem.reason
    assert problem.rule == "too-much-memory"
    assert results[1].split


class PanicError(BaseException):
    """What a library in Rust raises when it cannot go on."""


class PanickingPath(RealPath):  # type: ignore[misc, valid-type]
    """A file on which a library in Rust has no memory left, and says so its own way."""

    def stat(self, *, follow_symlinks=True):
        """Fill the memory, then fail with what is no `Exception`."""
        held = []
        try:
            while True:
                held.append(bytearray(1_000_000))
        except MemoryError:
            held.clear()
        raise PanicError


def test_lack_of_memory_under_another_name(corpus):
    """Where the memory was used up, that is told, whatever the error is called."""
    path = PanickingPath(corpus / "exampleton" / "biscuit-heat.md")

    (result,) = read(corpus, [path], replace(LIMITS, memory_bytes=50_000_000))

    assert [problem.rule for problem in result.problems] == ["too-much-memory"]


def test_chatter_is_dropped(corpus, capfd):
    """What libraries print about a file reaches neither stdout nor stderr."""
    good = corpus / "exampleton" / "biscuit-heat.md"

    (result,) = read(corpus, [ChattyPath(good)])

    assert result.split
    assert capfd.readouterr() == ("", "")


def test_named_pipe_is_not_opened(corpus):
    """A named pipe, which would be waited for, is refused as no file."""
    path = corpus / "exampleton" / "pipe.md"
    os.mkfifo(path)

    (result,) = read(corpus, [path])

    assert [problem.rule for problem in result.problems] == ["not-a-file"]


def test_errors_of_the_reader_and_of_the_case_reject(corpus):
    """Findings of the reader and of the registry are kept, and nothing is split."""
    text = (corpus / "exampleton" / "biscuit-heat.md").read_text()
    unknown = corpus / "exampleton" / "unknown.md"
    unknown.write_text(text.replace("city: exampleton", "city: nowhere"))
    bare = corpus / "exampleton" / "bare.md"
    bare.write_text("## Costs\n")

    results = read(corpus, [unknown, bare])

    assert [r.problems[0].rule for r in results] == [
        "unknown-city",
        "front-matter-missing",
    ]
    assert [r.split for r in results] == [None, None]
    assert results[0].document
    assert not results[1].document


@pytest.mark.parametrize(
    ("rejected", "rules"),
    [("leave", ["unknown-city"]), ("read", ["damaged"]), ("split", ["damaged"])],
)
def test_head_is_read_before_the_text(corpus, rejected, rules):
    """A wrong front matter rejects a file whose text nobody then reads."""
    path = torn_report(corpus)
    sidecar = path.with_name(f"{path.name}.yaml")
    sidecar.write_text(sidecar.read_text().replace("sampleby", "nowhere"))

    (result,) = read(corpus, [path], rejected=rejected)

    assert [problem.rule for problem in result.problems] == rules


def test_known_text_is_not_read_again(corpus):
    """A text that was read before stands for that of the file."""
    path = torn_report(corpus)

    (result,) = read(corpus, [path], known={path: Content([Block("Costs", "Ten.")])})

    assert result.split
    assert [statement.text for statement in result.split.statements] == ["Ten."]


def test_results_survive_the_border(corpus):
    """What a worker sends is equal to itself after pickling."""
    results = read(corpus, list_corpus(corpus).files)

    assert pickle.loads(pickle.dumps(results)) == results


def test_no_paths_start_no_worker(corpus):
    """Without files there is nothing to start."""
    before = active_children()

    assert read(corpus, []) == []
    assert active_children() == before


def test_workers_end_with_the_iterator(corpus):
    """A caller who stops early leaves no process behind."""
    good = corpus / "exampleton" / "biscuit-heat.md"
    before = set(active_children())
    paths = [good, LoopingPath(good), LoopingPath(good)]
    results = read_files(paths, corpus, read_registry(corpus), LIMITS, 300)
    next(results)
    workers = set(active_children()) - before

    results.close()

    assert workers
    assert set(active_children()) == before


PARENT = """
import signal, sys
from multiprocessing import active_children
from pathlib import Path
from ingest.registry import read_registry
from ingest.worker import read_files
from tests.unit.ingest.test_worker import LIMITS, LoopingPath

if __name__ == "__main__":
    # Whoever is started in the background may have been told to ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    corpus = Path(sys.argv[1])
    good = corpus / "exampleton" / "biscuit-heat.md"
    paths = [good, LoopingPath(good), LoopingPath(good)]
    results = read_files(paths, corpus, read_registry(corpus), LIMITS, 300)
    next(results)
    print([process.pid for process in active_children()], flush=True)
    next(results)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="waits with pidfd_open")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_their_parent(corpus, tmp_path, how):
    """Workers end when the process that started them is killed or interrupted."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, script, corpus],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as parent:
        assert parent.stdout
        pids = json.loads(parent.stdout.readline())
        watched = [os.pidfd_open(pid) for pid in pids]

        parent.send_signal(how)

        assert watched
        for descriptor in watched:
            ended, _, _ = select.select([descriptor], [], [], 30)
            os.close(descriptor)
            assert ended
