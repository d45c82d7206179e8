"""Question sets, judgements, measures, compared systems, and the report over them."""

from evals.commands import app
from evals.errors import QuestionSetError
from evals.latest import Evaluation, LatestEvaluation, read_latest
from evals.questions import Question, Split, read_questions
from evals.summary import Estimate, Refusals

__all__ = [
    "Estimate",
    "Evaluation",
    "LatestEvaluation",
    "Question",
    "QuestionSetError",
    "Refusals",
    "Split",
    "app",
    "read_latest",
    "read_questions",
]
