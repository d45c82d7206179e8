"""One ingestion at a time: the second says who holds the index, and leaves."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys

import pytest

from ingest import ingest_in_background
from tests.support.editions import edition_1, generations, settings, write_edition
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

LOW = 10
"""The priority of an ingestion, from -20 for the highest to 19."""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="stops processes, and looks for them in /proc"
)


@pytest.fixture
def holder(settings):
    """Return an ingestion that holds the lock and has been stopped in its tracks."""
    write_edition(settings.corpus_dir, 2)
    process = begin(arguments(settings, "ingest"))
    told = settings.index_dir / "ingest.holder"
    try:
        until(lambda: told.read_text().startswith(f"process {process.pid} "))
        process.send_signal(signal.SIGSTOP)
        yield process
    finally:
        end_session(process)
        kill(process)


def test_second_ingestion_names_the_first(settings, holder):
    """It ends with 2 and tells process, host and since when; the first publishes."""
    before = generations(settings)
    outcome = run(arguments(settings, "ingest"))
    assert (outcome.code, outcome.stdout) == (2, "")
    assert re.search(
        rf"^Error: process {holder.pid} on {re.escape(socket.gethostname())}, "
        rf"since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d \S+, is writing to '.*index'\. "
        r"Wait until it has finished, then try again\.$",
        outcome.stderr,
        re.MULTILINE,
    ), outcome.stderr
    assert "Traceback" not in outcome.stderr
    os.kill(holder.pid, signal.SIGCONT)
    assert end(holder).code == 0
    assert len(generations(settings)) == len(before) + 1


def test_ingestion_gives_way(settings, holder):
    """It and its workers leave the processor to whoever answers questions."""
    running = left_over(holder)
    assert holder.pid in running
    assert all(os.getpriority(os.PRIO_PROCESS, pid) >= LOW for pid in running)


def test_ingestion_of_the_app_gives_way(settings):
    """The one that Curate starts does, too; the app itself keeps its priority."""
    own = os.getpriority(os.PRIO_PROCESS, 0)
    task = ingest_in_background(settings)
    pid = task._process.pid
    until(lambda: os.getpriority(os.PRIO_PROCESS, pid) >= LOW)
    assert os.getpriority(os.PRIO_PROCESS, 0) == own
    task.result()


def test_rollback_while_an_ingestion_runs(settings, holder):
    """It ends with 2 and names the ingestion."""
    outcome = run(arguments(settings, "rollback"))
    assert (outcome.code, outcome.stdout) == (2, "")
    assert f"Error: process {holder.pid} on " in outcome.stderr


def test_lock_is_free_when_its_holder_was_killed(settings, holder):
    """The next ingestion publishes; no process of the killed one is left."""
    kill(holder)
    until(lambda: not left_over(holder))
    outcome = run(arguments(settings, "ingest"))
    assert outcome.code == 0, outcome.stderr
    assert len(generations(settings)) == 2
