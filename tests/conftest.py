"""Fixtures that all tests share: a corpus of invented cities and an index of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from xdist.scheduler import LoadFileScheduling

from ingest import ingest
from kb.index.embed import Embedder, load_embedder
from kb.settings import ENV_PREFIX, Settings
from tests.support.fakes import RecordingProgress
from tests.support.tiny_corpus import write_tiny_corpus
from tests.support.tiny_cross_encoder import write_tiny_cross_encoder

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest
    from xdist.remote import Producer

ROOT = Path(__file__).parents[1]
_BROWSER = "tests/browser/"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> object:
    """Give a worker whole files, whose tests share what they are about.

    The browser's files go to one worker together: they share an app and a Chromium.
    """
    scheduling = LoadFileScheduling(config, log)
    scheduling._split_scope = _room_of
    return scheduling


def _room_of(nodeid: str) -> str:
    return _BROWSER if nodeid.startswith(_BROWSER) else nodeid.partition("::")[0]


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    """Keep the developer's own KB_ variables out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
            patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _own_main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take ``__main__`` back from the scripts that ``AppTest`` runs.

    It leaves them there, and the processes that read files would run them.
    """
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def tiny_corpus(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the tiny corpus and gives back its folder.

    ``tiny_corpus({"exampleton/more.md": "..."})`` adds or replaces files.
    """

    def write(extra: dict[str, str] | None = None) -> Path:
        return write_tiny_corpus(tmp_path / "corpus", extra)

    return write


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """Return the real default embedder, loaded once."""
    return load_embedder()


@pytest.fixture(scope="session")
def tiny_index(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a published index of the tiny corpus.

    The real embedder built it, once a session: read it, never ingest into it.
    """
    folder = tmp_path_factory.mktemp("tiny")
    settings = Settings(
        corpus_dir=write_tiny_corpus(folder / "corpus"), index_dir=folder / "index"
    )
    report = ingest(settings, RecordingProgress())
    assert report.exit_code == 0, report.rejected
    return settings


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project's own index, brought up to date with the shipped corpus."""
    settings = Settings(corpus_dir=ROOT / "corpus", index_dir=ROOT / ".index")
    # Of several workers one builds it; their temporary folders lie beside each other.
    with FileLock(tmp_path_factory.getbasetemp().parent / "shipped-index.lock"):
        report = ingest(settings, RecordingProgress())
    assert report.exit_code == 0, report.rejected
    return settings.index_dir


@pytest.fixture(scope="session")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny cross-encoder with random weights."""
    folder = tmp_path_factory.mktemp("model") / "tiny-cross-encoder"
    return write_tiny_cross_encoder(folder)


@pytest.fixture
def open_page(
    tiny_index: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., AppTest]]:
    """Return a function that runs a page of the app, as a session of its own.

    ``open_page("library", city="exampleton")`` runs the Library over the tiny corpus
    with that address. Feedback goes to a folder of the test.
    """
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("KB_CORPUS_DIR", str(tiny_index.corpus_dir))
    monkeypatch.setenv("KB_INDEX_DIR", str(tiny_index.index_dir))
    monkeypatch.setenv("KB_FEEDBACK_DIR", str(tmp_path / "feedback"))
    monkeypatch.setenv("KB_AUDIT_FILE", str(tmp_path / "audit.jsonl"))
    st.cache_resource.clear()

    def open_it(page: str = "ask", **address: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        for name, value in address.items():
            app.query_params[name] = value
        if page != "ask":
            app.switch_page(f"ui/{page}/{page}.py")
        app.run()
        assert not app.exception, app.exception
        return app

    yield open_it
    st.cache_resource.clear()  # closes what the test opened
