"""Dense search in a real Chroma database."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from json import JSONDecodeError

import chromadb
import httpx
import numpy as np
import pytest
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import (
    AuthorizationError,
    ChromaAuthError,
    InternalError,
    NotFoundError,
)

from kb.errors import (
    IndexDamagedError,
    IndexNotWritableError,
    KnowledgeBaseError,
    StorageUnavailableError,
)
from kb.index.vectors import VectorStore, batched_range, translated_errors

NORTH = np.array([1, 0, 0], dtype=np.float32)
EAST = np.array([0, 1, 0], dtype=np.float32)
NORTH_EAST = np.array([0.6, 0.8, 0], dtype=np.float32)
UNITS = {
    "heat": (NORTH, {"city": "exampleton", "themes": ["district-heating"]}),
    "bonds": (EAST, {"city": "exampleton", "themes": ["financing", "heating"]}),
    "bricks": (-NORTH, {"city": "sampleby", "themes": ["circular-construction"]}),
    "diary": (NORTH_EAST, {"city": "sampleby", "themes": ["citizen-engagement"]}),
}


def _fill(store, units=UNITS, collection="things"):
    vectors = np.array([vector for vector, _ in units.values()], dtype=np.float32)
    metadatas = [metadata for _, metadata in units.values()]
    store.write(collection, list(units), vectors.reshape(len(units), 3), metadatas)


def _many(n):
    """Return ``n`` unit vectors that are all different, and their ids."""
    vectors = np.random.default_rng(7).standard_normal((n, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [f"unit-{number}" for number in range(n)], vectors


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = VectorStore.open(tmp_path_factory.mktemp("store"))
    _fill(opened)
    opened.write("nothing", [], np.empty((0, 3), dtype=np.float32), [])
    yield opened
    opened.close()


def test_search_gives_cosine_similarity(store):
    """Distances become similarities, nearest first: 1 the same, -1 the opposite."""
    found = store.search("things", NORTH, 4)
    assert list(found) == ["heat", "diary", "bonds", "bricks"]
    # (1, 0, 0) . (.6, .8, 0) = .6
    assert list(found.values()) == pytest.approx([1, 0.6, 0, -1], abs=1e-6)


def test_search_gives_at_most_n(store):
    """No more than asked come back."""
    assert list(store.search("things", NORTH, 2)) == ["heat", "diary"]


@pytest.mark.parametrize(
    ("cities", "themes", "expected"),
    [
        (["sampleby"], [], ["diary", "bricks"]),
        (["sampleby", "exampleton"], [], ["heat", "diary", "bonds", "bricks"]),
        ([], ["financing"], ["bonds"]),
        ([], ["financing", "circular-construction"], ["bonds", "bricks"]),
        (["sampleby"], ["citizen-engagement", "financing"], ["diary"]),
        (["sampleby"], ["financing"], []),
        (["nowhere"], [], []),
        ([], ["heating"], ["bonds"]),
    ],
    ids=[
        "city",
        "any of two cities",
        "theme",
        "any of two themes",
        "city and any of two themes",
        "nothing has both",
        "unknown city",
        "whole theme only",
    ],
)
def test_search_with_filters(store, cities, themes, expected):
    """Filters choose before the ranking: all that pass are found, and no other."""
    found = store.search("things", NORTH, 4, cities=cities, themes=themes)
    assert list(found) == expected


@pytest.mark.parametrize("n", [0, 4, 5, 10_000], ids=str)
def test_search_when_the_number_is_unusual(store, n):
    """Nothing asked gives nothing; more asked than there are gives all."""
    assert len(store.search("things", NORTH, n)) == min(n, 4)


def test_search_when_the_collection_is_empty(store):
    """An empty collection, such as a corpus without open questions, finds nothing."""
    assert store.search("nothing", NORTH, 5) == {}
    assert store.count("nothing") == 0


def test_vectors_are_what_was_written(store):
    """Vectors come back unchanged, in float32."""
    found = store.vectors("things", ["diary", "heat"])
    assert set(found) == {"diary", "heat"}
    assert (found["diary"] == NORTH_EAST).all()
    assert found["diary"].dtype == np.float32


@pytest.mark.parametrize(
    ("ids", "expected"),
    [(["heat", "none"], {"heat"}), (["none"], set()), ([], set())],
    ids=["one of two", "none", "no ids"],
)
def test_vectors_when_ids_are_missing(store, ids, expected):
    """Ids that are not there are left out."""
    assert set(store.vectors("things", ids)) == expected


def test_search_when_the_collection_is_missing(store):
    """A missing collection is a damaged index, with its name and the remedy."""
    with pytest.raises(
        IndexDamagedError, match=r"\[cases\] does not exist.*`mentorkb ingest`"
    ):
        store.search("cases", NORTH, 1)


def test_search_when_asked_from_threads(store):
    """Threads that search at the same time all find the same."""
    alone = store.search("things", NORTH_EAST, 4)
    with ThreadPoolExecutor(8) as threads:
        together = list(
            threads.map(lambda _: store.search("things", NORTH_EAST, 4), range(100))
        )
    assert all(found == alone for found in together)


def test_write_when_there_are_many(tmp_path):
    """More vectors than fit into one batch are all there, each found by itself."""
    ids, vectors = _many(2_300)
    store = VectorStore.open(tmp_path)
    told: list[int] = []
    store.write(
        "things", ids, vectors, [{"city": "exampleton"}] * len(ids), told.append
    )
    assert told == [1_000, 1_000, 300]
    assert store.count("things") == 2_300
    for number in (0, 999, 1_000, 1_001, 2_299):
        found = store.search("things", vectors[number], 1)
        assert list(found) == [ids[number]]
    store.close()


def test_search_is_exact_enough(tmp_path):
    """The approximate index finds the true nearest, for as many as are asked for."""
    ids, vectors = _many(1_500)
    store = VectorStore.open(tmp_path)
    store.write("things", ids, vectors, [{"city": "exampleton"}] * len(ids))
    wanted = vectors[0]
    exact = np.argsort(-(vectors @ wanted), kind="stable")[:300]
    found = store.search("things", wanted, 300)
    assert len(found) == 300
    missed = {ids[position] for position in exact} - set(found)
    assert len(missed) <= 3  # 1 percent
    store.close()


def test_store_when_closed_and_opened_again(tmp_path):
    """What was written is there after closing, and searches as before."""
    first = VectorStore.open(tmp_path)
    _fill(first)
    before = first.search("things", NORTH_EAST, 4)
    first.close()
    second = VectorStore.open(tmp_path)
    assert second.search("things", NORTH_EAST, 4) == before
    second.close()


def test_write_when_the_collection_is_there(tmp_path):
    """A collection is written once: nobody adds to a published one by mistake."""
    store = VectorStore.open(tmp_path)
    _fill(store)
    with pytest.raises(KnowledgeBaseError, match="already exists"):
        _fill(store)
    assert store.count("things") == len(UNITS)
    store.close()


def test_write_when_there_is_nothing_to_tell(tmp_path):
    """An empty collection has no progress."""
    store = VectorStore.open(tmp_path)
    told: list[int] = []
    store.write("things", [], np.empty((0, 3), dtype=np.float32), [], told.append)
    assert told == []
    store.close()


@pytest.fixture
def client(tmp_path):
    """A Chroma database that several stores share."""
    opened = chromadb.PersistentClient(
        str(tmp_path / "shared"), settings=ChromaSettings(anonymized_telemetry=False)
    )
    yield opened
    VectorStore(opened).close()


def test_stores_of_one_database_are_apart(client):
    """Stores with different prefixes hold different things under the same name."""
    first = VectorStore(client, "kb.one.", owns_client=False)
    second = VectorStore(client, "kb.two.", owns_client=False)
    _fill(first)
    _fill(second, {"bonds": UNITS["bonds"]})
    assert (first.count("things"), second.count("things")) == (4, 1)
    assert list(second.search("things", NORTH, 4)) == ["bonds"]
    assert set(second.vectors("things", ["heat", "bonds"])) == {"bonds"}
    names = {collection.name for collection in client.list_collections()}
    assert names == {"kb.one.things", "kb.two.things"}


def test_close_leaves_a_shared_client_open(client):
    """Who shares a client does not close it for the others."""
    first = VectorStore(client, "kb.one.", owns_client=False)
    second = VectorStore(client, "kb.two.", owns_client=False)
    _fill(first)
    _fill(second)
    first.close()
    assert list(second.search("things", NORTH, 1)) == ["heat"]


ANSWER = httpx.Response(503, request=httpx.Request("GET", "http://chroma.example"))


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (httpx.ConnectError("refused"), StorageUnavailableError),
        (httpx.ReadTimeout("slow"), StorageUnavailableError),
        (
            httpx.HTTPStatusError("503", request=ANSWER.request, response=ANSWER),
            StorageUnavailableError,
        ),
        (AuthorizationError("no"), StorageUnavailableError),
        (ChromaAuthError("no"), StorageUnavailableError),
        (Exception("<html>Bad gateway"), StorageUnavailableError),
        (JSONDecodeError("no JSON", "<html>", 0), StorageUnavailableError),
        (NotFoundError("Collection [x] does not exist"), IndexDamagedError),
        (InternalError("hnsw segment"), IndexDamagedError),
        (InternalError("database or disk is full"), IndexNotWritableError),
        (InternalError("readonly database"), IndexNotWritableError),
        (InternalError("disk I/O error"), IndexNotWritableError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else repr(value)[:30],
)
def test_translated_errors(raised, expected):
    """Whatever Chroma raises becomes one of our errors, with a remedy."""
    with pytest.raises(expected) as caught, translated_errors():
        raise raised
    assert caught.value.remedy
    assert caught.value.__cause__ is raised


@pytest.mark.parametrize(
    "raised", [ValueError("ours"), KeyError("ours"), KeyboardInterrupt()], ids=repr
)
def test_translated_errors_leaves_others_alone(raised):
    """A mistake of ours, or Ctrl+C, is not taken for one of Chroma's."""
    with pytest.raises(type(raised)) as caught, translated_errors():
        raise raised
    assert caught.value is raised


def test_translated_errors_of_long_answers():
    """A page of HTML from a proxy is cut in the message."""
    page = Exception("<html>\n" * 1_000)  # as Chroma's client raises it
    with (
        pytest.raises(StorageUnavailableError, match="…") as caught,
        translated_errors(),
    ):
        raise page
    assert len(str(caught.value)) < 400


def test_close_lets_the_folder_be_replaced(tmp_path):
    """After closing, another database can take the folder's place."""
    folder = tmp_path / "chroma"
    first = VectorStore.open(folder)
    _fill(first)
    first.close()
    shutil.rmtree(folder)
    second = VectorStore.open(folder)
    _fill(second, {"bonds": UNITS["bonds"]})
    assert list(second.search("things", NORTH, 4)) == ["bonds"]
    second.close()


def test_close_leaves_other_stores_open(tmp_path):
    """Closing one generation's database does not disturb another's."""
    first, second = (VectorStore.open(tmp_path / name) for name in ("one", "two"))
    _fill(first)
    _fill(second)
    first.close()
    assert list(second.search("things", NORTH, 1)) == ["heat"]
    second.close()


def test_close_leaves_another_reader_of_the_same_folder_open(tmp_path):
    """Two readers of one folder do not know of each other: one closes, one reads."""
    writer = VectorStore.open(tmp_path)
    _fill(writer)
    first, second = VectorStore.open(tmp_path), VectorStore.open(tmp_path)
    first.close()
    assert list(second.search("things", NORTH, 1)) == ["heat"]
    second.close()
    writer.close()


def _harm_half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _harm_header(path):
    path.write_bytes(b"not a database" * 1_000)


@pytest.mark.parametrize("harm", [_harm_half, _harm_header], ids=["cut", "overwritten"])
def test_search_when_the_database_is_damaged(tmp_path, harm):
    """A damaged database is an error of ours with the remedy, not one of Chroma's."""
    store = VectorStore.open(tmp_path)
    ids, vectors = _many(500)
    store.write("things", ids, vectors, [{"city": "exampleton"}] * len(ids))
    store.close()
    harm(tmp_path / "chroma.sqlite3")
    for _ in range(2):  # Chroma keeps what it failed to start and errs otherwise then
        with pytest.raises(IndexDamagedError, match="`mentorkb ingest`"):
            VectorStore.open(tmp_path).search("things", vectors[0], 1)


@pytest.mark.parametrize(
    ("n", "size", "batches"),
    [(0, 2, []), (2, 2, [[0, 1]]), (5, 2, [[0, 1], [2, 3], [4]])],
    ids=["nothing", "just full", "a rest"],
)
def test_batched_range(n, size, batches):
    """Positions come in order, in lists of at most the given size."""
    assert list(batched_range(n, size)) == batches
