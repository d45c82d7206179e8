"""Question sets, judgements, measures, compared systems, and the report over them."""

from evals.commands import app
from evals.questions import Question, Split, read_questions

__all__ = ["Question", "Split", "app", "read_questions"]
