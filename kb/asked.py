"""What became of each question: a log line, and word to whoever counts.

The text of a question is in neither, unless `KB_LOG_QUESTIONS` allows it in the log.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from kb import log
from kb.errors import QueryError
from kb.settings import Settings
from kb.types import Query

logger = logging.getLogger(__name__)

Kind = Literal["ask", "search", "compare", "probe"]
"""What is done; a probe is a question of the program itself."""
Outcome = Literal["answered", "abstained", "refused", "failed"]


@dataclass
class Asked:
    """One question, without its text."""

    kind: Kind
    outcome: Outcome = "answered"
    reason: str = ""
    """Code of the reason why it was not answered."""
    seconds: float = 0.0
    stages_ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by stage, as an answer tells them; empty where it does not."""


_listeners: list[Callable[[Asked], None]] = []


def listen(listener: Callable[[Asked], None]) -> None:
    """Have something called for every question that this process has dealt with."""
    _listeners.append(listener)


@contextmanager
def telling(kind: Kind, query: Query | str, settings: Settings) -> Iterator[Asked]:
    """Tell what became of a question when the block ends, however it ends.

    Args:
        kind: What is done.
        query: The question.
        settings: Whether the log may hold its text.

    Yields:
        What is told, to be completed by the block.
    """
    asked, started = Asked(kind), time.perf_counter()
    try:
        yield asked
    except QueryError as exc:
        asked.outcome, asked.reason = "refused", exc.fault
        raise
    except BaseException as exc:
        asked.outcome, asked.reason = "failed", type(exc).__name__
        raise
    finally:
        asked.seconds = time.perf_counter() - started
        _log(asked, query, settings)
        for listener in _listeners:
            listener(asked)


def _log(asked: Asked, query: Query | str, settings: Settings) -> None:
    if asked.kind == "probe" or not logger.isEnabledFor(logging.INFO):
        return
    values: dict[str, object] = {"kind": asked.kind, "outcome": asked.outcome}
    if asked.reason:
        values["reason"] = asked.reason
    values["ms"] = round(asked.seconds * 1000)
    values |= {f"{stage}_ms": ms for stage, ms in asked.stages_ms.items()}
    if settings.log_questions:
        values["question"] = query if isinstance(query, str) else query.text
    logger.info("question", extra=log.fields(**values))
