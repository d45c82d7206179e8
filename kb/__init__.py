"""The knowledge base: open an index, search it, answer from it."""

from kb import notebook as _notebook  # how answers and hits are shown
from kb import privacy as _privacy
from kb.errors import KnowledgeBaseError, QueryError
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings, load_settings
from kb.types import (
    Answer,
    AnswerStatement,
    Case,
    Citation,
    City,
    FullCase,
    Hit,
    OpenQuestion,
    Query,
    SideBySide,
    Source,
    Statement,
    Theme,
)

_privacy.report_nothing()
_notebook.show_well()

__all__ = [
    "Answer",
    "AnswerStatement",
    "Case",
    "Citation",
    "City",
    "FullCase",
    "Hit",
    "KnowledgeBase",
    "KnowledgeBaseError",
    "OpenQuestion",
    "Query",
    "QueryError",
    "Settings",
    "SideBySide",
    "Source",
    "Statement",
    "Theme",
    "load_settings",
]
