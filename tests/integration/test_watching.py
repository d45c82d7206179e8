"""What an operator sees of a running app: health, figures, log lines, and its end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote

import httpx
import pytest
from starlette.testclient import TestClient
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from doors import watch
from doors.metrics import registry
from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from kb.storage import published_manifest
from kb.types import Problem
from tests.support.processes import (
    MENTORKB,
    ROOT,
    environment,
    free_port,
    until,
    until_listening,
)
from tests.support.sessions import (
    ask_for,
    drawn,
    is_answered,
    page_session,
    question_field,
    to_the_end,
)
from ui import drawing
from ui.serving.watched import Watched

QUESTION = "How much did the pipe and the heat pump cost?"
QUERY = f"q={quote(QUESTION)}"
OK, NOT_FOUND, UNAVAILABLE = HTTPStatus.OK, HTTPStatus.NOT_FOUND, 503


@dataclass(frozen=True)
class App:
    """A running app."""

    port: int
    process: subprocess.Popen[str]
    figures_at: int
    log: Path

    def get(self, path: str, port: int | None = None) -> httpx.Response:
        """Ask for something over HTTP."""
        return httpx.get(f"http://127.0.0.1:{port or self.port}{path}", timeout=60)

    def until_ready(self) -> None:
        """Wait until the index is open and a question is answered."""
        until(lambda: self.get("/ready").status_code == OK, pause=0.1)

    def lines(self) -> list[dict[str, object]]:
        """Return the log lines."""
        said = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in said if line.startswith("{")]


@contextmanager
def running(settings: Settings, folder: Path, *args: str) -> Iterator[App]:
    """Run the app while the block runs; its log lies in the folder."""
    port, figures_at, log = free_port(), free_port(), folder / "log"
    variables = {
        "KB_INDEX_DIR": str(settings.index_dir),
        "KB_CORPUS_DIR": str(settings.corpus_dir),
        "KB_FEEDBACK_DIR": str(folder / "feedback"),
        "KB_METRICS": f"127.0.0.1:{figures_at}",
        "KB_LOG_FORMAT": "json",
        "KB_LOG_LEVEL": "info",
        "TMPDIR": str(folder),
    }
    with log.open("w") as output:
        process = subprocess.Popen(
            [MENTORKB, "serve", f"--port={port}", *args],
            env=environment() | variables,
            cwd="/",
            stdout=output,
            stderr=output,
            text=True,
        )
    try:
        until_listening(port, process)
        yield App(port, process, figures_at, log)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def app(
    tiny_index: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    with running(tiny_index, tmp_path_factory.mktemp("app"), "--api") as started:
        started.until_ready()
        yield started


def figures(app: App) -> dict[str, float]:
    """Return the figures by name and labels."""
    text = app.get("/metrics", app.figures_at).text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (n.rpartition(" ") for n in lines)}


def test_health_and_readiness(app):
    """A whole app lives and is ready; what Streamlit counts is shown to nobody."""
    assert app.get("/health").json() == app.get("/ready").json() == {"status": "ok"}
    assert app.get("/_stcore/metrics").status_code == NOT_FOUND


def test_figures_of_questions(app):
    """Questions of pages and programs are counted, by what became of them."""
    answered = 'mentorkb_questions_total{kind="ask",outcome="answered"}'
    refused = 'mentorkb_questions_total{kind="ask",outcome="refused"}'
    before = figures(app)
    with page_session(app.port) as page:
        drawn(page, QUERY)
    app.get(f"/v1/ask?{QUERY.replace('q=', 'question=')}")
    app.get("/v1/ask?question=heat&city=atlantis")
    after = figures(app)
    assert after[answered] - before.get(answered, 0) == 2
    assert after[refused] - before.get(refused, 0) == 1
    assert after['mentorkb_stage_seconds_count{stage="read"}'] >= 2
    assert after["mentorkb_index_age_seconds"] > 0
    assert after["mentorkb_rejected_files"] == 0
    assert after["mentorkb_requests"] == after["mentorkb_pages"] == 0
    assert after["process_resident_memory_bytes"] > 1e7


def test_readers_who_ask_together(app):
    """Each is answered; who has to wait is told her place."""
    n_readers = 4 + 2 * (os.cpu_count() or 1)
    with ExitStack() as open_pages, ThreadPoolExecutor(n_readers) as readers:
        sessions = [page_session(app.port) for _ in range(n_readers)]
        pages = [open_pages.enter_context(session) for session in sessions]
        fields = [question_field(drawn(page)) for page in pages]

        def ask(n: int) -> list[ForwardMsg]:
            return drawn(pages[n], typed={fields[n]: f"{QUESTION} {n}"})

        found = list(readers.map(ask, range(n_readers)))
    assert all(is_answered(messages) for messages in found)
    elements = [m.delta.new_element for messages in found for m in messages]
    assert any("number 1 in line" in element.alert.body for element in elements)
    assert figures(app)["mentorkb_waiting"] == 0


def test_index_that_is_not_opened(monkeypatch):
    """A storage that says nothing holds no watcher up, and is asked only once."""
    monkeypatch.setattr(watch, "_WAITS_S", 0.2)
    asked, goes_on = [], threading.Event()

    def silent() -> Any:
        asked.append(1)
        assert goes_on.wait(60)

    looked_after = watch.Watch(silent)
    try:
        for _ in range(3):
            with pytest.raises(KnowledgeBaseError, match="not open yet"):
                looked_after.live()
        assert len(asked) == 1
    finally:
        goes_on.set()
    looked_after.live()


def test_question_that_hangs(monkeypatch):
    """Nobody waits for another's question: a watcher is told that it is late."""
    monkeypatch.setattr(watch, "_ASKS_AGAIN_S", 0.0)
    begun, goes_on = threading.Event(), threading.Event()

    def probe() -> None:
        begun.set()
        assert goes_on.wait(60)

    looked_after = watch.Watch(lambda: cast(Any, SimpleNamespace(probe=probe)))
    with ThreadPoolExecutor() as threads:
        first = threads.submit(looked_after.ready)
        assert begun.wait(60)
        second = threads.submit(looked_after.ready)
        try:
            assert isinstance(second.exception(timeout=10), KnowledgeBaseError)
        finally:
            goes_on.set()
        assert first.exception(timeout=10) is None


def test_file_with_two_problems(tiny_index):
    """Files that are kept out are counted, not what is wrong with them."""
    problem = Problem("lund/a.md", 1, "duplicate-key", "error", "twice.", "Keep one.")
    rejected = (problem, replace(problem, line=2))
    manifest = replace(published_manifest(tiny_index), rejected=rejected)
    told = registry(lambda: cast(Any, SimpleNamespace(manifest=manifest)), {})
    assert told.get_sample_value("mentorkb_rejected_files") == 1


def test_log_lines_when_streamlit_is_run(tmp_path):
    """The settings of the log hold, too; a line bears the number that is shown."""
    lost = Settings(index_dir=tmp_path / "index")
    (lost.index_dir / "generations").mkdir(parents=True)
    (lost.index_dir / "current").write_bytes(b"\xff")
    port = free_port()
    streamlit = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    process = subprocess.Popen(
        [*streamlit, f"--server.port={port}"],
        env=environment()
        | {"KB_INDEX_DIR": str(lost.index_dir), "KB_LOG_FORMAT": "json"},
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until_listening(port, process)
        with page_session(port) as page:
            shown = str(drawn(page))
    finally:
        process.kill()
        _, said = process.communicate()
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if "cannot be read" in line["message"]]
    assert line["request"] in shown
    assert str(tmp_path) not in shown


def test_log_lines_of_questions(app):
    """A question has a line, under the id that its program was given, without text."""
    answer = app.get(f"/v1/ask?{QUERY.replace('q=', 'question=')}")
    request = answer.headers["x-request-id"]
    (line,) = [line for line in app.lines() if line.get("request") == request]
    assert (line["message"], line["outcome"]) == ("question", "answered")
    assert isinstance(line["ms"], int) and "read_ms" in line and "time" in line
    assert "heat pump" not in app.log.read_text()


def test_page_that_is_drawn_when_the_app_is_stopped(tiny_index, tmp_path):
    """It is drawn to its end and sent before the app ends and leaves nothing behind."""
    with running(tiny_index, tmp_path) as app:
        with page_session(app.port) as page:
            drawn(page)
        with page_session(app.port) as page:
            ask_for(page, QUERY)
            page.recv()  # it has begun
            app.process.send_signal(signal.SIGTERM)
            messages = to_the_end(page)
        assert "crowns" in "".join(map(str, messages))
        assert "answered" in [line.get("outcome") for line in app.lines()]
        app.process.wait(timeout=60)
        assert app.process.returncode == -signal.SIGTERM
    assert not list(tmp_path.glob("mentorkb-*"))


def test_api_that_is_stopped(tiny_index, tmp_path):
    """It ends in order, and leaves nothing behind either."""
    port = free_port()
    process = subprocess.Popen(
        [MENTORKB, "api", f"--port={port}", f"--index={tiny_index.index_dir}"],
        env=environment(tmp_path),
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        until_listening(port, process)
        assert list(tmp_path.glob("mentorkb-*"))
        process.terminate()
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()
    assert not list(tmp_path.glob("mentorkb-*"))


def test_requests_after_the_app_was_told_to_stop(monkeypatch):
    """Watchers send readers elsewhere, and who comes all the same is told so."""

    async def nothing(scope: object, receive: object, send: object) -> None:
        raise AssertionError("passed on")

    monkeypatch.setattr(drawing.DRAWING, "is_stopping", True)
    client = TestClient(Watched(nothing))
    for path in ("/ready", "/", "/_stcore/host-config"):
        answer = client.get(path)
        assert answer.status_code == UNAVAILABLE
        assert int(answer.headers["retry-after"]) > 0


def test_pages_when_the_index_is_lost(tiny_index, tmp_path):
    """An app that cannot open its index lives no more for a watcher, and says why."""
    lost = Settings(index_dir=tmp_path / "index", corpus_dir=tiny_index.corpus_dir)
    shutil.copytree(tiny_index.index_dir, lost.index_dir)
    (catalogue,) = lost.index_dir.glob("generations/*/catalogue.sqlite")
    catalogue.write_bytes(catalogue.read_bytes()[:-5000])
    with running(lost, tmp_path) as app:
        for path in ("/health", "/ready"):
            answer = app.get(path)
            assert answer.status_code == UNAVAILABLE
            assert str(tmp_path) not in answer.text
        assert "catalogue.sqlite has changed" in app.log.read_text()


def test_question_when_the_app_is_killed(tiny_index, tmp_path):
    """The next start answers as before; what was left in the way is nobody's harm."""
    with running(tiny_index, tmp_path) as app, page_session(app.port) as page:
        drawn(page, QUERY)
        app.process.kill()
    assert list(tmp_path.glob("mentorkb-*"))
    with running(tiny_index, tmp_path) as app:
        app.until_ready()


def test_left_over_of_a_killed_process(tmp_path, monkeypatch):
    """A folder that nobody uses any more goes; one that is in use stays."""
    from kb import temporary

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(temporary, "_JUST_MADE_S", 0)
    left = tmp_path / "mentorkb-left"
    left.mkdir()
    (left / "in-use").touch()
    foreign = tmp_path / "mentorkb-of-somebody"
    foreign.mkdir()
    with temporary.temporary_folder() as first, temporary.temporary_folder() as second:
        assert first.is_dir() and second.is_dir() and foreign.is_dir()
        assert not left.exists()
    assert list(tmp_path.iterdir()) == [foreign]
