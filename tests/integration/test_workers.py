"""The app in several processes: started, started again, and ended together."""

from __future__ import annotations

import os
import signal
import subprocess

from tests.support.processes import MENTORKB, environment, until
from tests.support.sessions import drawn, is_answered, page_session, question_field
from tests.support.workers import is_ready, process_on, serving

QUESTION = "How much did the pipe and the heat pump cost?"


def test_workers(tiny_index, tmp_path):
    """Each answers; one that is killed is started again; SIGTERM ends all in order."""
    with serving(tiny_index, tmp_path) as (above, ports):
        for port in ports:
            with page_session(port) as page:
                field = question_field(drawn(page))
                assert is_answered(drawn(page, typed={field: QUESTION}))
        killed = process_on(ports[1])
        assert killed
        with page_session(ports[0]) as page:  # whoever is on the other notices nothing
            field = question_field(drawn(page))
            os.kill(killed, signal.SIGKILL)
            assert is_answered(drawn(page, typed={field: QUESTION}))
        until(lambda: is_ready(ports[1]), pause=0.2)
        assert process_on(ports[1]) != killed
        above.send_signal(signal.SIGTERM)
        assert above.wait(timeout=60) == 0
        assert not any(map(process_on, ports))
    said = (tmp_path / "log").read_text()
    assert said.count("is started again") == 1


def test_workers_when_the_one_above_is_killed(tiny_index, tmp_path):
    """They end by themselves, so that a new start finds the ports free."""
    with serving(tiny_index, tmp_path) as (above, ports):
        above.kill()
        above.wait()
        until(lambda: not any(map(process_on, ports)), pause=0.1)


def test_workers_when_they_cannot_start(tiny_index, tmp_path, monkeypatch):
    """What is wrong with each is said, and none is started again and again."""
    monkeypatch.setenv("KB_LOGIN", "on")  # but nothing is there for it
    with serving(tiny_index, tmp_path) as (above, ports):
        assert above.wait(timeout=60) == 2
        assert not any(map(process_on, ports))
    said = (tmp_path / "log").read_text()
    assert "Error: KB_LOGIN" in said
    assert "is started again" not in said


def test_workers_when_there_are_too_few_ports(tiny_index):
    """A first port behind which there are none ends the command with its reason."""
    done = subprocess.run(
        [MENTORKB, "serve", "--workers=2", "--port=65535"],
        env=environment() | {"KB_INDEX_DIR": str(tiny_index.index_dir)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert "there is no port 65536" in done.stderr
