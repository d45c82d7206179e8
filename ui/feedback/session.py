"""What a session has said, and whether anything of it may be kept."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from kb import Settings, load_settings
from kb.question.language import detect_language
from kb.types import Answer, Citation, Query
from ui.feedback import FeedbackStore, Rating, Shown
from ui.feedback.allowance import Allowance
from ui.state import knowledge_base

logger = logging.getLogger(__name__)

_SAID = "feedback-said"
_OPTED_OUT = "feedback-opted-out"


@dataclass(frozen=True, slots=True)
class Subject:
    """What feedback is about: an answer, or one passage of it."""

    shown: Shown
    case_id: str = ""
    passage_id: str = ""
    statement_id: str = ""

    @classmethod
    def answer(cls, answer: Answer, query: Query) -> Subject:
        """Return the answer to a query."""
        return cls(Shown.of(answer, query, **_conditions()))

    @classmethod
    def passage(cls, citation: Citation, query: Query) -> Subject:
        """Return a passage that was cited in the answer to a query."""
        shown = Shown.of_passage(
            citation, query, language=detect_language(query.text), **_conditions()
        )
        return cls(shown, citation.case_id, citation.passage_id, citation.statement_id)

    @property
    def key(self) -> str:
        """Letters and digits that tell it from what else a session rates."""
        shown = self.shown
        said = (shown.question, shown.cities, shown.themes, shown.generation)
        return hashlib.sha256(repr((said, self.statement_id)).encode()).hexdigest()[:12]


@dataclass
class Said:
    """What this session has said about one subject."""

    rating: Rating | None = None
    entry_id: str = ""
    is_counted: bool = False
    """Its question is on the experts' list."""
    is_sent: bool = False
    has_failed: bool = False
    """The last attempt to keep something."""


@st.cache_resource(show_spinner=False)
def feedback_store() -> FeedbackStore:
    """Return the process's one store."""
    settings = _settings()
    return FeedbackStore(settings.feedback_dir, settings.feedback_days)


def forget_old() -> None:
    """Delete what is too old, with a day's first page; a no-op for the day's others."""
    _forget_old(date.today())


@st.cache_resource(show_spinner=False, max_entries=1)
def _forget_old(day: date) -> bool:  # noqa: ARG001, the day is the key
    # Not again that day when it fails: a full disk must not slow down every page.
    return _attempt(feedback_store().forget_old)


@st.cache_resource(show_spinner=False)
def _settings() -> Settings:
    return load_settings()


def days_kept() -> int:
    """Return how many days feedback is kept."""
    return _settings().feedback_days


def is_offered() -> bool:
    """Whether feedback is kept here at all."""
    return _settings().feedback


def may_keep() -> bool:
    """Whether something of this session may be kept."""
    return is_offered() and not has_opted_out()


def has_opted_out() -> bool:
    """Whether this session wants nothing to be kept."""
    return bool(st.session_state.get(_OPTED_OUT, False))


def opt_out(*, wanted: bool) -> None:
    """Keep nothing of this session from now on, or keep it again."""
    st.session_state[_OPTED_OUT] = wanted


def said_about(subject: Subject) -> Said:
    """Return what this session has said about a subject."""
    everything: dict[str, Said] = st.session_state.setdefault(_SAID, {})
    return everything.setdefault(subject.key, Said())


def rate(subject: Subject, rating: Rating | None) -> None:
    """Keep a rating in the place of the session's earlier one; None takes it back."""
    said = said_about(subject)
    if not may_keep() or rating == said.rating:
        return
    store = feedback_store()

    def keep() -> None:
        if rating:
            said.entry_id = store.rate(rating, said.entry_id)
        else:
            store.withdraw(said.entry_id)
        said.rating = rating

    said.has_failed = not _attempt_to_give(keep)


def count_unanswered(subject: Subject) -> None:
    """Put a question that found no answer on the experts' list, once a session."""
    said = said_about(subject)
    if said.is_counted or not may_keep():
        return
    # Not again when it fails: a full disk must not slow down every click.
    said.is_counted = True
    _attempt_to_give(lambda: feedback_store().keep_unanswered(subject.shown))


def send(subject: Subject) -> None:
    """Send an unanswered question to the discussion group, once a session."""
    said = said_about(subject)
    if said.is_sent or not may_keep():
        return
    said.is_sent = _attempt_to_give(lambda: feedback_store().send(subject.shown))
    said.has_failed = not said.is_sent


@st.cache_resource(show_spinner=False)
def _allowance() -> Allowance:
    return Allowance()


def _attempt_to_give(work: Callable[[], object]) -> bool:
    """Return whether something could be kept that this client may still give."""
    # Behind a proxy on this computer that names no client, all are one.
    if _allowance().take(st.context.ip_address or ""):
        return _attempt(work)
    logger.warning("feedback was not kept: a client has given too much of it today")
    return False


def _attempt(work: Callable[[], object]) -> bool:
    """Return whether something could be done; whatever goes wrong, the page goes on."""
    try:
        work()
    except Exception:
        logger.exception("feedback was not kept")
        return False
    return True


def _conditions() -> dict[str, str]:
    return {
        "generation": knowledge_base().manifest.generation,
        "settings_digest": _settings().digest(),
    }
