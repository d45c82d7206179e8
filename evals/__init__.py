"""Question sets, judgements, measures, compared systems, and the report over them."""

from evals.commands import app
from evals.latest import Figure, LatestEvaluation, read_latest
from evals.questions import Question, Split, read_questions

__all__ = [
    "Figure",
    "LatestEvaluation",
    "Question",
    "Split",
    "app",
    "read_latest",
    "read_questions",
]
