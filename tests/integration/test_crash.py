"""An ingestion that is killed never breaks what is being used."""

from __future__ import annotations

import random
import signal
import sqlite3
import sys
import textwrap
import time
from collections import Counter
from contextlib import closing

import pytest

from ingest import ingest
from kb import KnowledgeBase
from kb.settings import Settings
from kb.storage import FolderStorage
from kb.storage.base import KEPT_GENERATIONS
from tests.support.editions import (
    asked,
    copy_of,
    edition_1,
    generations,
    publish_edition,
    settings,
    write_edition,
)
from tests.support.fakes import RecordingProgress
from tests.support.processes import (
    arguments,
    begin,
    end,
    end_session,
    kill,
    left_over,
    run,
    until,
)

__all__ = ["edition_1", "settings"]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="sees in /proc which processes are left"
)

STEPS = (
    "starting",
    "reading",
    "embedding",
    "writing",
    "verifying",
    "publishing",
    "published",
)
# A busy machine kills later than was meant; so many hit a running ingestion anyway.
LEAST_HITS = 2
LONG_STEPS = ("reading", "embedding", "writing")
SEED = 20
_SHORT = 0.0005

# Kills the command just before an event of Python's audit: the first of its kind or the
# first since it began to remove a generation; see `sys.addaudithook`.
KILLED_AT = textwrap.dedent(
    """
    import os, signal, sys

    kind, sign, counts = sys.argv.pop(1), sys.argv.pop(1), not int(sys.argv.pop(1))

    def watch(event, args):
        global counts
        counts = counts or (event == "shutil.rmtree" and "generations" in str(args))
        if counts and event == kind and sign in str(args):
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    import cli

    cli.main()
    """
)


class Watch:
    """Tells from what lies on disk how far an ingestion has come."""

    def __init__(self, settings: Settings, pid: int) -> None:
        """Remember what lay there before; the process must have only just begun."""
        self._index = settings.index_dir
        self._before = set(generations(settings))
        self._holder = f"process {pid} "

    def step(self) -> int:
        """Return the position in `STEPS` of what it is doing."""
        started = (self._index / "ingest.holder").read_text().startswith(self._holder)
        if not started:
            return 0
        names = {path.name for path in (self._index / "generations").iterdir()}
        drafts = names - self._before
        if not drafts:
            return 1
        (name,) = drafts
        draft = self._index / "generations" / name
        if (self._index / "current").read_text().strip() == name:
            return 6
        if (self._index / "current.new").exists():
            return 5
        if (draft / "manifest.json").exists():
            return 4
        has_vectors = any(path.is_dir() for path in (draft / "chroma").glob("*"))
        return 3 if has_vectors else 2


@pytest.fixture(scope="module")
def full(edition_1, tmp_path_factory) -> Settings:
    """Return an index that keeps all it may, so that the next edition removes one.

    Copy it, never ingest into it.
    """
    settings = copy_of(edition_1, tmp_path_factory.mktemp("full"))
    for edition in range(2, KEPT_GENERATIONS + 1):
        publish_edition(settings, edition)
    return settings


def usable(settings: Settings, embedder) -> int:
    """Open what is published as a reader does; return which edition answers."""
    with closing(KnowledgeBase(settings, embedder)) as kb:
        return asked(kb)


def lengths_of_steps(settings: Settings) -> list[float]:
    """Ingest to the end; return how many seconds each step took."""
    process = begin(arguments(settings, "ingest"))
    watch = Watch(settings, process.pid)
    begins = {0: time.monotonic()}

    def finished() -> bool:
        begins.setdefault(watch.step(), time.monotonic())
        return process.poll() is not None

    until(finished, _SHORT)
    assert end(process).code == 0
    begins[len(STEPS)] = time.monotonic()
    for step in reversed(range(len(STEPS))):  # one may be too short to be seen
        begins.setdefault(step, begins[step + 1])
    return [begins[step + 1] - begins[step] for step in range(len(STEPS))]


def killed_in(settings: Settings, step: int, delay: float) -> int:
    """Kill an ingestion some time after a step has begun; return the step it hit."""
    process = begin(arguments(settings, "ingest"))
    try:
        watch = Watch(settings, process.pid)
        until(lambda: watch.step() >= step, 0.005)
        moment = time.monotonic() + delay
        until(lambda: time.monotonic() >= moment, _SHORT)
        is_too_late = process.poll() is not None
        kill(process)
        until(lambda: not left_over(process))
    finally:
        end_session(process)
    return len(STEPS) if is_too_late else watch.step()


def test_ingest_when_it_is_killed_at_any_moment(settings, embedder, record_property):
    """After a kill in each long step an index answers whole; one run mends all.

    The moments of the short ones, which publish, are those of the next test.
    """
    chance = random.Random(SEED)
    write_edition(settings.corpus_dir, 2)
    lengths = lengths_of_steps(settings)
    assert usable(settings, embedder) == 2
    hits: Counter[str] = Counter()
    answering = 2
    steps = [STEPS.index(name) for name in LONG_STEPS]
    for step in steps:
        edition = 3 + step
        write_edition(settings.corpus_dir, edition)
        hit = killed_in(settings, step, chance.uniform(0, lengths[step]))
        hits[(*STEPS, "after its end")[hit]] += 1
        # Whatever has been published is whole, and nothing else is named current.
        is_published = hit >= STEPS.index("published")
        answering = edition if is_published else answering
        assert usable(settings, embedder) == answering, STEPS[step]
    record_property("kills", dict(hits))
    record_property("lengths", [round(length, 3) for length in lengths])
    assert len(steps) - hits["after its end"] >= LEAST_HITS, hits

    write_edition(settings.corpus_dir, 99)
    outcome = run(arguments(settings, "ingest"))
    assert (outcome.code, "Traceback" in outcome.stderr) == (0, False), outcome.stderr
    assert usable(settings, embedder) == 99
    assert_tidy(settings)


@pytest.mark.parametrize(
    ("event", "sign", "is_published"),
    [
        ("open", "manifest.json', 'w'", False),
        ("open", "current.new', 'w'", False),
        ("os.rename", "current.new", False),
        ("shutil.rmtree", "generations", True),
        ("os.remove", "data_level0.bin", True),
        ("os.rmdir", "", True),
    ],
    ids=[
        "before the manifest",
        "before the new pointer",
        "before the pointer is replaced",
        "before tidying",
        "in the middle of a removal",
        "when a folder is empty",
    ],
)
def test_ingest_when_it_is_killed_just_then(
    full, tmp_path, embedder, event, sign, is_published
):
    """Old or new answers, whole; the same ingestion again ends what was begun."""
    settings, new = copy_of(full, tmp_path), KEPT_GENERATIONS + 1
    write_edition(settings.corpus_dir, new)
    program = [sys.executable, "-c", KILLED_AT, event, sign, str(int(is_published))]
    process = begin(arguments(settings, "ingest"), program=program)
    try:
        assert end(process).code == -signal.SIGKILL
        until(lambda: not left_over(process))
    finally:
        end_session(process)
    assert usable(settings, embedder) == (new if is_published else new - 1)
    assert ingest(settings, RecordingProgress()).unchanged == is_published
    assert usable(settings, embedder) == new
    assert_tidy(settings)


def assert_tidy(settings: Settings) -> None:
    """Fail when an ingestion has left something that nobody needs."""
    assert generations(settings) == FolderStorage(settings.index_dir).complete()
    assert len(generations(settings)) == KEPT_GENERATIONS
    names = {path.name for path in settings.index_dir.iterdir()}
    assert names - {"ingest.lock", "ingest.holder"} == {
        "cache.sqlite",
        "current",
        "generations",
    }
    with closing(sqlite3.connect(settings.index_dir / "cache.sqlite")) as cache:
        assert cache.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
