"""An index of the tiny corpus on a real Chroma server, in editions.

A module of tests imports the fixtures that it wants, `no_connections_left` at least.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import chromadb
import pytest
from chromadb.config import Settings as ChromaSettings

from ingest import ingest
from kb.records import Record, answer_record
from kb.settings import Settings
from kb.types import Answer, Query
from tests.support.chroma_server import (
    HOST,
    ChromaServer,
    chroma_server,
    collect_dropped_clients,
)
from tests.support.fakes import RecordingProgress
from tests.support.tiny_corpus import BISCUIT_HEAT

COST = Query("How much did the pipe and the heat pump cost?")
VECTORS = ("statements", "bare-statements", "cases", "open-questions")


@pytest.fixture(autouse=True)
def no_connections_left() -> Iterator[None]:
    """Keep what Chroma's client leaves open out of the tests that follow."""
    yield
    collect_dropped_clients()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A server that all tests here share; each has a database of its own."""
    with chroma_server(tmp_path_factory.mktemp("chroma")) as running:
        yield running


def new_database(server: ChromaServer) -> str:
    """Make a database on the server and return its name."""
    name = f"base-{uuid4().hex}"
    server_settings = ChromaSettings(
        chroma_api_impl="chromadb.api.fastapi.FastAPI",
        chroma_server_host=HOST,
        chroma_server_http_port=server.port,
        anonymized_telemetry=False,
    )
    chromadb.AdminClient(server_settings).create_database(name)
    return name


def chroma_client(settings: Settings) -> Any:
    """Return a client of Chroma's own, for what other programs do to the database."""
    assert settings.chroma_url is not None
    return chromadb.HttpClient(
        host=HOST,
        port=settings.chroma_url.port or 0,
        database=settings.chroma_database,
        settings=ChromaSettings(anonymized_telemetry=False),
    )


def collections(settings: Settings) -> set[str]:
    """Return the names of all collections of the settings' database."""
    with closing(chroma_client(settings)) as client:
        return {collection.name for collection in client.list_collections()}


def collections_of(*generations: str | None) -> set[str]:
    """Return which collections there should be for these generations."""
    parts = (*VECTORS, "everyday-topics", "files")
    return {"mentorkb"} | {
        f"mentorkb.{name}.{part}" for name in generations for part in parts
    }


def writer(tiny_index: Settings, folder: Path, server: ChromaServer) -> Settings:
    """Return settings for a new database, with a corpus to change and known vectors."""
    (folder / "writer").mkdir(parents=True)
    shutil.copytree(tiny_index.corpus_dir, folder / "corpus")
    shutil.copy(tiny_index.index_dir / "cache.sqlite", folder / "writer")
    return Settings.model_validate(
        {
            "corpus_dir": folder / "corpus",
            "index_dir": folder / "writer",
            "chroma_url": server.url,
            "chroma_database": new_database(server),
        }
    )


def publish(settings: Settings) -> str:
    """Ingest the corpus as it is now and return the generation's name."""
    report = ingest(settings, RecordingProgress())
    assert report.exit_code == 0, report.rejected
    assert report.generation
    return report.generation


def write_edition(settings: Settings, edition: int) -> None:
    """Change the corpus so that every bullet of one case names the edition."""
    path = settings.corpus_dir / "exampleton/biscuit-heat.md"
    text = BISCUIT_HEAT.replace("\n- ", f"\n- In edition {edition}: ")
    path.write_text(text, encoding="utf-8")


def untimed(answer: Answer) -> Record:
    """Return an answer's record without what differs from run to run."""
    return answer_record(answer) | {"timings_ms": {}}


@pytest.fixture
def settings(tiny_index: Settings, tmp_path: Path, server: ChromaServer) -> Settings:
    """The tiny corpus, published in a database of the test's own."""
    made = writer(tiny_index, tmp_path, server)
    publish(made)
    return made
