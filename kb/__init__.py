"""The knowledge base: open an index, search it, answer from it."""

from kb import notebook as _notebook  # how answers and hits are shown
from kb import privacy as _privacy
from kb.comparison import ComparedCity, SideBySide
from kb.errors import KnowledgeBaseError, QueryError
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings, load_settings
from kb.types import (
    Answer,
    AnswerBlock,
    AnswerPart,
    AnswerStatement,
    Case,
    Citation,
    City,
    Condition,
    FullCase,
    Hit,
    KeyFigure,
    NearestCase,
    OpenQuestion,
    Passage,
    Query,
    Review,
    Source,
    Statement,
    Step,
    Theme,
    Why,
)

_privacy.report_nothing()
_notebook.register()

__all__ = [
    "Answer",
    "AnswerBlock",
    "AnswerPart",
    "AnswerStatement",
    "Case",
    "Citation",
    "City",
    "ComparedCity",
    "Condition",
    "FullCase",
    "Hit",
    "KeyFigure",
    "KnowledgeBase",
    "KnowledgeBaseError",
    "NearestCase",
    "OpenQuestion",
    "Passage",
    "Query",
    "QueryError",
    "Review",
    "Settings",
    "SideBySide",
    "Source",
    "Statement",
    "Step",
    "Theme",
    "Why",
    "load_settings",
]
