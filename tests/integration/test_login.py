"""Logging in at a real OpenID Connect provider, and what each role may do then."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from kb.settings import Settings
from tests.support.login import logged_in, login, provider, shown_to
from tests.support.processes import (
    MENTORKB,
    ROOT,
    environment,
    free_port,
    until_listening,
)
from tests.support.sessions import page_session


@dataclass(frozen=True)
class App:
    """The app behind a login."""

    port: int

    @property
    def own(self) -> str:
        """How browsers name it."""
        return f"http://127.0.0.1:{self.port}"

    def headers_of(self, person: str) -> dict[str, str]:
        """Return the headers of a person who has logged in."""
        with httpx.Client(timeout=60) as browser:
            return logged_in(
                self.own, person, browser, partial(page_session, self.port)
            )

    def shown_to(self, headers: dict[str, str]) -> str:
        """Return what whoever sends headers is shown."""
        return shown_to(headers, partial(page_session, self.port))


@pytest.fixture(scope="module")
def app(
    tiny_index: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """Start a provider with some people, and the app with a login."""
    folder, app = tmp_path_factory.mktemp("login"), App(free_port())
    with provider() as address:
        variables = login(folder, app.own, address) | {
            "KB_INDEX_DIR": str(tiny_index.index_dir),
            "KB_CORPUS_DIR": str(tiny_index.corpus_dir),
            "KB_FEEDBACK_DIR": str(folder / "feedback"),
        }
        process = subprocess.Popen(
            [str(MENTORKB), "serve", "--port", str(app.port)],
            env=environment() | variables,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until_listening(app.port, process)
            yield app
        finally:
            process.kill()
            process.wait()


def test_nobody_reads_without_a_login(app):
    """Neither pages nor the part that curates show anything before the login."""
    told = app.shown_to({"Origin": app.own})
    assert "Please log in" in told
    assert "Exampleton" not in told
    assert "file_uploader" not in told


@pytest.mark.parametrize("person", ["by-address", "by-role"])
def test_curator(app, person):
    """Curators, listed by address or role, read and are asked for files."""
    told = app.shown_to(app.headers_of(person))
    assert "Exampleton" in told
    assert "file_uploader" in told


def test_reader(app):
    """A reader reads, and changes nothing."""
    told = app.shown_to(app.headers_of("reader"))
    assert "Exampleton" in told
    assert "Only curators can change the cases" in told
    assert "file_uploader" not in told


@pytest.mark.parametrize("person", ["pretender", "stranger"])
def test_who_is_not_listed(app, person):
    """An account is not enough, nor an address that the provider does not vouch for."""
    told = app.shown_to(app.headers_of(person))
    assert "you may not read the cases" in told
    assert "Exampleton" not in told


def test_forged_cookie(app):
    """Who signs a cookie herself is nobody."""
    headers = app.headers_of("by-role")
    forged = re.sub(r"(_streamlit_user=\"?.{40})....", r"\1AAAA", headers["Cookie"])
    assert forged != headers["Cookie"]
    assert "Please log in" in app.shown_to(headers | {"Cookie": forged})


def test_login_that_cannot_work(tmp_path: Path, tiny_index: Settings):
    """Nothing starts where no provider is named, nor an API that is open to all."""
    base = environment() | {
        "KB_INDEX_DIR": str(tiny_index.index_dir),
        "KB_LOGIN": "on",
        "HOME": str(tmp_path),
    }
    streamlit = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    for command, remedy in (
        ([str(MENTORKB), "serve", f"--port={free_port()}"], "secrets.toml lacks"),
        ([*streamlit, f"--server.port={free_port()}"], "secrets.toml lacks"),
        ([str(MENTORKB), "serve", f"--port={free_port()}", "--api"], "KB_API_KEY"),
        ([str(MENTORKB), "api", f"--port={free_port()}"], "KB_API_KEY"),
    ):
        done = subprocess.run(
            command,
            env=base,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode != 0
        assert remedy in done.stderr
