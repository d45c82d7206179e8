"""Statements that lean on others, and statements that are too long."""

from __future__ import annotations

import pytest

from ingest.check.wording import leaning_statements, long_statements
from tests.unit.ingest.check.written import BODY_LINE, CASE, places, read_statements


def leaning(corpus, text: str):
    return list(
        leaning_statements(read_statements(corpus, f"## Costs\n\n- {text} [^S1]\n"), "")
    )


@pytest.mark.parametrize(
    "text",
    [
        "It cost 7 million crowns.",
        "Its owner paid.",
        "They paid half.",
        "The grant covered 40 percent.",
        "The same firm laid the pipe.",
        "The project ended early.",
        "Each member pays 50 crowns.",
        "Both were paid by the state.",
        "This was paid by the state.",
        "Another pipe was laid later.",
    ],
)
def test_leaning_statement(tmp_path, text):
    """A statement that only points back to another is a hint with its line."""
    (problem,) = leaning(tmp_path, text)
    assert places([problem]) == [(CASE, BODY_LINE + 2, "leaning-statement")]
    assert (problem.severity, text in problem.reason) == ("hint", True)


@pytest.mark.parametrize(
    "text",
    [
        "Crumbly Biscuits paid for the pipe.",
        "The Linero pipe cost 7 million crowns.",
        "The 2021 grant covered 40 percent.",
        "The grant of Vinnova covered 40 percent.",
        "Both the city and the factory paid.",
        "Each of the 147 measures has a contact person.",
        "In May 2023 the pipe was laid.",
    ],
)
def test_statement_that_names_what_it_is_about(tmp_path, text):
    """Names, years and telling words are enough to be read alone."""
    assert leaning(tmp_path, text) == []


def test_open_questions_may_lean(tmp_path):
    """They stand together and are no statements."""
    body = "## Open questions\n\n- It is not said who paid.\n"
    assert list(leaning_statements(read_statements(tmp_path, body), "")) == []


def test_long_statement_at_the_limit(tmp_path):
    """A statement of 45 words is no problem, one of 46 is."""
    body = f"## Costs\n\n- {'word ' * 45}[^S1]\n- {'word ' * 46}[^S1]\n"
    (problem,) = long_statements(read_statements(tmp_path, body))
    assert places([problem]) == [(CASE, BODY_LINE + 3, "long-statement")]
    assert "has 46 words, more than 45" in problem.reason
