"""The texts that are embedded and indexed: each unit with the context it stands in.

A bullet such as "The unit cost HUF 24 billion" says nothing on its own. With city, case
title and section in front, nDCG@10 of cases rose from .57 to .85 for English questions
in the first trial on this corpus.
"""

from __future__ import annotations

from kb.sections import OPEN_QUESTIONS
from kb.types import Case, City, OpenQuestion, Statement


def statement_text(statement: Statement, case: Case, city: City) -> str:
    """Return what is embedded and indexed for a statement."""
    section = f" {statement.section}:" if statement.section else ""
    return f"{city.name}. {case.title}.{section} {statement.text}"


def case_text(case: Case, city: City) -> str:
    """Return what is embedded for a case as a whole."""
    return f"{city.name}. {case.title}. {case.summary}"


def open_question_text(question: OpenQuestion, case: Case, city: City) -> str:
    """Return what is embedded for an open question."""
    return f"{city.name}. {case.title}: {question.text}"


def open_question_as_read(question: OpenQuestion, case: Case, city: City) -> str:
    """Return how a reader gets an open question: like a statement of its section."""
    return f"{city.name}. {case.title}. {OPEN_QUESTIONS}: {question.text}"
