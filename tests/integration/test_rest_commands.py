"""The REST API as a command: on an address of its own, and beside the web app."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from kb.settings import load_settings
from tests.support.commands import run as run_command
from tests.support.processes import (
    MENTORKB,
    ROOT,
    environment,
    free_port,
    until_listening,
)

KEY = "a-key-of-20-letters_"
STOP_SECONDS = 20
DOCUMENTED = (ROOT / "docs" / "rest.md").read_text(encoding="utf-8")
OK, METHOD_NOT_ALLOWED, UNAUTHORIZED, MISDIRECTED = 200, 405, 401, 421


@contextmanager
def running(port: int, *args: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command that listens, away from the project's folder, until the end."""
    process = subprocess.Popen(
        [MENTORKB, *args, f"--port={port}"],
        env=environment() | variables,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        until_listening(port, process)
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def stopped(process: subprocess.Popen[str], by: signal.Signals) -> str:
    """Stop a command; return what it said."""
    process.send_signal(by)
    said, _ = process.communicate(timeout=STOP_SECONDS)
    assert "Traceback" not in said
    return said


def answered(
    port: int, address: str, method: str = "GET", **headers: str
) -> httpx.Response:
    """Return what is answered to a request over a real connection."""
    url = f"http://127.0.0.1:{port}{address}"
    return httpx.request(method, url, headers=headers, timeout=30)


def begun_session(port: int) -> NewSession:
    """Return what a page's session begins with."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    with connect(address, subprotocols=[Subprotocol("streamlit")]) as page:
        page.send(asked.SerializeToString())
        for told in page:
            message = ForwardMsg.FromString(told)
            if message.HasField("new_session"):
                session: NewSession = message.new_session
                return session
    pytest.fail("no session began")


def documented(language: str, port: int) -> list[str]:
    """Return the examples of the documentation, for a server on another port."""
    examples = re.findall(rf"```{language}\n(.*?)```", DOCUMENTED, re.DOTALL)
    return [example.replace(":8503", f":{port}") for example in examples]


@pytest.fixture(scope="module")
def served(shipped_index: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The API over the shipped cases, open to other computers, without a key."""
    port = free_port()
    args = ("api", "--host=0.0.0.0", f"--index={shipped_index}", "--own-name=kb.test")
    with running(port, *args) as process:
        yield port, process


def test_documented_python_runs_as_it_stands(served):
    """The example in Python finds, filters, and is told what is wrong."""
    port, _ = served
    (example,) = documented("python", port)
    done = subprocess.run(
        [sys.executable, "-c", example], check=True, capture_output=True, text=True
    )
    lines = done.stdout.splitlines()
    assert "422 there is no city 'atlantis'." in lines[-1]
    assert [line.partition(" ")[0] for line in lines[-4:-1]] == ["1", "2", "3"]


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_documented_commands_run_as_they_stand(served):
    """The commands ask, make a key that fits, and bear it."""
    port, _ = served
    ask, make_key, bear_key = documented("bash", port)
    script = f"set -e\n{ask}\n{make_key}\n{bear_key}\necho; echo $KB_API_KEY"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "HUF 4.9 billion" in done.stdout
    assert '"model_id"' in done.stdout
    assert load_settings(api_key=done.stdout.splitlines()[-1]).api_key


def test_hosts_and_methods_over_a_connection(served):
    """What the tests in one process find holds for bytes on a connection, too."""
    port, _ = served
    assert answered(port, "/v1/status", Host="kb.test").status_code == OK
    assert answered(port, "/v1/status", Host="evil.test").status_code == MISDIRECTED
    assert answered(port, "/v1/status", "POST").status_code == METHOD_NOT_ALLOWED
    head = answered(port, "/v1/status", "HEAD")
    assert (head.status_code, head.text) == (OK, "")
    assert int(head.headers["content-length"]) > 0
    assert "server" not in head.headers


def test_port_that_is_taken(served, tiny_index):
    """A second one says in a sentence that the address is taken."""
    port, _ = served
    index = f"--index={tiny_index.index_dir}"
    for command in (("api", index), ("serve", "--api"), ("serve",)):
        refused = run_command(*command, f"--port={port}")
        assert (refused.returncode, refused.stdout) == (2, "")
        (line,) = refused.stderr.splitlines()
        assert line.startswith("Error: http://")
        assert "cannot be listened on" in line


def test_stop_with_a_warning_at_the_start(served):
    """It warns that there is no key, keeps no question, and ends on Ctrl+C."""
    port, process = served  # the last test of it
    said = stopped(process, signal.SIGINT)
    assert f"Programs ask http://0.0.0.0:{port}/v1" in said
    assert "without a key. Set KB_API_KEY" in said
    assert "question=" not in said


def test_web_app_and_api_in_one_process(tiny_index):
    """Pages and the API answer on one address, with a key for the API only."""
    port = free_port()
    variables = {
        "KB_INDEX_DIR": str(tiny_index.index_dir),
        "KB_CORPUS_DIR": str(tiny_index.corpus_dir),
        "KB_API_KEY": KEY,
    }
    with running(port, "serve", "--api", **variables) as process:
        page = answered(port, "/")
        assert page.status_code == OK
        assert "<title>Streamlit</title>" in page.text
        assert answered(port, "/_stcore/health").text == "ok"
        assert answered(port, "/v1/status").status_code == UNAUTHORIZED
        bearing = {"Authorization": f"Bearer {KEY}"}
        status = answered(port, "/v1/status", **bearing)
        assert status.status_code == OK
        assert '"cases":4' in status.text
        assert "set-cookie" not in status.headers
        evil = answered(port, "/v1/status", Host="evil.test", **bearing)
        assert evil.status_code == MISDIRECTED
        session = begun_session(port)
        assert session.config.gather_usage_stats is False
        assert session.custom_theme.light.primary_color == "#0a5c63"
        said = stopped(process, signal.SIGTERM)
    assert process.returncode == -signal.SIGTERM
    assert "Error" not in said


def test_own_name_that_cannot_be_used():
    """A name is of use only where something listens, and is that of a host."""
    done = run_command("serve", "--own-name=x")
    assert done.returncode == 2
    assert "Add --api" in done.stderr
    for command in (("api",), ("serve", "--api"), ("mcp", "--http")):
        done = run_command(*command, "--own-name=https://kb.test")
        assert done.returncode == 2
        assert "'https://kb.test' is no name of a host" in done.stderr
