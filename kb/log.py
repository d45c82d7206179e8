"""Log lines: for people, or as JSON for programs; each names the request it is of.

The format is chosen once, at the door (`set_up`). A door opens a request (`request`);
every line that is written until its end bears the request's id, in whatever module and
thread that the door hands the work to with its context. Doors show the same id to
whoever asked, so that a complaint leads to its lines.

A line never holds the text of a question, unless `KB_LOG_QUESTIONS` allows it.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

Format = Literal["text", "json"]

_request: ContextVar[str] = ContextVar("request", default="")
_OURS = ("mentorkb", "doors", "evals", "ingest", "kb", "ui")
"""Libraries that speak HTTP log headers, which hold keys; they only warn."""
_FIELDS = "fields"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@contextmanager
def request() -> Iterator[str]:
    """Yield the id of the request that the block serves; of the outer one, if any."""
    outer = _request.get()
    token = _request.set(outer or secrets.token_hex(6))
    try:
        yield _request.get()
    finally:
        _request.reset(token)


def request_id() -> str:
    """Return the id of the request that is being served; empty outside of one."""
    return _request.get()


def fields(**values: object) -> dict[str, Any]:
    """Return what to pass as ``extra`` so that values stand in JSON by their names."""
    return {_FIELDS: values}


def set_up(stream: TextIO, level: str, form: Format = "text") -> None:
    """Let every line of this process go to a stream.

    Args:
        stream: Where to.
        level: The least that is written of our own, by its name in `logging`.
        form: How a line looks.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Json() if form == "json" else _Text())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in _OURS:
        logging.getLogger(name).setLevel(level)


class _Text(logging.Formatter):
    """``WARNING kb.storage [1f0c…]: what happened``; the id only inside a request."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        named = f" [{_request.get()}]" if _request.get() else ""
        values = "".join(f" {k}={v}" for k, v in _fields_of(record).items())
        line = f"{record.levelname} {record.name}{named}: {record.message}{values}"
        # A question or an address could otherwise write a line of its own.
        return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], line)


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **({"request": _request.get()} if _request.get() else {}),
            **_fields_of(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _fields_of(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = getattr(record, _FIELDS, {})
    return found
