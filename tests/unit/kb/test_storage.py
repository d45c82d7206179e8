"""Which generations are kept, and the record that describes one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kb.errors import IndexDamagedError, IndexMismatchError, IndexNotFoundError
from kb.index.manifest import (
    FORMAT_VERSION,
    dump_manifest,
    parse_manifest,
)
from kb.settings import Settings
from kb.storage import FolderStorage, published, storage_of
from kb.storage.base import superfluous
from kb.types import Problem
from tests.support import made_up

MANIFEST = replace(
    made_up.MANIFEST,
    generation="one",
    rejected=(Problem("a/Ü.md", 3, "date", "error", "no date.", "Add it."),),
)


def _text(**changes: object) -> str:
    return json.dumps(json.loads(dump_manifest(MANIFEST)) | changes)


@pytest.mark.parametrize(
    ("complete", "current", "before", "removed"),
    [
        ([], None, None, []),
        (["1"], "1", None, []),
        (["1", "2"], "2", "1", []),
        (["1", "2", "3"], "3", "2", ["1"]),
        (["1", "2", "3", "4"], "4", "3", ["1", "2"]),
        # After a rollback from 2 to 1, 3 was published: 1 is what readers had.
        (["1", "2", "3"], "3", "1", ["2"]),
        (["1", "2", "3"], "3", None, ["1"]),
        (["1", "2", "3"], "3", "gone", ["1"]),
        (["1", "2", "3"], "1", None, ["2"]),
    ],
    ids=[
        "nothing",
        "one",
        "two",
        "three",
        "four",
        "after a rollback",
        "nothing known of before",
        "before is gone",
        "rolled back",
    ],
)
def test_superfluous(complete, current, before, removed):
    """The published generation and the one before it are kept, and no other."""
    assert superfluous(complete, current, before) == removed


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


def test_tidy_keeps_two_and_removes_what_is_half_written(tmp_path):
    """Complete generations beyond two go, and so does everything half written."""
    storage = FolderStorage(tmp_path)
    for name in ("1", "2", "3", "half"):
        storage.folder(name).mkdir(parents=True)
    for name in ("1", "2", "3"):
        text = dump_manifest(replace(MANIFEST, generation=name))
        (storage.folder(name) / "manifest.json").write_text(text)
    storage.publish("3")
    (tmp_path / "current.new").write_text("half")
    (tmp_path / "generations" / ".DS_Store").write_text("of the desktop")
    storage.tidy("2")
    assert storage.complete() == ["2", "3"]
    assert not storage.folder("half").exists()
    assert not (tmp_path / "current.new").exists()
    assert storage.current() == "3"
