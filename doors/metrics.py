"""Figures of this process as Prometheus reads them, on an address of their own.

The only module that imports prometheus_client. Nothing in them says who asked or what.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Any, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from doors.listening import address, family_of, require_free
from kb import asked
from kb.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

    from kb import KnowledgeBase
    from kb.asked import Asked

logger = logging.getLogger(__name__)

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32)
REQUESTS = "Requests to the API that are worked on or wait."
Gauges = Mapping[str, tuple[str, Callable[[], float]]]
"""Further figures: name, what it is, and what gives it."""


def serve_metrics(
    at: str, knowledge_base: Callable[[], KnowledgeBase], gauges: Gauges
) -> str:
    """Count from now on, and serve the figures in a thread of their own.

    Args:
        at: Address to listen on, ``host:port``.
        knowledge_base: Returns the open knowledge base; called when figures are read.
        gauges: Of what stands before it, such as how many wait.

    Returns:
        Where they are read.

    Raises:
        SettingsError: The address is taken.
    """
    from prometheus_client import make_wsgi_app

    host, _, port = at.rpartition(":")
    require_free(host, int(port), "KB_METRICS")
    _Server.address_family = family_of(host)
    server = make_server(
        host,
        int(port),
        make_wsgi_app(registry(knowledge_base, gauges)),
        _Server,
        handler_class=_Silent,
    )
    Thread(target=server.serve_forever, daemon=True).start()
    return f"{address(host, int(port))}/metrics"


class _Server(ThreadingMixIn, WSGIServer):
    """Python's own would look up the name of this computer, perhaps at another."""

    daemon_threads = True

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)
        self.setup_environ()


class _Silent(WSGIRequestHandler):
    """Logs no requests: watchers ask every few seconds."""

    def log_message(self, *_: object) -> None:
        pass


def registry(
    knowledge_base: Callable[[], KnowledgeBase], gauges: Gauges
) -> CollectorRegistry:
    """Return the figures of this process, which count from now on; as above."""
    from prometheus_client import CollectorRegistry, Gauge, ProcessCollector

    found = CollectorRegistry()
    ProcessCollector(registry=found)
    found.register(cast(Any, _Index(knowledge_base)))  # by its methods, not its class
    for name, (meaning, value) in gauges.items():
        Gauge(name, meaning, registry=found).set_function(value)
    asked.listen(_counting(found))
    return found


def _counting(found: CollectorRegistry) -> Callable[[Asked], None]:
    """Add the figures of questions; return what counts one."""
    from prometheus_client import Counter, Histogram

    questions = Counter(
        "mentorkb_questions",
        "Questions, by what was done and what became of it.",
        ["kind", "outcome"],
        registry=found,
    )
    unanswered = Counter(
        "mentorkb_unanswered",
        "Questions without an answer, by the code of the reason.",
        ["kind", "reason"],
        registry=found,
    )
    timed: dict[str, Any] = {"buckets": _SECONDS, "registry": found}
    seconds = Histogram(
        "mentorkb_question_seconds", "How long a question took.", ["kind"], **timed
    )
    stages = Histogram(
        "mentorkb_stage_seconds", "How long a stage took.", ["stage"], **timed
    )

    def count(question: Asked) -> None:
        questions.labels(question.kind, question.outcome).inc()
        if question.reason:
            unanswered.labels(question.kind, question.reason).inc()
        seconds.labels(question.kind).observe(question.seconds)
        for stage, ms in question.stages_ms.items():
            stages.labels(stage).observe(ms / 1000)

    return count


class _Index:
    """What is published, read when the figures are read."""

    def __init__(self, knowledge_base: Callable[[], KnowledgeBase]) -> None:
        self._knowledge_base = knowledge_base

    def collect(self) -> Iterator[Metric]:
        """Yield the figures; none where the index cannot be read."""
        from prometheus_client.core import GaugeMetricFamily

        try:
            manifest = self._knowledge_base().manifest
        except KnowledgeBaseError as exc:
            logger.warning("the figures of the index are left out: %s", exc)
            return
        created = datetime.fromisoformat(manifest.created_at)
        for name, meaning, value in (
            (
                "mentorkb_index_age_seconds",
                "Time since the published index was made.",
                (datetime.now(UTC) - created).total_seconds(),
            ),
            (
                "mentorkb_index_cases",
                "Cases in the published index.",
                manifest.counts.cases,
            ),
            (
                "mentorkb_rejected_files",
                "Files of the corpus that are kept out of the published index.",
                len({problem.path for problem in manifest.rejected}),
            ),
        ):
            yield GaugeMetricFamily(name, meaning, value)

    def describe(self) -> list[Metric]:
        """Return nothing: what is registered is not read before somebody asks."""
        return []
