"""An index on a Chroma server: what it holds, and what is left after failures."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest

from ingest import ingest
from ingest.publishing import rollback
from kb import KnowledgeBase
from kb.errors import (
    IndexDamagedError,
    IndexNotFoundError,
    StorageUnavailableError,
)
from kb.index.embed import Embedder
from kb.records import hit_record
from kb.settings import Settings
from kb.storage import ServerStorage
from kb.types import Query
from tests.support.chroma_server import (
    HOST,
    ChromaServer,
)
from tests.support.fakes import RecordingProgress
from tests.support.server_index import (
    COST,
    chroma_client,
    collections,
    collections_of,
    no_connections_left,
    publish,
    server,
    settings,
    untimed,
    write_edition,
    writer,
)

__all__ = ["no_connections_left", "server", "settings"]

ROOT = Path(__file__).parents[2]
QUERIES = [
    COST,
    Query("Was kosteten das Rohr und die Wärmepumpe in Beispielstadt?"),
    Query("How do pupils get to school?"),
    Query("What is the factory paid for its heat?"),
    Query("What went wrong?", cities=("sampleby",)),
    Query("Who lends money for solar roofs?", themes=("financing",)),
    Query("Which pizza topping tastes best?"),
    Query("bricks", cities=("exampleton",)),
]


# Python may find a dropped client of Chroma while a test still runs.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <:ResourceWarning")


@pytest.fixture
def storage(settings: Settings) -> Iterator[ServerStorage]:
    """The storage that ``settings`` name."""
    with closing(ServerStorage.connect(settings)) as connected:
        yield connected


# The same as in a folder


@pytest.fixture(scope="module")
def both(
    tiny_index: Settings,
    tmp_path_factory: pytest.TempPathFactory,
    server: ChromaServer,
    embedder: Embedder,
) -> Iterator[tuple[KnowledgeBase, KnowledgeBase]]:
    """Knowledge bases of the same corpus: of a folder, and of the server."""
    made = writer(tiny_index, tmp_path_factory.mktemp("both"), server)
    publish(made)
    with (
        closing(KnowledgeBase(tiny_index, embedder)) as of_folder,
        closing(KnowledgeBase(made, embedder)) as of_server,
    ):
        yield of_folder, of_server


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.text)
def test_hits_and_answers_are_those_of_a_folder(both, query):
    """A question gets the same hits and the same answer from folder and server."""
    of_folder, of_server = both
    of_both = [
        [hit_record(hit) for hit in kb.search(query)] for kb in (of_folder, of_server)
    ]
    assert of_both[1] == of_both[0]
    assert untimed(of_server.ask(query)) == untimed(of_folder.ask(query))


def test_the_questions_have_answers_and_refusals(both):
    """What is compared between folder and server is not all of one kind."""
    _, of_server = both
    assert {of_server.ask(query).abstained for query in QUERIES} == {True, False}
    assert all(of_server.search(query) for query in QUERIES)


def test_cases_and_coverage_are_those_of_a_folder(both):
    """Lists, whole cases and coverage are the same from folder and server."""
    of_folder, of_server = both
    assert of_server.cities == of_folder.cities
    assert of_server.themes == of_folder.themes
    assert of_server.cases() == of_folder.cases()
    assert of_server.coverage() == of_folder.coverage()
    for case in of_folder.cases():
        assert of_server.full_case(case.case_id) == of_folder.full_case(case.case_id)


def test_an_unchanged_corpus_is_not_published_again(settings, storage):
    """A second ingestion of the same corpus writes nothing on the server."""
    before = storage.current()
    report = ingest(settings, RecordingProgress())
    assert report.unchanged
    assert storage.complete() == [before]
    assert collections(settings) == collections_of(before)


# What is kept


def test_three_generations_are_kept(settings, storage):
    """After four publications the published one and the two before are there."""
    names = [storage.current()]
    for edition in (1, 2, 3):
        write_edition(settings, edition)
        names.append(publish(settings))
    assert storage.complete() == names[1:]
    assert storage.current() == names[3]
    assert collections(settings) == collections_of(*names[1:])


def test_collections_of_other_programs_stay(settings, storage):
    """Tidying leaves alone what other programs keep in the same database."""
    others = {"notes", "mentorkb-notes", "mentorkb.backup", "other.20260101T0-1.cases"}
    with closing(chroma_client(settings)) as client:
        for name in others:
            client.create_collection(name, embedding_function=None)
        client.get_collection("notes", embedding_function=None).add(
            ids=["a"], embeddings=[[1.0, 2.0]], documents=["a made-up note"]
        )
        for edition in (1, 2):
            write_edition(settings, edition)
            publish(settings)
        assert collections(settings) == collections_of(*storage.complete()) | others
        notes = client.get_collection("notes", embedding_function=None).get()
    assert notes["documents"] == ["a made-up note"]


def test_a_second_database_is_independent(
    tiny_index, tmp_path, server, settings, storage
):
    """Publishing in one database changes nothing in another on the same server."""
    before, held = storage.current(), collections(settings)
    other = writer(tiny_index, tmp_path / "other", server)
    assert collections(other) == set()
    write_edition(other, 1)
    published = publish(other)
    assert (storage.current(), storage.complete()) == (before, [before])
    assert collections(settings) == held
    assert collections(other) == collections_of(published)


@pytest.mark.parametrize("setting", ["chroma_tenant", "chroma_database"])
def test_an_unknown_tenant_or_database_is_named(settings, embedder, setting):
    """The error for a wrong name shows the name, and the setting to correct."""
    wrong = settings.model_copy(update={setting: "nowhere-known"})
    with pytest.raises(StorageUnavailableError) as caught:
        KnowledgeBase(wrong, embedder)
    assert "nowhere-known" in caught.value.reason
    assert f"KB_{setting.upper()}" in caught.value.remedy


def test_an_empty_server_asks_for_an_ingestion(tiny_index, tmp_path, server, embedder):
    """Where nothing is published, the error says where and what to do."""
    empty = writer(tiny_index, tmp_path, server)
    with pytest.raises(IndexNotFoundError) as caught:
        KnowledgeBase(empty, embedder)
    assert f"{HOST}:{server.port}" in caught.value.reason
    assert "mentorkb ingest" in caught.value.remedy
    assert collections(empty) == set()


# Half-written generations


def ingest_and_die(
    corpus_dir: str, index_dir: str, url: str, database: str, moment: str
) -> None:
    """Ingest in this process, which is killed at a moment. Run in one of its own."""
    settings = Settings.model_validate(
        {
            "corpus_dir": corpus_dir,
            "index_dir": index_dir,
            "chroma_url": url,
            "chroma_database": database,
        }
    )
    if moment == _WHILE_WRITING:
        ingest(settings, DyingProgress())
    methods = {
        "before the files": "_store",
        "before the manifest": "_write",
        "before it is published": "publish",
        "before tidying": "tidy",
    }
    setattr(ServerStorage, methods[moment], _die)
    ingest(settings, RecordingProgress())


_WHILE_WRITING = "between two collections"


class DyingProgress(RecordingProgress):
    """Ends the process once the first vectors are on the server."""

    def advance(self, n: int) -> None:
        """See `ingest.Progress.advance`."""
        super().advance(n)
        if self.steps[-1][0] == "Writing the index":
            _die()


def _die(*_: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def run_until_death(settings: Settings, moment: str) -> None:
    """Run an ingestion that is killed at a moment."""
    temporary = settings.index_dir.parent / "temporary"  # it cannot tidy up itself
    temporary.mkdir(exist_ok=True)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from tests.integration.test_server_storage import "
            "ingest_and_die; ingest_and_die(*sys.argv[1:])",
            settings.corpus_dir,
            settings.index_dir,
            str(settings.chroma_url),
            settings.chroma_database,
            moment,
        ],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    "moment", [_WHILE_WRITING, "before the files", "before the manifest"]
)
def test_a_killed_ingestion_leaves_nothing_for_long(
    settings, storage, embedder, moment
):
    """The old index answers after a kill; the next ingestion removes the remains."""
    old = storage.current()
    write_edition(settings, 1)
    with closing(KnowledgeBase(settings, embedder)) as reader:
        run_until_death(settings, moment)
        assert collections(settings) > collections_of(old), "nothing was begun"
        assert (storage.current(), storage.complete()) == (old, [old])
        assert "edition" not in reader.ask(COST).statements[0].text
    with closing(KnowledgeBase(settings, embedder)) as late_reader:
        assert "edition" not in late_reader.ask(COST).statements[0].text
    new = publish(settings)
    assert storage.complete() == [old, new]
    assert collections(settings) == collections_of(old, new)


def test_a_kill_before_publishing_is_invisible(settings, storage, embedder):
    """A generation that is complete but was never published is read by nobody."""
    old = storage.current()
    write_edition(settings, 1)
    run_until_death(settings, "before it is published")
    assert storage.current() == old
    assert len(storage.complete()) == 2, "it was not complete"
    with closing(KnowledgeBase(settings, embedder)) as reader:
        assert "edition" not in reader.ask(COST).statements[0].text
        new = publish(settings)
        assert "edition 1" in reader.ask(COST).statements[0].text
    assert storage.complete() == [old, new]
    assert collections(settings) == collections_of(old, new)
    assert rollback(settings).taken.generation == old


def test_a_kill_before_tidying_only_delays_it(settings, storage, embedder):
    """Published is published; what was not tidied goes with the next ingestion."""
    for edition in (1, 2, 3):
        write_edition(settings, edition)
        run_until_death(settings, "before tidying")
    assert len(storage.complete()) == 4
    with closing(KnowledgeBase(settings, embedder)) as reader:
        assert "edition 3" in reader.ask(COST).statements[0].text
    *_, second, before = storage.complete()
    write_edition(settings, 4)
    new = publish(settings)
    assert storage.complete() == [second, before, new]
    assert collections(settings) == collections_of(second, before, new)


def test_a_failed_verification_leaves_nothing(settings, storage, monkeypatch):
    """A generation that fails its verification is gone, and rollback knows it not."""
    first = storage.current()
    write_edition(settings, 1)
    second = publish(settings)

    def fail(*_: object) -> NoReturn:
        raise IndexDamagedError("a made-up reason.", "Nothing.")

    monkeypatch.setattr("ingest.building.verify", fail)
    write_edition(settings, 2)
    with pytest.raises(IndexDamagedError, match="a made-up reason"):
        publish(settings)
    assert (storage.current(), storage.complete()) == (second, [first, second])
    assert collections(settings) == collections_of(first, second)


# The packed files


def _files(client: Any, generation: str) -> Any:
    return client.get_collection(f"mentorkb.{generation}.files")


def _alter(client: Any, generation: str) -> None:
    files = _files(client, generation)
    piece = files.get(ids=["0"])["metadatas"][0]["piece"]
    altered = ("0" if piece[0] != "0" else "1") + piece[1:]
    files.update(ids=["0"], metadatas=[{"piece": altered}])


def _garble(client: Any, generation: str) -> None:
    _files(client, generation).update(ids=["0"], metadatas=[{"piece": "no base 85 ✗"}])


def _lose_piece(client: Any, generation: str) -> None:
    _files(client, generation).delete(ids=["0"])


def _lose_files(client: Any, generation: str) -> None:
    client.delete_collection(f"mentorkb.{generation}.files")


def _lose_vectors(client: Any, generation: str) -> None:
    client.delete_collection(f"mentorkb.{generation}.cases")


def _lose_one_vector(client: Any, generation: str) -> None:
    statements = client.get_collection(f"mentorkb.{generation}.statements")
    statements.delete(ids=statements.get(limit=1)["ids"])


def _garble_manifest(client: Any, generation: str) -> None:
    client.get_collection("mentorkb").update(
        ids=[generation], metadatas=[{"manifest": "{"}]
    )


DAMAGES = [
    _alter,
    _garble,
    _lose_piece,
    _lose_files,
    _lose_vectors,
    _lose_one_vector,
    _garble_manifest,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_generation_is_refused(
    settings, storage, embedder, damage, tmp_path, monkeypatch
):
    """A reader refuses a damaged generation and keeps the old; the remedy mends it.

    No copies of the refused generation's files are left.
    """
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    with closing(KnowledgeBase(settings, embedder)) as reader:
        old = untimed(reader.ask(COST))
        write_edition(settings, 1)
        new = publish(settings)
        with closing(chroma_client(settings)) as client:
            damage(client, new)
        assert untimed(reader.ask(COST)) == old
        assert len(list(copies.iterdir())) == 1, "copies of the refused one are left"
        with pytest.raises(IndexDamagedError) as caught:
            KnowledgeBase(settings, embedder)
        assert "mentorkb ingest" in caught.value.remedy
        publish(settings)
        assert "edition 1" in reader.ask(COST).statements[0].text
    assert list(copies.iterdir()) == []


# Rollback


def test_rollback_publishes_the_one_before(settings, storage, embedder):
    """A running reader goes back with a rollback, and forward with an ingestion."""
    old = storage.current()
    write_edition(settings, 1)
    new = publish(settings)
    with closing(KnowledgeBase(settings, embedder)) as reader:
        assert "edition 1" in reader.ask(COST).statements[0].text
        assert rollback(settings).taken.generation == old
        assert "edition" not in reader.ask(COST).statements[0].text
        assert storage.complete() == [old, new]
        latest = publish(settings)
        assert "edition 1" in reader.ask(COST).statements[0].text
    assert storage.current() == latest


def test_rollback_to_a_damaged_generation_changes_nothing(settings, storage, embedder):
    """When the one before is damaged, the present one stays published."""
    old = storage.current()
    write_edition(settings, 1)
    new = publish(settings)
    with closing(chroma_client(settings)) as client:
        _alter(client, old)
    with pytest.raises(IndexDamagedError, match=old):
        rollback(settings)
    assert storage.current() == new
    with closing(KnowledgeBase(settings, embedder)) as reader:
        assert "edition 1" in reader.ask(COST).statements[0].text


def test_rollback_without_an_older_generation_says_so(settings, storage):
    """With one generation there is nothing to go back to."""
    only = storage.current()
    with pytest.raises(IndexNotFoundError, match="no index older"):
        rollback(settings)
    assert storage.current() == only
