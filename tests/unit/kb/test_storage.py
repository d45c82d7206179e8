"""Which generations are kept, and the record that describes one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import IndexDamagedError, IndexMismatchError, IndexNotFoundError
from kb.index.manifest import (
    FORMAT_VERSION,
    dump_manifest,
    parse_manifest,
)
from kb.settings import Settings
from kb.storage import FolderStorage, published, storage_of
from kb.storage.base import lineage, superfluous
from kb.types import Problem
from tests.support import made_up

MANIFEST = replace(
    made_up.MANIFEST,
    generation="one",
    rejected=(Problem("a/Ü.md", 3, "date", "error", "no date.", "Add it."),),
)


def _text(**changes: object) -> str:
    return made_up.changed_manifest(dump_manifest(MANIFEST), **changes)


def _stored(folder: Path, previous: dict[str, str | None]) -> FolderStorage:
    """Return a storage of complete generations, which name the ones before."""
    storage = FolderStorage(folder)
    for name, before in previous.items():
        storage.folder(name).mkdir(parents=True)
        manifest = replace(MANIFEST, generation=name, previous=before)
        (storage.folder(name) / "manifest.json").write_text(dump_manifest(manifest))
    return storage


@pytest.mark.parametrize(
    ("previous", "current", "steps", "removed"),
    [
        ({}, None, [], []),
        ({"1": None}, "1", ["1"], []),
        ({"1": None, "2": "1", "3": "2"}, "3", ["3", "2", "1"], []),
        (
            {"1": None, "2": "1", "3": "2", "4": "3"},
            "4",
            ["4", "3", "2", "1"],
            ["1"],
        ),
        # After a rollback from 3 to 2, 4 was published: 2 is what readers had.
        ({"1": None, "2": "1", "3": "2", "4": "2"}, "4", ["4", "2", "1"], ["3"]),
        ({"1": None, "2": "1", "3": "2"}, "2", ["2", "1"], ["3"]),
        ({"2": "never published", "3": "gone"}, "3", ["3"], ["2"]),
    ],
    ids=[
        "nothing",
        "one",
        "three",
        "four",
        "published after a rollback",
        "rolled back",
        "the one before is gone",
    ],
)
def test_lineage(tmp_path, previous, current, steps, removed):
    """One steps back through what was published; three of these are kept."""
    storage = _stored(tmp_path, previous)
    if current:
        storage.publish(current)
    assert list(lineage(storage)) == steps
    assert superfluous(storage) == removed


def test_lineage_when_a_manifest_is_damaged(tmp_path):
    """Where the published one does not tell, the newest older one is before it."""
    storage = _stored(tmp_path, {"1": None, "2": "1", "3": "1"})
    (storage.folder("3") / "manifest.json").write_text("{")
    storage.publish("3")
    assert list(lineage(storage)) == ["3", "2", "1"]


def test_lineage_passes_first_stages_over(tmp_path):
    """Readers had a first stage for minutes: one goes back behind it."""
    storage = _stored(tmp_path, {"1": None, "2": "1", "3": "1", "4": None})
    partial = replace(storage.manifest("2"), is_partial=True)
    (storage.folder("2") / "manifest.json").write_text(dump_manifest(partial))
    (storage.folder("3") / "manifest.json").write_text("{")
    storage.publish("3")
    assert list(lineage(storage)) == ["3", "1"]
    storage.publish("2")  # its ingestion was killed
    assert list(lineage(storage)) == ["2", "1"]


def test_manifest_comes_back_whole():
    """A manifest survives its file, with its problems and letters of all kinds."""
    text = dump_manifest(MANIFEST)
    assert parse_manifest(text, "here") == MANIFEST
    assert "Ü" in text


@pytest.mark.parametrize("version", [FORMAT_VERSION - 1, FORMAT_VERSION + 1, None])
def test_manifest_of_another_format(version):
    """Another format is told as such, whatever else its manifest holds."""
    text = json.dumps({"format_version": version, "unknown": 1})
    with pytest.raises(
        IndexMismatchError,
        match=f"format {version}, this program reads {FORMAT_VERSION}.*mentorkb ingest",
    ):
        parse_manifest(text, "here")


@pytest.mark.parametrize(
    "text",
    [
        dump_manifest(MANIFEST).replace("2026-03-01T12", "2026-03-01T13"),
        "",
        "{",
        "[]",
        "3",
        "{}",
        _text(surprise=1),
        _text(counts=None),
        _text(counts={"cases": 1}),
        _text(rejected=[{"path": "a.md"}]),
        _text(warnings=7),
    ],
    ids=[
        "changed",
        "empty",
        "cut",
        "list",
        "number",
        "no format",
        "key too many",
        "no counts",
        "too few counts",
        "half a problem",
        "no list",
    ],
)
def test_manifest_that_does_not_parse(text):
    """What is no manifest is a damaged index, with its place and the remedy."""
    with pytest.raises(IndexDamagedError, match=r"^here: .*manifest.*mentorkb ingest"):
        parse_manifest(text, "here")


def test_storage_of_a_folder(tmp_path):
    """Without the address of a server, generations lie in the index folder."""
    storage = storage_of(Settings(index_dir=tmp_path / "index"))
    assert isinstance(storage, FolderStorage)
    assert storage.folder("one") == tmp_path / "index" / "generations" / "one"
    assert storage.complete() == []
    with pytest.raises(IndexNotFoundError, match="index'.*`mentorkb ingest` first"):
        published(storage)
    assert not (tmp_path / "index").exists()


def test_current_when_it_is_published_anew(tmp_path):
    """The pointer names what was published last, and nothing is left beside it."""
    storage = FolderStorage(tmp_path)
    storage.publish("one")
    storage.publish("two")
    assert storage.current() == published(storage) == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


@pytest.mark.parametrize("content", [b"\xff\xfe", "Ü".encode()], ids=["bytes", "UTF-8"])
def test_current_when_the_pointer_is_garbled(tmp_path, content):
    """A pointer that nobody of ours wrote is damage, with its path and the remedy."""
    (tmp_path / "current").write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"current: .*name.*mentorkb ingest"):
        FolderStorage(tmp_path).current()


def test_tidy_keeps_three_and_removes_what_is_half_written(tmp_path):
    """Complete generations beyond three go, and so does everything half written."""
    storage = _stored(tmp_path, {"1": None, "2": "1", "3": "2", "4": "3"})
    storage.folder("half").mkdir()
    storage.publish("4")
    (tmp_path / "current.new").write_text("half")
    (tmp_path / "generations" / ".DS_Store").write_text("of the desktop")
    storage.tidy()
    assert storage.complete() == ["2", "3", "4"]
    assert not storage.folder("half").exists()
    assert not (tmp_path / "current.new").exists()
    assert storage.current() == "4"
