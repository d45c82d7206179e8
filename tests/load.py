"""Many readers at once, who open the app, ask, read, and ask again.

Run with Locust (https://locust.io) against an app that is running::

    locust -f tests/load.py --headless --users 50 --spawn-rate 5 --run-time 3m \
        --host http://127.0.0.1:8501

One of the users asks ``/health`` each second, the others are readers.
``KB_LOAD_READING`` sets how many seconds they read before the next question (30),
``KB_LOAD_METRICS`` the address of the app's figures (`KB_METRICS`), whose memory, open
files and processor time are then told before and after.
"""

from __future__ import annotations

import json
import logging
import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from locust import HttpUser, User, constant, events, task
from websockets.exceptions import WebSocketException

from tests.support.sessions import drawn, is_answered, page_session, question_field

logger = logging.getLogger(__name__)

_QUESTIONS = Path(__file__).parents[1] / "evals" / "questions" / "dev.jsonl"
_FIGURES = (
    "process_resident_memory_bytes",
    "process_open_fds",
    "process_cpu_seconds_total",
)


def _questions() -> list[str]:
    lines = _QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


class Reader(User):
    """Opens the first page, then asks one question after the other and reads."""

    _asked = _questions()

    def wait_time(self) -> float:
        """Return how long an answer is read, in seconds: half to half as much again."""
        reading = float(os.environ.get("KB_LOAD_READING", "30"))
        return random.uniform(0.5, 1.5) * reading

    def on_start(self) -> None:
        """Open the session, as a browser does that has loaded the page's scripts."""
        self._questions = iter(random.sample(self._asked, len(self._asked)))
        address = urlsplit(self.host or "")
        self._open = ExitStack()
        with _measured(self, "first page"):
            headers = {"Origin": f"{address.scheme}://{address.netloc}"}
            session = page_session(address.port or 80, **headers)
            self._page = self._open.enter_context(session)
            self._field = question_field(drawn(self._page))
        time.sleep(self.wait_time())  # nobody asks on arriving

    def on_stop(self) -> None:
        """Close the page."""
        self._open.close()

    @task
    def ask(self) -> None:
        """Ask something that this session has not been asked."""
        typed = {self._field: next(self._questions)}
        with _measured(self, "answer"):
            if not is_answered(drawn(self._page, typed=typed)):
                raise OSError("no answer was drawn")


class Watcher(HttpUser):
    """Asks each second whether the app lives."""

    fixed_count = 1
    wait_time = constant(1)

    @task
    def health(self) -> None:
        """Ask for `/health`."""
        self.client.get("/health")


@contextmanager
def _measured(reader: User, name: str) -> Iterator[None]:
    """Tell Locust how long the block took, and whether it failed."""
    started, failed = time.perf_counter(), None
    try:
        yield
    except (OSError, WebSocketException) as exc:
        failed = exc
    reader.environment.events.request.fire(
        request_type="page",
        name=name,
        response_time=(time.perf_counter() - started) * 1000,
        response_length=0,
        exception=failed,
    )


@events.test_start.add_listener  # type: ignore[untyped-decorator]
def _before(**_: Any) -> None:
    _tell_figures("before")


@events.test_stop.add_listener  # type: ignore[untyped-decorator]
def _after(**_: Any) -> None:
    time.sleep(2)  # the sessions are closing
    _tell_figures("after")


def _tell_figures(when: str) -> None:
    if address := os.environ.get("KB_LOAD_METRICS"):
        for line in httpx.get(address).text.splitlines():
            if line.startswith(_FIGURES):
                logger.info("%s: %s", when, line)
