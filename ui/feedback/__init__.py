"""Feedback, kept in a file without who gave it, and exported; no Streamlit."""

from ui.feedback.export import ENCODING, write_csv
from ui.feedback.records import (
    MAX_COMMENT_CHARS,
    DownReason,
    Entry,
    Kind,
    Rating,
    Shown,
    Todo,
    Verdict,
)
from ui.feedback.store import FeedbackStore

__all__ = [
    "ENCODING",
    "MAX_COMMENT_CHARS",
    "DownReason",
    "Entry",
    "FeedbackStore",
    "Kind",
    "Rating",
    "Shown",
    "Todo",
    "Verdict",
    "write_csv",
]
