"""Feedback, kept in a file without who gave it, and exported.

``widgets`` draws it for a ``session``; nothing else here knows Streamlit.
"""

from ui.feedback.database import FeedbackError
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
    "FeedbackError",
    "FeedbackStore",
    "Kind",
    "Rating",
    "Shown",
    "Todo",
    "Verdict",
    "write_csv",
]
