"""Question sets, the runs over them, and their measures."""

from evals.questions import Question, read_questions
from evals.run import Outcome, Summary, ask_all, is_miss, summarise

__all__ = [
    "Outcome",
    "Question",
    "Summary",
    "ask_all",
    "is_miss",
    "read_questions",
    "summarise",
]
