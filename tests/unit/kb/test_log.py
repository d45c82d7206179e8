"""Log lines: their forms, and the request that they name."""

from __future__ import annotations

import contextvars
import io
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from kb import log

logger = logging.getLogger("kb.test")


@contextmanager
def written() -> Iterator[io.StringIO]:
    """Yield where lines go; the log is afterwards as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = []
    try:
        yield io.StringIO()
    finally:
        root.handlers = handlers
        root.setLevel(level)
        for name in log._OURS:
            logging.getLogger(name).setLevel(logging.NOTSET)


def test_line_of_a_request():
    """A line for people names the request, and only while it is served."""
    with written() as lines:
        log.set_up(lines, "INFO")
        with log.request() as request:
            logger.info("answered %s", "it", extra=log.fields(ms=12))
        logger.info("idle")
    assert lines.getvalue() == (
        f"INFO kb.test [{request}]: answered it ms=12\nINFO kb.test: idle\n"
    )


def test_text_that_would_be_a_line():
    """What somebody sends writes no line of its own, and moves no cursor."""
    with written() as lines:
        log.set_up(lines, "INFO")
        values = log.fields(question="a\u2028b\x1b[2J")
        logger.info("refused at %s", "/x\nERROR kb: gone", extra=values)
    assert lines.getvalue() == (
        "INFO kb.test: refused at /x\\nERROR kb: gone question=a\\u2028b\\x1b[2J\n"
    )


def test_values_before_a_traceback():
    """What a line tells stands together; what comes below it is the traceback."""
    with written() as lines:
        log.set_up(lines, "INFO")
        try:
            int("x")
        except ValueError:
            logger.exception("it failed", extra=log.fields(ms=1))
    first, *rest = lines.getvalue().splitlines()
    assert first == "ERROR kb.test: it failed ms=1"
    assert rest[0].startswith("Traceback")


def test_line_in_json():
    """A line for programs is one object, with time, values and traceback."""
    with written() as lines:
        log.set_up(lines, "WARNING", "json")
        logger.info("not written")
        with log.request() as request:
            try:
                int("Göteborg")
            except ValueError:
                values = log.fields(ms=1.5, stage="read")
                logger.exception("it failed", extra=values)
    (line,) = lines.getvalue().splitlines()
    told = json.loads(line)
    error, time = told.pop("error"), told.pop("time")
    assert told == {
        "level": "error",
        "logger": "kb.test",
        "message": "it failed",
        "request": request,
        "ms": 1.5,
        "stage": "read",
    }
    assert error.startswith("Traceback") and "Göteborg" in error
    assert time.endswith("+00:00")


def test_request_inside_a_request():
    """A door that calls another keeps the id; the next request has another one."""
    with log.request() as outer:
        with log.request() as inner:
            assert inner == outer == log.request_id()
        assert log.request_id() == outer
    assert log.request_id() == ""
    with log.request() as later:
        assert later != outer


def test_request_in_another_thread():
    """Work that is handed on with its context bears the id of its request."""
    with ThreadPoolExecutor(1) as threads, log.request() as request:
        context = contextvars.copy_context()
        assert threads.submit(context.run, log.request_id).result() == request
        assert threads.submit(log.request_id).result() == ""
