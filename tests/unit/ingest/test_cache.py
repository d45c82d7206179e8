"""The caches of vectors and documents: what is kept, and what survives."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.cache import DocumentCache, VectorCache
from ingest.documents import Units
from kb.types import Problem
from tests.support.fakes import FakeEmbedder
from tests.support.made_up import CASE, OPEN_QUESTION, PASSAGE, SOURCE, STATEMENT

SPLIT = Units(
    cases=[replace(CASE, sources=(SOURCE, replace(SOURCE, year=None)), language="sv")],
    passages=[replace(PASSAGE, page=2, text="“Ü”\n\t🧱 ½\u0301"), PASSAGE],
    statements=[STATEMENT, replace(STATEMENT, source_ids=())],
    open_questions=[OPEN_QUESTION],
)
WARNING = Problem("a/b.pdf", None, "no-text", "warning", "page 2.", "Scan it.")
READ = (SPLIT, (WARNING,))
EMPTY = (Units([CASE]), ())


@pytest.fixture
def path(tmp_path):
    """Return where the cache lies."""
    return tmp_path / "cache.sqlite"


@pytest.fixture
def cache(path: Path) -> Iterator[VectorCache]:
    """Return an open, empty cache."""
    opened = VectorCache(path)
    yield opened
    opened.close()


def ignore(_n: int) -> None:
    """Take progress and drop it."""


class FailingEmbedder(FakeEmbedder):
    """Computes the first batch and then fails."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `kb.index.embed.Embedder.embed_passages`."""
        if self.batches:
            raise RuntimeError("the power went")
        return super().embed_passages(texts)


def test_embed_when_the_cache_is_empty(cache):
    """Every text is computed; vectors come in the order of the texts."""
    embedder = FakeEmbedder()
    vectors, computed = cache.embed(["ovens", "bricks"], embedder, ignore)
    assert computed == 2
    assert vectors.dtype == np.float32
    expected = [embedder.embed_query("ovens"), embedder.embed_query("bricks")]
    np.testing.assert_array_equal(vectors, expected)


def test_embed_when_all_texts_are_known(cache):
    """Known texts are not computed again and give the same vectors."""
    first, _ = cache.embed(["ovens", "bricks"], FakeEmbedder(), ignore)
    embedder = FakeEmbedder()
    second, computed = cache.embed(["ovens", "bricks"], embedder, ignore)
    assert (computed, embedder.embedded) == (0, [])
    np.testing.assert_array_equal(first, second)


def test_embed_when_one_text_is_new(cache):
    """Only the new text is computed, and it takes its own place."""
    cache.embed(["ovens", "bricks"], FakeEmbedder(), ignore)
    embedder = FakeEmbedder()
    vectors, computed = cache.embed(["ovens", "bonds", "bricks"], embedder, ignore)
    assert (computed, embedder.embedded) == (1, ["bonds"])
    np.testing.assert_array_equal(vectors[1], embedder.embed_query("bonds"))
    np.testing.assert_array_equal(vectors[2], embedder.embed_query("bricks"))


def test_embed_when_there_are_no_texts(cache):
    """No texts give no vectors, of the right width."""
    vectors, computed = cache.embed([], FakeEmbedder(), ignore)
    assert (vectors.shape, computed) == ((0, 64), 0)


@pytest.mark.parametrize(
    "other",
    [FakeEmbedder(model_id="other"), FakeEmbedder(backend="other")],
    ids=["model", "backend"],
)
def test_embed_when_the_embedder_is_another(cache, other):
    """Vectors of another model or backend are not taken for this one's."""
    cache.embed(["ovens"], FakeEmbedder(), ignore)
    _, computed = cache.embed(["ovens"], other, ignore)
    assert computed == 1


def test_embed_when_texts_differ_in_little(cache):
    """Capitals, accents and spaces make another text."""
    texts = ["ovens", "Ovens", "ovens ", "óvens", "o\u0301vens"]
    _, computed = cache.embed(texts, FakeEmbedder(), ignore)
    assert computed == 5


def test_embed_when_the_file_is_opened_again(path):
    """Vectors outlive the process that computed them."""
    first = VectorCache(path)
    first.embed(["ovens"], FakeEmbedder(), ignore)
    first.close()
    second = VectorCache(path)
    _, computed = second.embed(["ovens"], FakeEmbedder(), ignore)
    second.close()
    assert computed == 0


def test_embed_when_many_texts_are_new(cache):
    """Texts are computed in batches of at most 32."""
    embedder = FakeEmbedder()
    cache.embed([f"text {n}" for n in range(70)], embedder, ignore)
    assert embedder.batches == [32, 32, 6]


def test_embed_when_progress_is_watched(cache):
    """Progress counts the cached texts first, then each batch."""
    texts = [f"text {n}" for n in range(40)]
    cache.embed(texts[:3], FakeEmbedder(), ignore)
    told: list[int] = []
    cache.embed(texts, FakeEmbedder(), told.append)
    # 3 cached; of the 37 others 32 and 5.
    assert told == [3, 32, 5]


def test_embed_when_the_embedder_fails_half_way(cache):
    """Batches that were finished before a failure are kept."""
    texts = [f"text {n}" for n in range(40)]
    with pytest.raises(RuntimeError, match="the power went"):
        cache.embed(texts, FailingEmbedder(), ignore)
    _, computed = cache.embed(texts, FakeEmbedder(), ignore)
    assert computed == 40 - 32


def test_embed_when_the_cache_file_is_damaged(path):
    """A damaged cache costs the time to compute again, and nothing else."""
    path.write_bytes(b"This is no database. " * 100)
    cache = VectorCache(path)
    _, computed = cache.embed(["ovens"], FakeEmbedder(), ignore)
    cache.close()
    assert computed == 1


def test_embed_when_the_model_changed_its_dimension(cache):
    """A cached vector of another length is computed again."""
    cache.embed(["ovens"], FakeEmbedder(64), ignore)
    vectors, computed = cache.embed(["ovens"], FakeEmbedder(32), ignore)
    assert (vectors.shape, computed) == ((1, 32), 1)


@pytest.fixture
def documents(path: Path) -> Iterator[DocumentCache]:
    """Return an open cache without documents."""
    with closing(DocumentCache(path)) as opened:
        yield opened


def test_documents_come_back_whole(documents):
    """What was read comes back equal in every field, under the name that asks."""
    documents.put({"key of b": READ, "key of c": EMPTY})
    found = documents.get({"b": "key of b", "c": "key of c"})
    assert found == {"b": READ, "c": EMPTY}
    assert list(found) == ["b", "c"]


def test_documents_that_are_not_there(documents):
    """Unknown keys are left out; nothing asked gives nothing."""
    documents.put({"key of b": READ})
    assert documents.get({"b": "key of b", "c": "key of c"}) == {"b": READ}
    assert documents.get({}) == {}


def test_documents_with_nearly_the_same_key(documents):
    """A key is the whole text: one sign less is another key."""
    documents.put({"a/b.md\n01\n3": READ})
    for key in ("a/b.md\n01\n", "a/b.md\n0\n13", "A/b.md\n01\n3", ""):
        assert documents.get({"b": key}) == {}


def test_documents_that_are_put_again(documents):
    """What is put last is what is kept."""
    documents.put({"key": READ})
    documents.put({"key": EMPTY})
    assert documents.get({"b": "key"}) == {"b": EMPTY}


def test_documents_that_are_not_kept(documents):
    """Documents of files that are gone or changed do not pile up."""
    documents.put({"old": READ, "new": READ})
    documents.keep_only(["new", "never seen"])
    assert documents.get({"a": "old", "b": "new"}) == {"b": READ}
    documents.keep_only([])
    assert documents.get({"b": "new"}) == {}


def test_documents_when_the_file_is_opened_again(path):
    """Documents outlive the process that read them."""
    with closing(DocumentCache(path)) as first:
        first.put({"key": READ})
    with closing(DocumentCache(path)) as second:
        assert second.get({"b": "key"}) == {"b": READ}


def test_documents_and_vectors_share_a_file(path, cache):
    """Neither cache loses what the other keeps, also when both are open."""
    cache.embed(["ovens"], FakeEmbedder(), ignore)
    with closing(DocumentCache(path)) as documents:
        documents.put({"key": READ})
        documents.keep_only(["key"])
        _, computed = cache.embed(["ovens"], FakeEmbedder(), ignore)
        assert computed == 0
        assert documents.get({"b": "key"}) == {"b": READ}


@pytest.mark.parametrize(
    "content", [b"no database. " * 100, b""], ids=["other", "none"]
)
def test_documents_when_the_cache_file_is_damaged(path, content):
    """A damaged cache is made anew, for documents as for vectors."""
    path.write_bytes(content)
    with closing(DocumentCache(path)) as documents:
        assert documents.get({"b": "key"}) == {}
        documents.put({"key": READ})
        assert documents.get({"b": "key"}) == {"b": READ}


@pytest.mark.parametrize("kind", [VectorCache, DocumentCache])
def test_cache_when_the_file_cannot_be_opened(path, kind):
    """What is no damage, such as a missing permission, is raised, nothing removed."""
    path.mkdir()
    (path / "keep.txt").touch()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        kind(path)
    assert (path / "keep.txt").exists()


def test_cache_of_the_version_before(path):
    """A file that has vectors only, as earlier versions wrote it, keeps them."""
    with closing(VectorCache(path)) as cache:
        cache.embed(["ovens"], FakeEmbedder(), ignore)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TABLE documents")
    with closing(DocumentCache(path)) as documents:
        assert documents.get({"b": "key"}) == {}
    with closing(VectorCache(path)) as cache:
        assert cache.embed(["ovens"], FakeEmbedder(), ignore)[1] == 0


def test_cache_that_is_copied(path, tmp_path):
    """A closed cache is one file: a copy of it has everything."""
    with closing(DocumentCache(path)) as documents:
        documents.put({"key": READ})
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    shutil.copy(path, tmp_path / "copy.sqlite")
    with closing(DocumentCache(tmp_path / "copy.sqlite")) as documents:
        assert documents.get({"b": "key"}) == {"b": READ}


def test_a_value_that_changes_on_disk(path):
    """A flipped byte, which SQLite does not notice, is no vector and no document."""
    embedder = FakeEmbedder()
    with closing(VectorCache(path)) as cache:
        before, _ = cache.embed(["wind", "sun"], embedder, ignore)
    with closing(DocumentCache(path)) as documents:
        documents.put({"a": READ, "b": EMPTY})
    for content in (before[0].tobytes(), b"Scan it."):
        whole = bytearray(path.read_bytes())
        whole[whole.index(content) + 5] ^= 1
        path.write_bytes(whole)

    with closing(VectorCache(path)) as cache:
        assert cache.missing(["wind", "sun"], embedder) == ["wind"]
        after, computed = cache.embed(["wind", "sun"], embedder, ignore)
    with closing(DocumentCache(path)) as documents:
        assert documents.get({"a": "a", "b": "b"}) == {"b": EMPTY}
    assert computed == 1
    assert np.array_equal(after, before)
