"""Question sets, judgements, measures, compared systems, and the report over them."""

from evals.commands import app
from evals.latest import Evaluation, Figure, LatestEvaluation, Refusals, read_latest
from evals.questions import Question, Split, read_questions

__all__ = [
    "Evaluation",
    "Figure",
    "LatestEvaluation",
    "Question",
    "Refusals",
    "Split",
    "app",
    "read_latest",
    "read_questions",
]
