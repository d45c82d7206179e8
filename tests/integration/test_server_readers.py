"""Readers of an index on a Chroma server: moving on, outages, TLS, the commands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import trustme

from ingest import ingest
from kb import KnowledgeBase
from kb.errors import StorageUnavailableError
from kb.records import answer_record, hit_record
from kb.settings import Settings
from kb.storage import ServerStorage
from kb.storage.base import KEPT_GENERATIONS
from kb.types import Query
from tests.support import commands
from tests.support.chroma_server import (
    HOST,
    ChromaServer,
    free_port,
    silent_server,
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
from tests.support.slow_way import slow_way
from tests.support.tls_proxy import TlsProxy, tls_proxy

__all__ = ["no_connections_left", "server", "settings"]

ROOT = Path(__file__).parents[2]
HEAT = Query("What does the biscuit factory heat, and what did it cost?")
N_READERS = 2
PAUSE_S = 0.2
"""Between two rounds of a reader: without it, nothing else has the processor."""
N_EDITIONS = 4
WITHIN_S = 120
NOTHING_DONE = 2


# Python may find a dropped client of Chroma while a test still runs.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <:ResourceWarning")


@pytest.fixture
def own_server(server: ChromaServer) -> Iterator[ChromaServer]:
    """The server for a test that may stop it; for the next one it runs again."""
    yield server
    server.start()


def reader_of(settings: Settings, **changes: object) -> Settings:
    """Return what a reader elsewhere is given: the server, and no folder."""
    return Settings.model_validate(
        {
            "corpus_dir": "/nowhere/corpus",
            "index_dir": "/nowhere/index",
            "chroma_url": settings.chroma_url,
            "chroma_database": settings.chroma_database,
        }
        | changes
    )


# Without a folder


def test_a_reader_needs_the_address_only(settings, embedder, tmp_path, monkeypatch):
    """A reader makes no index folder, and its copies are gone after closing."""
    copies, nowhere = tmp_path / "copies", tmp_path / "nowhere"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    elsewhere = reader_of(settings, index_dir=nowhere / "index")
    with closing(KnowledgeBase(elsewhere, embedder)) as reader:
        assert reader.ask(COST).statements
        first = list(copies.iterdir())
        assert len(first) == 1
        write_edition(settings, 1)
        publish(settings)
        assert "edition 1" in reader.ask(COST).statements[0].text
        second = list(copies.iterdir())
        assert len(second) == 1
        assert second != first
    assert list(copies.iterdir()) == []
    assert not nowhere.exists()


def test_reading_changes_nothing_on_the_server(settings, embedder):
    """A reader leaves no collection and no record behind."""
    before = collections(settings)
    with closing(KnowledgeBase(reader_of(settings), embedder)) as reader:
        reader.ask(COST)
        reader.search(COST)
    assert collections(settings) == before


# Far away

_DELAY_S = 0.1
_MOST_ROUNDS = 8
"""Ways to the server and back that a question may take, one after the other."""


def _seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes at best: other things run here, too."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


@pytest.mark.parametrize("query", [COST, Query("What was done with heat?")], ids=str)
def test_question_when_the_server_is_far_away(settings, embedder, server, query):
    """What a question needs is asked for at once, not one after the other."""
    with slow_way(server.port) as way:
        far = reader_of(settings, chroma_url=way.url)
        with closing(KnowledgeBase(far, embedder)) as reader:
            reader.ask(query)
            near = _seconds(lambda: reader.ask(query))
            way.delay_s = _DELAY_S
            assert _seconds(lambda: reader.ask(query)) - near < _MOST_ROUNDS * _DELAY_S


def test_looks_at_the_server_when_one_generation_is_held(settings, embedder, server):
    """However much is asked in a block, one request looks what is published."""
    with slow_way(server.port) as way:
        far = reader_of(settings, chroma_url=way.url)
        with closing(KnowledgeBase(far, embedder)) as reader:
            reader.ask(COST)
            way.paths.clear()
            with reader.hold():
                assert reader.cities and reader.themes and reader.library()
                assert reader.manifest and reader.full_case("exampleton/biscuit-heat")
            assert len(way.paths) == 1
            with reader.hold():
                before = reader.ask(COST).statements[0].text
                write_edition(settings, 1)
                publish(settings)
                assert reader.ask(COST).statements[0].text == before
            assert "edition 1" in reader.ask(COST).statements[0].text


def test_register_when_it_is_made_anew(settings, embedder, server):
    """A reader finds a register that was deleted and published into again."""
    with closing(KnowledgeBase(reader_of(settings), embedder)) as reader:
        reader.ask(COST)
        with closing(chroma_client(settings)) as client:
            client.delete_collection("mentorkb")
        write_edition(settings, 1)
        publish(settings)
        assert "edition 1" in reader.ask(COST).statements[0].text


# While it is published


def read_in_a_loop(url: str, database: str, told: str, stop: str) -> None:
    """Ask until the file ``stop`` is there, and once more; run in a process of its own.

    One line in the file ``told`` a question: the records of its answer and hits.
    """
    settings = Settings.model_validate({"chroma_url": url, "chroma_database": database})
    settings = reader_of(settings)
    with (
        closing(KnowledgeBase(settings)) as kb,
        Path(told).open("w", encoding="utf-8") as out,
    ):
        last = False
        while not last:
            last = Path(stop).exists()
            records = [
                answer_record(kb.ask(COST)),
                [hit_record(hit) for hit in kb.search(HEAT, 3)],
                answer_record(kb.ask(HEAT)),
            ]
            for record in records:
                print(json.dumps(record), file=out, flush=True)
            time.sleep(PAUSE_S)


def start_reader(settings: Settings, told: Path, stop: Path) -> subprocess.Popen[str]:
    """Start a process that reads in a loop."""
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from tests.integration.test_server_readers import "
            "read_in_a_loop; read_in_a_loop(*sys.argv[1:])",
            str(settings.chroma_url),
            settings.chroma_database,
            told,
            stop,
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def _wait_for_answers(told: Path, process: subprocess.Popen[str], more: int) -> None:
    """Wait until a reader has told ``more`` answers from now on."""
    deadline = time.monotonic() + WITHIN_S
    wanted = _n_lines(told) + more
    while _n_lines(told) < wanted and process.poll() is None:
        assert time.monotonic() < deadline, "the reader does not answer"
        time.sleep(0.02)


def _n_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _editions(line: str) -> set[int]:
    """Return which editions of the heating case a record quotes."""
    return {int(n) for n in re.findall(r"In edition (\d+):", line)}


def test_readers_elsewhere_move_on_without_a_failed_question(
    tiny_index, tmp_path, server
):
    """Two processes ask while four editions are published; none fails or mixes."""
    settings = writer(tiny_index, tmp_path, server)
    write_edition(settings, 0)
    names = [publish(settings)]
    stop = tmp_path / "stop"
    told = [tmp_path / f"told-{n}" for n in range(N_READERS)]
    with ExitStack() as started:
        readers = [
            started.enter_context(start_reader(settings, path, stop)) for path in told
        ]
        started.callback(stop.touch)
        for edition in range(1, N_EDITIONS):
            for path, process in zip(told, readers, strict=True):
                _wait_for_answers(path, process, more=3)
            write_edition(settings, edition)
            names.append(publish(settings))
        stop.touch()
        errors = [process.communicate(timeout=WITHIN_S)[1] for process in readers]
    assert errors == [""] * N_READERS
    assert [process.returncode for process in readers] == [0] * N_READERS
    for path in told:
        quoted = [
            _editions(line) for line in path.read_text(encoding="utf-8").splitlines()
        ]
        assert all(len(editions) == 1 for editions in quoted)
        order = [edition for editions in quoted for edition in editions]
        assert order == sorted(order)
        assert set(order) >= {0, N_EDITIONS - 1}
        assert order[-3:] == [N_EDITIONS - 1] * 3
    assert collections(settings) == collections_of(*names[-KEPT_GENERATIONS:])


def test_threads_of_an_idle_reader_move_on_together(settings, embedder):
    """Questions at once after two publications: none meets the removed generation."""
    with (
        closing(KnowledgeBase(reader_of(settings), embedder)) as reader,
        ThreadPoolExecutor(4) as threads,
    ):
        reader.ask(COST)
        for edition in (1, 2, 3):
            write_edition(settings, edition)
            publish(settings)
        answers = list(threads.map(reader.ask, [COST] * 8))
    assert ["edition 3" in a.statements[0].text for a in answers] == [True] * 8


# When the server is away


def _assert_helpful(error: StorageUnavailableError) -> None:
    assert "Chroma server" in error.reason
    assert "KB_CHROMA_URL" in error.remedy
    assert "\n" not in str(error)


def test_an_outage_ends_without_a_restart(tiny_index, tmp_path, own_server, embedder):
    """While the server is away questions fail with a remedy; then they work again."""
    settings = writer(tiny_index, tmp_path, own_server)
    publish(settings)
    with closing(KnowledgeBase(reader_of(settings), embedder)) as reader:
        before = untimed(reader.ask(COST))
        own_server.stop()
        for _ in range(2):
            with pytest.raises(StorageUnavailableError) as caught:
                reader.ask(COST)
            _assert_helpful(caught.value)
        with pytest.raises(StorageUnavailableError, match="Chroma server"):
            KnowledgeBase(reader_of(settings), embedder)
        own_server.start()
        assert untimed(reader.ask(COST)) == before
        write_edition(settings, 1)
        publish(settings)
        assert "edition 1" in reader.ask(COST).statements[0].text


def test_an_outage_amid_a_move_keeps_the_old_generation(
    tiny_index, tmp_path, own_server, embedder, monkeypatch
):
    """When the server goes while a reader moves, the reader moves after its return."""
    settings = writer(tiny_index, tmp_path, own_server)
    publish(settings)
    with closing(KnowledgeBase(reader_of(settings), embedder)) as reader:
        write_edition(settings, 1)
        publish(settings)
        fetch = ServerStorage._fetch

        def stop_and_fetch(self: ServerStorage, name: str, n_pieces: int) -> bytes:
            own_server.stop()
            return fetch(self, name, n_pieces)

        with monkeypatch.context() as patch:
            patch.setattr(ServerStorage, "_fetch", stop_and_fetch)
            with pytest.raises(StorageUnavailableError, match="Chroma server"):
                reader.ask(COST)
        own_server.start()
        assert "edition 1" in reader.ask(COST).statements[0].text


def test_an_outage_amid_an_ingestion_publishes_nothing(
    tiny_index, tmp_path, own_server, embedder, monkeypatch
):
    """When the server goes while it is written to, the old generation stays."""
    settings = writer(tiny_index, tmp_path, own_server)
    old = publish(settings)
    write_edition(settings, 1)
    store = ServerStorage._store

    def stop_and_store(self: ServerStorage, name: str, archive: bytes) -> int:
        own_server.stop()
        return store(self, name, archive)

    with monkeypatch.context() as patch:
        patch.setattr(ServerStorage, "_store", stop_and_store)
        with pytest.raises(StorageUnavailableError) as caught:
            ingest(settings, RecordingProgress())
    _assert_helpful(caught.value)
    own_server.start()
    assert collections(settings) > collections_of(old), "nothing was begun"
    with closing(KnowledgeBase(reader_of(settings), embedder)) as reader:
        assert "edition" not in reader.ask(COST).statements[0].text
    new = publish(settings)
    assert collections(settings) == collections_of(old, new)


def test_a_silent_server_does_not_hang_a_running_reader(
    tiny_index, tmp_path, own_server, embedder, monkeypatch
):
    """A server that takes the question and never answers is given up, then used."""
    monkeypatch.setattr("kb.storage.server._TIMEOUT_S", 0.5)
    settings = writer(tiny_index, tmp_path, own_server)
    publish(settings)
    with (
        closing(KnowledgeBase(reader_of(settings), embedder)) as reader,
        ThreadPoolExecutor(1) as thread,
    ):
        own_server.stop()
        with silent_server(own_server.port):
            error = thread.submit(reader.ask, COST).exception(timeout=30)
        assert isinstance(error, StorageUnavailableError)
        _assert_helpful(error)
        own_server.start()
        assert reader.ask(COST).statements


def test_a_silent_server_does_not_hang_the_start(embedder, monkeypatch):
    """A server that never answers is given up when a reader starts, too."""
    monkeypatch.setattr("kb.storage.server._TIMEOUT_S", 0.5)
    with ThreadPoolExecutor(1) as thread, silent_server() as url:
        settings = Settings.model_validate({"chroma_url": url})
        error = thread.submit(KnowledgeBase, settings, embedder).exception(timeout=30)
    assert isinstance(error, StorageUnavailableError)
    _assert_helpful(error)


# TLS and the header


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this process and its children trust."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


@pytest.fixture
def proxy(server: ChromaServer, authority: trustme.CA) -> Iterator[TlsProxy]:
    """A proxy with TLS before the server."""
    with tls_proxy(server.port, authority) as running:
        yield running


SECRET = "Bearer open-sesame-4711"
DEMANDED = ("Authorization", SECRET)


def test_an_index_is_written_and_read_through_tls(
    tiny_index, tmp_path, server, proxy, embedder
):
    """With https and the demanded header, ingestion and questions work."""
    proxy.demanded = DEMANDED
    direct = writer(tiny_index, tmp_path, server)
    secured = Settings.model_validate(
        direct.model_dump()
        | {"chroma_url": proxy.url, "chroma_header": f"Authorization: {SECRET}"}
    )
    publish(secured)
    with closing(KnowledgeBase(secured, embedder)) as reader:
        assert reader.ask(COST).statements
    assert proxy.forwarded > 0
    assert proxy.refused == 0


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Authorization: Bearer wrong-guess-0815",
        f"X-Token: {SECRET}",
    ],
)
def test_a_refused_header_is_not_shown(settings, proxy, embedder, header):
    """The error for a wrong or missing header says what to check, never the value."""
    proxy.demanded = DEMANDED
    wrong = reader_of(settings, chroma_url=proxy.url, chroma_header=header)
    with pytest.raises(StorageUnavailableError) as caught:
        KnowledgeBase(wrong, embedder)
    assert "KB_CHROMA_HEADER" in caught.value.remedy
    shown = f"{caught.value} {wrong!r}"
    assert "wrong-guess" not in shown
    assert "sesame" not in shown
    assert proxy.forwarded == 0


def test_a_header_refused_later_is_not_shown(settings, proxy, embedder):
    """A running reader whose header is not accepted any more fails, and recovers."""
    proxy.demanded = DEMANDED
    secured = reader_of(
        settings, chroma_url=proxy.url, chroma_header=f"Authorization: {SECRET}"
    )
    with closing(KnowledgeBase(secured, embedder)) as reader:
        assert reader.ask(COST).statements
        proxy.demanded = ("Authorization", "another")
        with pytest.raises(StorageUnavailableError) as caught:
            reader.ask(COST)
        assert "sesame" not in str(caught.value)
        assert "KB_CHROMA_HEADER" in caught.value.remedy
        proxy.demanded = DEMANDED
        assert reader.ask(COST).statements


def test_an_unknown_certificate_is_refused(settings, proxy, embedder, monkeypatch):
    """Without the proxy's authority among the trusted ones nothing is sent."""
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(StorageUnavailableError) as caught:
        KnowledgeBase(reader_of(settings, chroma_url=proxy.url), embedder)
    _assert_helpful(caught.value)
    assert (proxy.forwarded, proxy.refused) == (0, 0)


# The commands


def mentorkb(settings: Settings, *args: object) -> subprocess.CompletedProcess[str]:
    """Run a command with the settings' server."""
    return commands.run(*args, **variables_of(settings))


def variables_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which commands use the settings' server."""
    return {
        "KB_CHROMA_URL": str(settings.chroma_url),
        "KB_CHROMA_DATABASE": settings.chroma_database,
        "KB_CORPUS_DIR": str(settings.corpus_dir),
        "KB_INDEX_DIR": str(settings.index_dir),
    }


def parsed(done: subprocess.CompletedProcess[str]):
    """Return the JSON on stdout, after checking the exit code."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_commands_use_the_server(settings, embedder):
    """Status, search, ask, coverage, ingest and rollback meet the server's index."""
    elsewhere = reader_of(settings)
    with closing(KnowledgeBase(elsewhere, embedder)) as reader:
        old = reader.manifest.generation
        answer = untimed(reader.ask(COST))
        hits = [hit_record(hit) for hit in reader.search(COST)]
        assert parsed(mentorkb(elsewhere, "status", "--json"))["generation"] == old
        asked = parsed(mentorkb(elsewhere, "ask", COST.text, "--json"))
        assert asked | {"timings_ms": {}} == answer
        assert parsed(mentorkb(elsewhere, "search", COST.text, "--json")) == hits
        rows = parsed(mentorkb(elsewhere, "coverage", "--json"))
        assert len(rows) == len(reader.coverage())
        write_edition(settings, 1)
        report = parsed(mentorkb(settings, "ingest", "--json"))
        assert reader.manifest.generation == report["generation"] != old
        back = parsed(mentorkb(settings, "rollback", "--json"))
        assert reader.manifest.generation == back["generation"] == old
        assert untimed(reader.ask(COST)) == answer
    assert not (settings.index_dir / "generations").exists()
    assert not (settings.index_dir / "current").exists()


@pytest.mark.parametrize(
    "command", [("status",), ("ask", "Who heats?"), ("ingest",), ("rollback",)]
)
def test_a_command_without_its_server_says_so(tiny_index, tmp_path, command):
    """With no server at the address a command ends with 2 and one clear message."""
    absent = Settings.model_validate(
        {
            "corpus_dir": tiny_index.corpus_dir,
            "index_dir": tmp_path / "index",
            "chroma_url": f"http://{HOST}:{free_port()}",
        }
    )
    done = mentorkb(absent, *command)
    assert done.returncode == NOTHING_DONE
    assert done.stdout == ""
    assert "Error: " in done.stderr
    assert "Chroma server" in done.stderr
    assert "KB_CHROMA_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_debug_log_does_not_show_the_header(server, proxy):
    """Not even the traceback of --debug shows the value of the header."""
    proxy.demanded = DEMANDED
    wrong = Settings.model_validate({"chroma_url": proxy.url})
    secret = {"KB_CHROMA_HEADER": "X-Token: Bearer wrong-guess-0815"}
    done = subprocess.run(
        [sys.executable, "-c", "import cli; cli.main()", "--debug", "status"],
        cwd=ROOT,
        env=os.environ | commands.PLAIN | variables_of(wrong) | secret,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert done.returncode == NOTHING_DONE
    assert "Traceback" in done.stderr
    assert "wrong-guess" not in done.stderr + done.stdout


def test_an_evaluation_of_another_corpus_leaves_the_server_alone(
    settings, embedder, tmp_path
):
    """What `eval` builds for a corpus of its own is not published to readers."""
    before = collections(settings)
    corpus = settings.corpus_dir.rename(tmp_path / "other-corpus")
    write_edition(settings.model_copy(update={"corpus_dir": corpus}), 1)
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "judged.qrels"
    queries.write_text(json.dumps({"qid": "q1", "text": COST.text}) + "\n", "utf-8")
    qrels.write_text("q1 0 exampleton/biscuit-heat 1\n", "utf-8")
    done = mentorkb(
        settings,
        "eval",
        "run",
        "--system=bm25",
        f"--corpus={corpus}",
        f"--queries={queries}",
        f"--qrels={qrels}",
    )
    assert done.returncode == 0, done.stderr
    assert collections(settings) == before
    with closing(KnowledgeBase(reader_of(settings), embedder)) as reader:
        assert "edition" not in reader.ask(COST).statements[0].text
