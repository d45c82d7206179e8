"""Whether this program lives and answers, for whoever watches it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from kb.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from kb import KnowledgeBase

logger = logging.getLogger(__name__)

_WAITS_S = 2.0
"""For the index to be opened, which a server that says nothing can hold up."""
_ASKS_AGAIN_S = 5.0
"""A question takes its share of the computer, and some watchers ask each second."""


class Watch:
    """Looks after a knowledge base and what stands before it; safe between threads."""

    def __init__(
        self,
        knowledge_base: Callable[[], KnowledgeBase],
        to_live: Callable[[], None] = lambda: None,
        to_be_ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Take what is looked after.

        Args:
            knowledge_base: Opens the knowledge base, or returns the open one.
            to_live: Raises a `KnowledgeBaseError` where something else does not work.
            to_be_ready: Raises one where the program should not be asked, though it is
                well.
        """
        self._knowledge_base = knowledge_base
        self._to_live, self._to_be_ready = to_live, to_be_ready
        self._opener = ThreadPoolExecutor(1, thread_name_prefix="opening")
        self._opening: Future[KnowledgeBase] | None = None
        self._lock_of_opening = threading.Lock()
        self._lock = threading.Lock()
        self._asked_at: float | None = None
        self._asking_since: float | None = None
        self._fault: KnowledgeBaseError | None = None

    def live(self) -> None:
        """See that an index is open and that what stands before it works.

        Raises:
            KnowledgeBaseError: It is not so, or not known in time; the program may be
                started again.
        """
        with self._lock_of_opening:
            if self._opening is None or self._opening.done():
                self._opening = self._opener.submit(self._knowledge_base)
            opening = self._opening
        try:
            opening.result(_WAITS_S)
        except TimeoutError as exc:
            raise KnowledgeBaseError(
                "the index is not open yet.", "Ask again, or look after its storage."
            ) from exc
        self._to_live()

    def ready(self) -> None:
        """See that a question is answered; it is asked every few seconds at most.

        Who asks meanwhile is told what became of the last one.

        Raises:
            KnowledgeBaseError: It is not answered, or the program does not live.
        """
        self.live()
        self._to_be_ready()
        if self._lock.acquire(blocking=False):
            try:
                self._ask_again()
            finally:
                self._lock.release()
        else:
            self._require_patience()
        if self._fault:
            raise self._fault

    def _ask_again(self) -> None:
        now = time.monotonic()
        if self._asked_at is None or now - self._asked_at >= _ASKS_AGAIN_S:
            self._asking_since = now
            self._fault = self._ask()
            self._asking_since, self._asked_at = None, time.monotonic()

    def _require_patience(self) -> None:
        """Refuse while another's question has no answer, and has had time for one.

        Whoever waited for it here would keep a thread from the pages.
        """
        since = self._asking_since
        is_late = since is not None and time.monotonic() - since > _ASKS_AGAIN_S
        if self._asked_at is None or is_late:
            raise KnowledgeBaseError(
                "a question of our own has no answer yet.", "Ask again."
            )

    def _ask(self) -> KnowledgeBaseError | None:
        try:
            self._knowledge_base().probe()
        except KnowledgeBaseError as exc:
            return exc
        except Exception:
            logger.exception("a question of our own was not answered")
            return KnowledgeBaseError("questions fail.", "The log says why.")
        return None
