"""What the corpus holds now, and the digests by which a change is noticed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ingest.corpus import file_digests, read_corpus_state
from ingest.limits import MB, Limits
from kb.errors import CorpusError
from kb.settings import Settings
from tests.support.fakes import within_seconds
from tests.support.tiny_corpus import write_tiny_corpus

LIMITS = Limits.of(Settings())
BRICKS = "sampleby/borrowed-bricks.md"
DIARY = "sampleby/walking-diary.pdf"


@pytest.fixture
def corpus(tmp_path):
    """Return a copy of the tiny corpus that a test may change."""
    return write_tiny_corpus(tmp_path / "corpus")


def digest_of(corpus: Path, *others: str, **settings: object) -> str:
    """Return the digest of the corpus as it is now."""
    state = read_corpus_state(
        Settings.model_validate({"corpus_dir": corpus, **settings}), *others
    )
    return state.digest


def changed_files(corpus: Path, before: dict[str, str]) -> list[str]:
    """Return the files whose digests differ from earlier ones."""
    now = read_corpus_state(Settings(corpus_dir=corpus)).digests
    assert now.keys() == before.keys()
    return [path for path in now if now[path] != before[path]]


def append(path: Path, text: str = "\n") -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_read_corpus_state(corpus):
    """Every case file has its place and a digest, by its path; sidecars have none."""
    state = read_corpus_state(Settings(corpus_dir=corpus))
    assert list(state.paths) == [
        "exampleton/biscuit-heat.md",
        "exampleton/sunday-bonds.md",
        BRICKS,
        DIARY,
    ]
    assert state.paths[DIARY] == corpus / "sampleby" / "walking-diary.pdf"
    assert state.digests.keys() == state.paths.keys()
    assert len(set(state.digests.values())) == 4
    assert list(state.registry.cities) == ["exampleton", "sampleby"]
    assert state.unusable == []


def test_read_corpus_state_when_files_cannot_be_used(corpus):
    """A file that is no case file is kept apart, with the reason."""
    (corpus / "notes.md").touch()
    state = read_corpus_state(Settings(corpus_dir=corpus))
    assert [problem.path for problem in state.unusable] == ["notes.md"]
    assert len(state.digests) == 4


def test_read_corpus_state_when_there_is_no_corpus(tmp_path):
    """A corpus that is not there is an error and not an empty corpus."""
    with pytest.raises(CorpusError, match="does not exist"):
        read_corpus_state(Settings(corpus_dir=tmp_path / "none"))


def test_digest_when_the_corpus_is_copied(corpus, tmp_path):
    """A copy elsewhere, with other times, has the same digests."""
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(corpus, copy, copy_function=shutil.copyfile)
    os.utime(copy / BRICKS, (0, 0))
    assert digest_of(copy) == digest_of(corpus)
    assert (
        read_corpus_state(Settings(corpus_dir=copy)).digests
        == read_corpus_state(Settings(corpus_dir=corpus)).digests
    )


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        (BRICKS, [BRICKS]),
        (DIARY, [DIARY]),
        (f"{DIARY}.yaml", [DIARY]),
        ("cities.yaml", []),
        ("themes.yaml", []),
    ],
    ids=["Markdown", "PDF", "sidecar", "cities", "themes"],
)
def test_digest_when_a_file_changes(corpus, edited, expected):
    """Every byte counts for the whole, and for the file that it belongs to."""
    state = read_corpus_state(Settings(corpus_dir=corpus))
    append(corpus / edited)
    assert digest_of(corpus) != state.digest
    assert changed_files(corpus, state.digests) == expected


def test_digest_when_a_sidecar_is_removed(corpus):
    """A document without its front matter is another one than with it."""
    before = read_corpus_state(Settings(corpus_dir=corpus)).digests
    (corpus / f"{DIARY}.yaml").unlink()
    assert changed_files(corpus, before) == [DIARY]


@pytest.mark.parametrize(
    "act",
    [
        lambda corpus: (corpus / BRICKS).unlink(),
        lambda corpus: (corpus / BRICKS).rename(corpus / "sampleby" / "bricks.md"),
        lambda corpus: shutil.copy(corpus / BRICKS, corpus / "exampleton"),
        lambda corpus: (corpus / "notes.md").touch(),
        lambda corpus: (corpus / "sampleby" / "x.md").symlink_to("nowhere"),
    ],
    ids=["removed", "renamed", "copied", "in no city", "broken link"],
)
def test_digest_when_the_list_of_files_changes(corpus, act):
    """What is there, and what cannot be used, counts beside what the files hold."""
    before = digest_of(corpus)
    act(corpus)
    assert digest_of(corpus) != before


def test_digest_when_only_a_readme_changes(corpus):
    """What is no case and no registry does not count."""
    before = digest_of(corpus)
    (corpus / "README.md").write_text("Hello")
    (corpus / "sampleby" / ".notes.md").write_text("Hello")
    assert digest_of(corpus) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("file_mb", 1),
        ("file_expanded_mb", 1),
        ("file_pages", 1),
        ("file_seconds", 1),
        ("file_memory_mb", 512),
    ],
)
def test_digest_when_a_limit_changes(corpus, name, value):
    """A file that was over a limit may be within another, so that it is tried again."""
    assert digest_of(corpus, **{name: value}) != digest_of(corpus)


def test_digest_when_something_else_shapes_the_index(corpus):
    """Whatever else the caller names counts, each part apart."""
    digests = {
        digest_of(corpus, *others) for others in ((), ("a",), ("b",), ("a", "b"))
    }
    assert len(digests) == 4


def test_file_digests_when_a_file_is_too_large(corpus):
    """A file over the limit is not read; its size stands for it."""
    limits = Limits(MB, MB, 1, 1, MB)
    large = corpus / "sampleby" / "large.pdf"
    digests = set()
    for size, byte in ((MB + 1, b"a"), (MB + 1, b"b"), (MB + 2, b"a")):
        large.write_bytes(byte * size)
        (digest,) = file_digests([large], corpus, limits).values()
        digests.add(digest)
    assert len(digests) == 2
    large.write_bytes(b"a" * MB)
    (at_the_limit,) = file_digests([large], corpus, limits).values()
    large.write_bytes(b"b" * MB)
    assert file_digests([large], corpus, limits) != {"sampleby/large.pdf": at_the_limit}


def test_file_digests_when_a_file_is_gone(corpus):
    """A file that has just been removed has a digest of that, not an error."""
    gone = corpus / BRICKS
    (before,) = file_digests([gone], corpus, LIMITS).values()
    gone.unlink()
    (after,) = file_digests([gone], corpus, LIMITS).values()
    assert before != after


@pytest.mark.parametrize("kind", ["pipe", "folder", "broken link"])
def test_file_digests_when_a_sidecar_is_no_file(corpus, kind):
    """What has the name of a sidecar and is none is not opened: a pipe would wait."""
    sidecar = corpus / f"{DIARY}.yaml"
    (before,) = file_digests([corpus / DIARY], corpus, LIMITS).values()
    sidecar.unlink()
    if kind == "pipe":
        os.mkfifo(sidecar)
    elif kind == "folder":
        sidecar.mkdir()
    else:
        sidecar.symlink_to("nowhere")
    with within_seconds(5):
        (after,) = file_digests([corpus / DIARY], corpus, LIMITS).values()
    assert after != before


def test_file_digests_when_a_text_moves_between_document_and_sidecar(corpus):
    """Document and sidecar are digested apart: what one loses is not the other's."""
    document, sidecar = corpus / DIARY, corpus / f"{DIARY}.yaml"
    document.write_bytes(b"one")
    sidecar.write_bytes(b"two")
    (one,) = file_digests([document], corpus, LIMITS).values()
    document.write_bytes(b"onet")
    sidecar.write_bytes(b"wo")
    (other,) = file_digests([document], corpus, LIMITS).values()
    assert one != other
