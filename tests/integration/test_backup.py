"""A backup, taken while the app writes, and brought back elsewhere."""

from __future__ import annotations

import json
import shutil
import stat
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import only_writer
from kb import KnowledgeBase
from kb.errors import IndexLockedError
from kb.settings import Settings
from tests.support.processes import environment, run
from tests.unit.ui.made_up_feedback import shown
from ui.feedback import FeedbackStore
from ui.terminal.archive import BackupError
from ui.terminal.backup import back_up
from ui.terminal.restore import restore


@pytest.fixture
def installed(tiny_index: Settings, tmp_path: Path) -> Settings:
    """Return an installation with an audit log and some feedback."""
    home = tmp_path / "installed"
    shutil.copytree(tiny_index.corpus_dir, home / "corpus")
    shutil.copytree(tiny_index.index_dir, home / "index")
    settings = at(home)
    FeedbackStore(settings.feedback_dir).keep_unanswered(shown("Who pays?"))
    settings.audit_file.write_text('{"who": "a@example.org"}\n')
    return settings


@pytest.fixture
def backup(installed: Settings, tmp_path: Path) -> Path:
    back_up(installed, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def at(home: Path) -> Settings:
    return Settings(
        corpus_dir=home / "corpus",
        index_dir=home / "index",
        feedback_dir=home / "feedback",
        audit_file=home / "audit.jsonl",
    )


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_two_commands(installed, tmp_path, monkeypatch):
    """What is restored into a fresh folder answers, and is what was there."""
    home, file = tmp_path / "fresh", tmp_path / "all.zip"
    for settings, args in (
        (installed, ["backup", str(file)]),
        (at(home), ["restore", str(file)]),
    ):
        for name in ("corpus_dir", "index_dir", "feedback_dir", "audit_file"):
            monkeypatch.setenv(f"KB_{name.upper()}", str(getattr(settings, name)))
        done = run(args)
        assert done.code == 0, done.stderr
    assert environment()["KB_INDEX_DIR"] == str(home / "index")
    restored = at(home)
    assert tree(restored.corpus_dir) == tree(installed.corpus_dir)
    assert restored.audit_file.read_text() == installed.audit_file.read_text()
    (entry,) = FeedbackStore(restored.feedback_dir).entries()
    assert entry.shown.question == "Who pays?"
    with KnowledgeBase(restored) as kb, KnowledgeBase(installed) as before:
        assert kb.cases() == before.cases()
    for path in (file, restored.audit_file, *restored.feedback_dir.glob("*.sqlite")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_feedback_kept_meanwhile(installed, tmp_path):
    """Each copy is whole: all that was confirmed before it, and nothing half."""
    store, stop, kept = FeedbackStore(installed.feedback_dir), threading.Event(), [1]

    def keep() -> None:
        while not stop.wait(0.01):  # readers leave each other the file's lock
            store.keep_unanswered(shown(f"Question {kept[0]}?"))
            kept[0] += 1

    writer = threading.Thread(target=keep)
    writer.start()
    try:
        for n in range(5):
            least = kept[0] - 1  # the next may be on its way
            back_up(installed, tmp_path / f"{n}.zip")
            restored = at(tmp_path / f"restored-{n}")
            restore(restored, tmp_path / f"{n}.zip")
            assert len(FeedbackStore(restored.feedback_dir).entries()) >= least
    finally:
        stop.set()
        writer.join()


def test_not_while_an_ingestion_runs(installed, tmp_path):
    with only_writer(installed.index_dir), pytest.raises(IndexLockedError):
        back_up(installed, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_a_backup_is_not_overwritten(installed, backup):
    before = backup.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        back_up(installed, backup)
    assert backup.read_bytes() == before


def test_nothing_is_overwritten_without_a_word(installed, backup):
    """Without the option nothing is touched; with it, all is kept beside."""
    (installed.corpus_dir / "new.md").write_text("since the backup")
    before = tree(installed.corpus_dir.parent)
    with pytest.raises(BackupError, match="--replace"):
        restore(installed, backup)
    assert tree(installed.corpus_dir.parent) == before
    done = restore(installed, backup, replace=True)
    assert not (installed.corpus_dir / "new.md").exists()
    assert len(done.aside) == 4
    (corpus,) = [path for path in done.aside if path.name.startswith("corpus")]
    assert (corpus / "new.md").read_text() == "since the backup"


def changed(
    backup: Path, change: Callable[[dict[str, bytes], dict[str, object]], None]
) -> None:
    """Write a backup anew, after a change of its files and its list."""
    with zipfile.ZipFile(backup) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    listed = json.loads(files.pop("backup.json"))
    change(files, listed)
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("backup.json", json.dumps(listed))


def renamed(name: str) -> Callable[..., None]:
    def change(files, listed):
        old = "corpus/themes.yaml"
        files[name], listed["files"][name] = files.pop(old), listed["files"].pop(old)

    return change


def other_text(files, listed):
    files["corpus/themes.yaml"] = files["corpus/themes.yaml"][::-1]


def longer_text(files, listed):
    files["corpus/themes.yaml"] += b"x"


def lost_file(files, listed):
    del files["corpus/themes.yaml"]


def unlisted_file(files, listed):
    files["corpus/more.md"] = b"x"


def other_format(files, listed):
    listed["format"] = 99


def no_files(files, listed):
    del listed["files"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        *(
            (renamed(name), "no name of a backup's file")
            for name in (
                "corpus/../../outside",
                "/outside",
                "corpus//outside",
                "corpus/..\\outside",
                "corpus/C:outside",
                "elsewhere/outside",
                "corpus",
            )
        ),
        (renamed("corpus/CITIES.yaml"), "twice"),
        (other_text, "not what was backed up"),
        (longer_text, "not as it is listed"),
        (lost_file, "missing"),
        (unlisted_file, "not as it is listed"),
        (other_format, "format is 99"),
        (no_files, "cannot be read"),
    ],
)
def test_hostile_or_damaged(backup, tmp_path, change, why):
    """It is refused with the reason, and nothing is left behind."""
    changed(backup, change)
    before = set(tmp_path.iterdir())
    with pytest.raises(BackupError, match=why):
        restore(at(tmp_path / "fresh" / "deep"), backup)
    assert set(tmp_path.iterdir()) - {tmp_path / "fresh"} == before
    assert not tree(tmp_path / "fresh") if (tmp_path / "fresh").exists() else True


def test_a_link_is_written_as_a_file(backup, tmp_path):
    """Nothing in a backup makes a link, whatever its entry claims to be."""
    with zipfile.ZipFile(backup) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, content)
    restored = at(tmp_path / "fresh")
    restore(restored, backup)
    assert not any(path.is_symlink() for path in (tmp_path / "fresh").rglob("*"))


@pytest.mark.parametrize("kept", [0, 10, 1000])
def test_cut(backup, tmp_path, kept):
    backup.write_bytes(backup.read_bytes()[:kept])
    with pytest.raises(BackupError, match="damaged"):
        restore(at(tmp_path / "fresh"), backup)
    assert not (tmp_path / "fresh").exists()


def test_flipped_bytes(backup, tmp_path):
    content = bytearray(backup.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(
        b ^ 255 for b in content[middle : middle + 64]
    )
    backup.write_bytes(content)
    with pytest.raises(BackupError):
        restore(at(tmp_path / "fresh"), backup)
    assert not tree(tmp_path / "fresh")


def test_link_in_the_corpus_is_told(installed, tmp_path):
    (installed.corpus_dir / "away.md").symlink_to("/etc/hostname")
    done = back_up(installed, tmp_path / "a.zip")
    assert any("away.md" in told for told in done.left_out)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert not any("away" in name for name in archive.namelist())
