"""Fixtures that all tests share: a corpus of invented cities and an index of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import ingest
from kb.embed import Embedder, load_embedder
from kb.settings import ENV_PREFIX, Settings
from tests.fakes import RecordingProgress
from tests.tiny_corpus import write_tiny_corpus

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    """Keep the developer's own KB_ variables out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
            patch.delenv(name)
        yield


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
def shipped_index() -> Path:
    """Return the project's own index, brought up to date with the shipped corpus."""
    settings = Settings(corpus_dir=ROOT / "corpus", index_dir=ROOT / ".index")
    report = ingest(settings, RecordingProgress())
    assert report.exit_code == 0, report.rejected
    return settings.index_dir
