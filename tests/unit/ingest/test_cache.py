"""The vector cache: what is computed, what is kept, what survives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.cache import VectorCache
from tests.fakes import FakeEmbedder


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
        """See `kb.embed.Embedder.embed_passages`."""
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
