"""Nothing calls out: traced, and with a resolver that never answers."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from kb.settings import Settings
from tests.support.processes import (
    MENTORKB,
    ROOT,
    environment,
    free_port,
    until_listening,
)
from tests.support.sessions import drawn, page_session

TRACED = ROOT / "tests" / "support" / "traced"
FORBIDDEN = 403
FOREIGN = ("https://evil.example", "http://localhost:1", "null", "http://8.8.8.8")
SOON_SECONDS = 5
STARTS = {
    "mentorkb serve": [str(MENTORKB), "serve", "--api", "--port"],
    "streamlit run app.py": [
        *(sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")),
        *("--server.address", "0.0.0.0", "--server.port"),
    ],
}


@pytest.fixture
def traced(tiny_index: Settings, tmp_path: Path) -> dict[str, str]:
    """The environment of a process whose calls are noted."""
    return environment() | {
        "PYTHONPATH": f"{TRACED}:{ROOT}",
        "CALLS_NOTED_IN": str(tmp_path / "calls"),
        "KB_INDEX_DIR": str(tiny_index.index_dir),
        "KB_CORPUS_DIR": str(tiny_index.corpus_dir),
        "KB_FEEDBACK_DIR": str(tmp_path / "feedback"),
        "KB_METRICS": f"0.0.0.0:{free_port()}",
        # What a container of a test run may have set, and a user has not.
        "HF_HUB_OFFLINE": "0",
    }


@pytest.fixture
def calls(tmp_path: Path) -> Callable[[], list[str]]:
    """Tell what was noted."""
    notes = tmp_path / "calls"
    return lambda: notes.read_text().splitlines() if notes.exists() else []


@contextmanager
def started(command: list[str], traced: dict[str, str]) -> Iterator[int]:
    """Start the app away from the project's folder; return its port."""
    port = free_port()
    process = subprocess.Popen(
        [*command, str(port)],
        env=traced,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until_listening(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


def test_tracing_notes_what_python_calls(traced, calls):
    """What the tests below rest on sees look-ups and connections, here and there."""
    code = (
        "import socket\nfor address in ('127.0.0.1', '192.0.2.1'):\n"
        "    socket.socket(type=socket.SOCK_DGRAM).connect((address, 9))"
    )
    subprocess.run([sys.executable, "-c", code], env=traced, check=False)
    (call,) = calls()
    assert call.startswith("socket.connect 192.0.2.1")


@pytest.mark.parametrize("command", STARTS.values(), ids=STARTS)
def test_app_calls_nobody(command, traced, calls):
    """It starts, refuses foreign handshakes at once, answers, and has called nobody."""
    with started(command, traced) as port:
        for origin in FOREIGN:
            begun = time.monotonic()
            with (
                pytest.raises(InvalidStatus) as refused,
                page_session(port, Origin=origin),
            ):
                pass
            assert refused.value.response.status_code == FORBIDDEN
            assert time.monotonic() - begun < SOON_SECONDS
        own = f"http://127.0.0.1:{port}"
        with page_session(port, Origin=own) as page:
            told = drawn(page, "q=Who+paid+for+the+heat+store%3F")
            told += drawn(page, name="library")
        assert "Exampleton" in str(told)
    assert calls() == []


@pytest.mark.parametrize(
    "args", [("ingest",), ("check",), ("ask", "Who paid?"), ("search", "heat")]
)
def test_command_calls_nobody(args, traced, calls, tmp_path, tiny_corpus):
    """A command calls nobody, nor do its workers; an index is built from nothing."""
    own = {"KB_CORPUS_DIR": str(tiny_corpus())} if args == ("check",) else {}
    if args == ("ingest",):
        own = {
            "KB_CORPUS_DIR": str(tiny_corpus()),
            "KB_INDEX_DIR": str(tmp_path / "index"),
        }
    done = subprocess.run(
        [MENTORKB, *args],
        env=traced | own,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert calls() == []
