"""A full disk, and an index folder that may only be read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest import ingest
from kb import KnowledgeBase
from kb.errors import IndexNotWritableError
from kb.settings import Settings
from tests.support.editions import (
    QUESTION,
    asked,
    copy_of,
    edition_1,
    edition_of,
    generations,
    publish_edition,
    settings,
    write_edition,
)
from tests.support.fakes import RecordingProgress
from tests.support.processes import Outcome, arguments, run

__all__ = ["edition_1", "settings"]

MOMENTS = [
    ("Reading files", False),
    ("Estimating", False),
    ("Writing the index", True),
    ("Verifying", False),
]
"""A step, and whether the disk becomes full at its end or at its start."""
PARTS = {
    "put": "documents read",
    "keep_only": "documents read",
    "embed": "vectors computed",
    "_connect": "cache",
    "draft": "folder",
    "write": "vectors",
    "save": "lexical index",
    "write_catalogue": "catalogue",
    "finish": "manifest",
    "publish": "pointer",
}

LIMITED = textwrap.dedent(
    """
    import resource, sys

    most = int(sys.argv.pop(1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    import cli

    cli.main()
    """
)
# An administrator may write everywhere; without these rights, the modes count.
_ORDINARY = [
    "setpriv",
    "--inh-caps=-all",
    "--bounding-set=-dac_override,-dac_read_search,-fowner",
]


def assert_still_answers(settings: Settings, embedder, edition: int) -> None:
    """Fail unless a new reader gets the edition's answer."""
    with closing(KnowledgeBase(settings, embedder)) as kb:
        assert asked(kb) == edition


def assert_told(outcome: Outcome) -> None:
    """Fail unless a command said in one sentence that it cannot write the index."""
    assert (outcome.code, outcome.stdout) == (2, ""), outcome
    assert "Error: the index cannot be written (" in outcome.stderr, outcome.stderr
    assert "What was published last stays published." in outcome.stderr
    assert "Traceback" not in outcome.stderr, outcome.stderr


class Full(RecordingProgress):
    """Fills the disk when a step begins or has come to its end."""

    def __init__(self, disk: Path, step: str, *, at_end: bool, pages: int) -> None:
        """Leave ``pages`` pages free."""
        super().__init__()
        self._file = disk / "filler"
        self._when = (step, at_end)
        self._pages = pages

    def start(self, step: str, total: int) -> None:
        """See `ingest.Progress.start`."""
        super().start(step, total)
        if self._when == (step, False):
            self._fill()

    def advance(self, n: int) -> None:
        """See `ingest.Progress.advance`."""
        super().advance(n)
        if self._when == (self.steps[-1][0], True) and self.done == dict(self.steps):
            self._fill()

    def _fill(self) -> None:
        if self._file.exists():
            return
        free = os.statvfs(self._file.parent)
        size = max(0, free.f_bavail - self._pages) * free.f_frsize
        with self._file.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size) if size else None

    def free(self) -> None:
        """Make room again."""
        self._file.unlink(missing_ok=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of 16 MB, in memory."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tests", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as exc:
        pytest.skip(f"no disk can be mounted here: {exc}")
    yield disk
    # Lazily: after a failed test a file on it may still be open.
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def part_that_failed(exc: BaseException) -> str:
    """Return which part of the index an ingestion was writing when it failed."""
    names = []
    cause: BaseException | None = exc
    while cause is not None:
        trace = cause.__traceback__
        while trace is not None:
            names.append(trace.tb_frame.f_code.co_name)
            trace = trace.tb_next
        cause = cause.__cause__
    (part, *_) = [PARTS[name] for name in names if name in PARTS] or ["other"]
    return part


def failures(settings: Settings, embedder, step: str, *, at_end: bool) -> list[str]:
    """Ingest with ever more room from a moment on, until there is enough.

    Returns:
        Which part met the full disk, attempt by attempt.
    """
    parts = []
    pages = 0
    while True:
        full = Full(settings.index_dir, step, at_end=at_end, pages=pages)
        try:
            report = ingest(settings, full)
        except IndexNotWritableError as exc:
            assert str(exc).endswith("What was published last stays published.")
            parts.append(part_that_failed(exc))
            # Once the new one is whole it is not removed, published or not.
            n_left = 2 if parts[-1] == "pointer" else 1
            assert len(generations(settings)) == n_left
            assert_still_answers(settings, embedder, 1)
        else:
            assert report.exit_code == 0
            return parts
        finally:
            full.free()
        pages = 2 * pages or 1


def test_ingest_when_the_disk_is_full(edition_1, embedder, small_disk, record_property):
    """Whichever part meets it, the old index answers; with room, the new one does."""
    met = {}
    for step, at_end in MOMENTS:
        folder = small_disk / step
        folder.mkdir()
        settings = copy_of(edition_1, folder)
        write_edition(settings.corpus_dir, 2)
        met[step] = failures(settings, embedder, step, at_end=at_end)
        assert_still_answers(settings, embedder, 2)
        assert len(generations(settings)) == 2
        shutil.rmtree(folder)
    record_property("met", met)
    assert {part for parts in met.values() for part in parts} >= set(PARTS.values()) - {
        "cache",
        "folder",
        "pointer",  # the cache, closed before, has left room for it
    }, met


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
@pytest.mark.parametrize("most", [0, 100, 50_000, 300_000])
def test_first_ingestion_when_no_file_may_become_large(settings, most):
    """The command ends with 2 and says why; without the limit it publishes."""
    shutil.rmtree(settings.index_dir)
    program = [sys.executable, "-c", LIMITED, str(most)]
    assert_told(run(arguments(settings, "ingest"), program=program))
    assert not (settings.index_dir / "current").exists()
    publish_edition(settings, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_ingest_when_no_file_may_become_large(settings, embedder):
    """What is published cannot be looked at then; the remedy is that of the cause."""
    write_edition(settings.corpus_dir, 2)
    program = [sys.executable, "-c", LIMITED, "200000"]
    outcome = run(arguments(settings, "ingest"), program=program)
    assert (outcome.code, "Traceback" in outcome.stderr) == (2, False), outcome
    assert "may not write files as large as the index needs" in outcome.stderr
    assert "`ulimit -f`" in outcome.stderr
    assert len(generations(settings)) == 1
    assert_still_answers(settings, embedder, 1)
    publish_edition(settings, 2)
    assert_still_answers(settings, embedder, 2)


_LOOK = "import os, sys; print(os.access(sys.argv[1], os.W_OK))"


def as_ordinary_user(command: str) -> list[str]:
    """Return a program that runs with an ordinary user's rights."""
    python = [sys.executable, "-c", command]
    return [*_ORDINARY, *python] if os.getuid() == 0 else python


def require_no_right_to_write(folder: Path) -> None:
    """Skip a test where even `as_ordinary_user` may write."""
    try:
        may_write = run([str(folder)], None, as_ordinary_user(_LOOK))
    except OSError as exc:
        pytest.skip(f"no program can be run with an ordinary user's rights: {exc}")
    if may_write.stdout != "False\n":
        pytest.skip(f"rights cannot be given up here: {may_write.stderr}")


@pytest.fixture
def read_only(edition_1) -> Iterator[Settings]:
    """Return the settings of an index that the program may only read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = copy_of(edition_1, folder)
        for path in sorted(settings.index_dir.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        settings.index_dir.chmod(0o555)
        (folder / "temporary").mkdir()
        require_no_right_to_write(settings.index_dir)
        yield settings
        settings.index_dir.chmod(0o755)
        for path in sorted(settings.index_dir.rglob("*")):
            path.chmod(0o755)


def temporary_of(settings: Settings) -> Path:
    """Return the folder for temporary files beside a read-only index."""
    return settings.index_dir.parent / "temporary"


def test_ask_when_the_index_is_read_only(read_only):
    """The command answers, and leaves no copy behind."""
    temporary = temporary_of(read_only)
    args = [*arguments(read_only, "ask", "--json"), QUESTION]
    outcome = run(args, temporary, as_ordinary_user("import cli; cli.main()"))
    assert outcome.code == 0, outcome.stderr
    assert edition_of(json.loads(outcome.stdout)) == 1
    assert outcome.stderr == ""
    assert list(temporary.iterdir()) == []


def test_ingest_when_the_index_is_read_only(read_only, embedder):
    """The command ends with 2 and says why; nothing has changed."""
    write_edition(read_only.corpus_dir, 2)
    program = as_ordinary_user("import cli; cli.main()")
    assert_told(run(arguments(read_only, "ingest"), temporary_of(read_only), program))
    assert_still_answers(read_only, embedder, 1)


def test_rollback_when_the_index_is_read_only(read_only):
    """The command ends with 2 and says why."""
    program = as_ordinary_user("import cli; cli.main()")
    assert_told(run(arguments(read_only, "rollback"), temporary_of(read_only), program))


def test_corpus_when_it_is_read_only(settings, embedder):
    """It is indexed as ever; what would write into it says that it cannot."""
    write_edition(settings.corpus_dir, 2)
    folders = [settings.corpus_dir, *settings.corpus_dir.rglob("*")]
    for path in folders:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        require_no_right_to_write(settings.corpus_dir)
        program = as_ordinary_user("import cli; cli.main()")
        outcome = run(arguments(settings, "ingest"), program=program)
        corpus = f"--corpus={settings.corpus_dir}"
        refused = run(["new", "exampleton", "Steam", corpus], program=program)
    finally:
        for path in folders:
            path.chmod(0o755)
    assert outcome.code == 0, outcome.stderr
    assert_still_answers(settings, embedder, 2)
    assert (refused.code, refused.stdout) == (2, ""), refused
    assert "cannot be written" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_vectors_are_copied_beside_the_index(read_only):
    """The copy is there while the index is open, and gone once it is closed."""
    look = textwrap.dedent(
        """
        import os, sys, tempfile
        from pathlib import Path
        from kb.storage import FolderStorage

        storage = FolderStorage(Path(sys.argv[1]))
        generation = storage.open(storage.current())
        (copy,) = os.listdir(tempfile.gettempdir())
        assert copy.startswith("mentorkb-"), copy
        generation.close()
        print(os.listdir(tempfile.gettempdir()))
        """
    )
    args = [str(read_only.index_dir)]
    outcome = run(args, temporary_of(read_only), as_ordinary_user(look))
    assert (outcome.code, outcome.stdout) == (0, "[]\n"), outcome.stderr
