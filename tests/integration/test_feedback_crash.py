"""Feedback outlasts killed processes, full disks and folders that cannot be written."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.processes import MENTORKB, begin, end, kill, run
from tests.unit.ui.made_up_feedback import shown, thumb_down
from ui.feedback import FeedbackStore, Kind

ROUNDS = 6
SEED = 5
LONGEST_SECONDS = 0.25
WRITERS = ("One", "Two")

# Keeps entries until it is killed or has kept so many; says what has been acknowledged.
# It pauses as readers do: who never lets go of a lock starves the other.
WRITER = textwrap.dedent(
    """
    import sys
    import time
    from pathlib import Path

    from tests.unit.ui.made_up_feedback import shown, thumb_down
    from ui.feedback import FeedbackStore

    folder, name, most = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    store = FeedbackStore(folder)
    for number in range(most):
        print(store.rate(thumb_down(comment=f"{name} {number}")), flush=True)
        print(store.keep_unanswered(shown(f"{name}?")), flush=True)
        time.sleep(0.01)
    """
)
# Keeps one entry where no file may become larger than so many bytes.
LIMITED = textwrap.dedent(
    """
    import resource, sys
    from pathlib import Path

    from tests.unit.ui.made_up_feedback import shown
    from ui.feedback import FeedbackError, FeedbackStore

    most = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        FeedbackStore(Path(sys.argv[1])).keep_unanswered(shown("One more?"))
    except FeedbackError as exc:
        print(exc)
    """
)
ORDINARY_USER = [
    "setpriv",
    "--inh-caps=-all",
    "--bounding-set=-dac_override,-dac_read_search,-fowner",
]


def writer(folder: Path, name: str, most: int) -> subprocess.Popen[str]:
    """Start a process that keeps entries."""
    args = [str(folder), name, str(most)]
    return begin(args, program=[sys.executable, "-c", WRITER])


def killed_after(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """Kill a writer some time after its first entry; return what it acknowledged.

    A line that it had begun to print when it was killed is none.
    """
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)  # the moment is what is drawn by chance: nothing to wait for
    process.kill()
    rest = process.stdout.read()
    kill(process)
    return [line.strip() for line in (first + rest).splitlines(True) if "\n" in line]


def assert_sound(folder: Path) -> None:
    """Fail unless the file holds together and none was put aside."""
    with closing(sqlite3.connect(folder / "feedback.sqlite")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert list(folder.glob("feedback.damaged-*")) == []


def test_entries_when_writers_are_killed(tmp_path, record_property):
    """After each of 12 kills everything that was acknowledged is still there."""
    chance = random.Random(SEED)
    folder = tmp_path / "feedback"
    acknowledged: list[str] = []
    for _ in range(ROUNDS):
        writers = [writer(folder, name, 10_000) for name in WRITERS]
        for process in writers:
            seconds = chance.uniform(0, LONGEST_SECONDS)
            acknowledged += killed_after(process, seconds)
        entries = FeedbackStore(folder).entries()
        assert set(acknowledged) <= {entry.entry_id for entry in entries}
        assert_sound(folder)
    counted = [e.times for e in entries if e.kind is Kind.UNANSWERED]
    n_ratings = sum(entry.kind is Kind.RATING for entry in entries)
    record_property("acknowledged", len(acknowledged))
    # Each acknowledged count was one more; a killed writer may have kept one unsaid.
    said = len(acknowledged)
    assert said <= n_ratings + sum(counted) <= said + ROUNDS * len(WRITERS)


def test_entries_when_two_processes_write(tmp_path):
    """Nothing is lost, and nothing counted twice, when two write at the same time."""
    folder = tmp_path / "feedback"
    writers = [writer(folder, name, 40) for name in WRITERS]
    outcomes = [end(process) for process in writers]
    assert [outcome.code for outcome in outcomes] == [0, 0], outcomes
    entries = FeedbackStore(folder).entries()
    comments = {entry.comment for entry in entries if entry.kind is Kind.RATING}
    assert comments == {f"{name} {n}" for name in WRITERS for n in range(40)}
    counted = {e.shown.question: e.times for e in entries if e.kind is not Kind.RATING}
    assert counted == {"One?": 40, "Two?": 40}
    assert_sound(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
@pytest.mark.parametrize("most", [0, 30_000])
def test_entry_when_there_is_no_room(tmp_path, most):
    """The error says what to do, and what was kept before is still there."""
    folder = tmp_path / "feedback"
    store = FeedbackStore(folder)
    ids = [store.rate(thumb_down(comment="Crumbs. " * 60)) for _ in range(60)]
    program = [sys.executable, "-c", LIMITED]
    outcome = run([str(folder), str(most)], program=program)
    assert outcome.code == 0, outcome.stderr
    assert "feedback cannot be kept or read" in outcome.stdout
    assert "Check the free space" in outcome.stdout
    assert [entry.entry_id for entry in store.entries()] == ids
    store.keep_unanswered(shown("With room?"))
    assert_sound(folder)


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="rights cannot be given up")
def test_entry_when_the_folder_is_read_only(tmp_path):
    """The error says what to do, and nothing is put aside."""
    folder = tmp_path / "feedback"
    store = FeedbackStore(folder)
    store.keep_unanswered(shown("Before?"))
    folder.chmod(0o555)
    for path in folder.iterdir():
        path.chmod(0o444)
    as_user = ORDINARY_USER if os.getuid() == 0 else []
    program = [*as_user, sys.executable, "-c", LIMITED]
    outcome = run([str(folder), "1000000"], program=program)
    assert "feedback cannot be kept or read" in outcome.stdout, outcome
    assert "permissions" in outcome.stdout
    assert [entry.shown.question for entry in store.entries()] == ["Before?"]
    assert_sound(folder)


def feedback_command(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `mentorkb feedback` over a folder."""
    return subprocess.run(
        [MENTORKB, "feedback", *options],
        env={"KB_FEEDBACK_DIR": str(folder), "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_feedback_command(tmp_path):
    """The command prints CSV, or writes it for a spreadsheet, all or what was sent."""
    store = FeedbackStore(tmp_path / "feedback")
    store.keep_unanswered(shown("Mennyi?"))
    store.send(shown("Hur många?"))
    printed = feedback_command(tmp_path / "feedback")
    rows = list(csv.DictReader(io.StringIO(printed.stdout)))
    assert [row["Question"] for row in rows] == ["Mennyi?", "Hur många?"]
    out = tmp_path / "sent.csv"
    done = feedback_command(tmp_path / "feedback", "--sent-only", "--out", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    assert f"Written: {out} (entries: 1)" in done.stderr
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert [row["Question"] for row in csv.DictReader(file)] == ["Hur många?"]


def test_feedback_command_when_it_cannot_write(tmp_path):
    """One sentence names the file and the remedy; the exit code is 2."""
    done = feedback_command(tmp_path / "none", "--out", str(tmp_path / "no" / "a.csv"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "a.csv' cannot be written (No such file or directory)" in done.stderr
    assert not (tmp_path / "none").exists()
