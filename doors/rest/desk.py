"""Where requests take their turn: a few are worked on at once, some wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from fastapi.responses import JSONResponse

from doors.rest.problems import busy
from doors.watch import Watch

if TYPE_CHECKING:
    from kb import KnowledgeBase

AT_ONCE = 4
MOST_WAITING = 16
_KEPT_NOWHERE = {"Cache-Control": "no-store"}


class Desk:
    """Answers requests from the knowledge base, a bounded number at once."""

    def __init__(
        self,
        knowledge_base: Callable[[], KnowledgeBase],
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
        watch: Watch | None = None,
    ) -> None:
        """Take what opens the knowledge base, or returns the open one.

        Args:
            knowledge_base: Called for each request, in any thread.
            at_once: How many requests are worked on at once.
            most_waiting: How many more may wait; further ones are sent away.
            watch: What looks after it; None for one of its own.
        """
        self._knowledge_base = knowledge_base
        self._watch = watch or Watch(knowledge_base)
        self._at_once = CapacityLimiter(at_once)
        self._most_admitted = at_once + most_waiting
        self._admitted = 0

    @property
    def admitted(self) -> int:
        """How many requests are worked on or wait."""
        return self._admitted

    async def answer(self, work: Callable[[KnowledgeBase], object]) -> JSONResponse:
        """Return as JSON what some work finds, when its turn has come.

        Raises:
            RefusedError: Too many wait already.
            KnowledgeBaseError: The work cannot be done.
        """
        if self._admitted >= self._most_admitted:
            raise busy("too many requests wait for an answer.")

        def found() -> JSONResponse:
            kb = self._knowledge_base()
            with kb.hold():
                return JSONResponse(work(kb), headers=_KEPT_NOWHERE)

        # Counted before anything is awaited: those that come together see each other.
        self._admitted += 1
        try:
            return await to_thread.run_sync(found, limiter=self._at_once)
        finally:
            self._admitted -= 1

    async def live(self) -> None:
        """See that the knowledge base is open, without taking a turn.

        Raises:
            KnowledgeBaseError: It cannot be opened.
        """
        await to_thread.run_sync(self._watch.live)

    async def ready(self) -> None:
        """See that a question is answered, without taking a turn.

        Raises:
            KnowledgeBaseError: It is not.
        """
        await to_thread.run_sync(self._watch.ready)
