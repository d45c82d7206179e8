"""`mentorkb doctor` names what is wrong, and changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest

from kb.settings import Settings
from tests.support.chroma_server import silent_server
from tests.support.commands import run
from ui.terminal import doctor


@pytest.fixture
def settings(
    tiny_index: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Return an installation that the test may harm."""
    copy = Settings(
        corpus_dir=tmp_path / "corpus",
        index_dir=tmp_path / "index",
        feedback_dir=tmp_path / "feedback",
    )
    shutil.copytree(tiny_index.corpus_dir, copy.corpus_dir)
    shutil.copytree(tiny_index.index_dir, copy.index_dir)
    monkeypatch.setenv("KB_FEEDBACK_DIR", str(copy.feedback_dir))
    return copy


def examined(settings: Settings) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Return the exit code and the findings by part."""
    corpus, index = settings.corpus_dir, settings.index_dir
    done = run("doctor", "--json", f"--corpus={corpus}", f"--index={index}")
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(done.stdout):
        found.setdefault(finding.pop("part"), []).append(finding)
    return done.returncode, found


def only_wrong(settings: Settings) -> dict[str, Any]:
    """Return the one finding that is wrong, with its part."""
    code, found = examined(settings)
    assert code == 1
    ((part, finding),) = [
        (part, finding)
        for part, findings in found.items()
        for finding in findings
        if finding["verdict"] == "wrong"
    ]
    return finding | {"part": part}


def test_sound_installation(settings):
    """Everything is said to be well, down to a question, and nothing is made."""
    code, found = examined(settings)
    assert code == 0
    assert {finding["verdict"] for each in found.values() for finding in each} == {"ok"}
    assert "is answered in" in found["question"][0]["told"]
    assert not settings.feedback_dir.exists()


def test_installation_for_people(settings):
    """On a terminal each finding is a line, what is wrong in capitals."""
    shutil.rmtree(settings.index_dir)
    done = run(
        "doctor", f"--corpus={settings.corpus_dir}", f"--index={settings.index_dir}"
    )
    assert done.returncode == 1
    (line,) = [li for li in done.stdout.splitlines() if li.startswith("WRONG")]
    assert "there is no index" in line and "Run `mentorkb ingest`" in line


def test_corpus_that_differs(settings):
    """What is not published yet is a note, with the commands for it."""
    (path,) = settings.corpus_dir.glob("exampleton/biscuit-heat.md")
    path.write_text(path.read_text() + "\n- More. [^S1]\n")
    code, found = examined(settings)
    assert code == 0
    (finding,) = found["corpus"]
    assert finding["verdict"] == "note" and "mentorkb ingest" in finding["remedy"]


@pytest.mark.parametrize(
    ("harm", "part", "told"),
    [
        (lambda s: next(s.index_dir.rglob("vocab*.json")).unlink(), "index", "missing"),
        (lambda s: (s.corpus_dir / "cities.yaml").unlink(), "corpus", "cities.yaml"),
        (lambda s: _damaged_feedback(s.feedback_dir), "feedback", "cannot be read"),
        (lambda s: _newer_feedback(s.feedback_dir), "feedback", "newer version"),
        (lambda s: s.feedback_dir.mkdir(mode=0o755), "permissions", "others"),
    ],
    ids=[
        *("file lost", "registry lost", "feedback damaged", "feedback of later"),
        "feedback open to others",
    ],
)
def test_part_that_is_wrong(settings, harm, part, told):
    """Each is found, with what to do; what depends on it is not told as well."""
    harm(settings)
    before = sorted(str(path) for path in settings.feedback_dir.parent.rglob("*"))
    finding = only_wrong(settings)
    assert finding["part"] == part
    assert told in finding["told"] and finding["remedy"]
    after = sorted(str(path) for path in settings.feedback_dir.parent.rglob("*"))
    assert before == after


def test_part_that_cannot_be_examined(settings, caplog):
    """The remedy names --debug, which shows where it failed."""

    def broken(_: Settings) -> NoReturn:
        raise RuntimeError("unforeseen")

    with caplog.at_level("DEBUG", logger=doctor.logger.name):
        (finding,) = doctor._found("disk", broken, settings)
    assert finding.verdict == "wrong" and "--debug" in finding.remedy
    assert "RuntimeError: unforeseen" in caplog.text


def test_feedback_that_was_never_kept(settings):
    """An empty file is no damage: the app fills it."""
    settings.feedback_dir.mkdir(mode=0o700)
    (settings.feedback_dir / "feedback.sqlite").touch()
    (finding,) = doctor._found("feedback", doctor._feedback, settings)
    assert finding.verdict == "ok"


def _newer_feedback(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    with closing(sqlite3.connect(folder / "feedback.sqlite")) as db:
        db.execute("CREATE TABLE entries (place)")
        db.execute("PRAGMA user_version = 99")


def _damaged_feedback(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    with closing(sqlite3.connect(folder / "feedback.sqlite")) as db:
        db.execute("CREATE TABLE entries (place)")
    raw = bytearray((folder / "feedback.sqlite").read_bytes())
    raw[:16] = b"rubbish rubbish!"
    (folder / "feedback.sqlite").write_bytes(raw)


def test_server_that_says_nothing(settings, monkeypatch):
    """A Chroma server that is away is named once as such, and where it matters."""
    with silent_server() as url:
        monkeypatch.setattr("kb.storage.server._TIMEOUT_S", 1.0)
        monkeypatch.setenv("KB_CHROMA_URL", url)
        code, found = examined(settings)
    assert code == 1
    assert found["server"][0]["verdict"] == "wrong"
    assert "Chroma server" in found["server"][0]["told"]
    assert "question" not in found


def test_corpus_that_may_only_be_read(settings):
    """It is a note for whoever wonders why Curate cannot save."""
    if os.getuid() == 0:
        pytest.skip("an administrator may write everywhere")
    settings.corpus_dir.chmod(0o555)
    _, found = examined(settings)
    settings.corpus_dir.chmod(0o755)
    assert "may only be read" in found["corpus"][0]["told"]
