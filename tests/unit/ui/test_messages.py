"""What the knowledge base tells: the same sentence, in the reader's language."""

from __future__ import annotations

import pytest

from kb.errors import QueryError
from kb.reasons import query_error
from tests.support.spoken import spoken_as
from ui.parts.messages import query_fault

TOO_LONG = query_error("too-long", n=1200, limit=1000)


def test_fault_when_it_is_told_in_english():
    """A page says what the terminal says, as sentences of their own."""
    assert str(TOO_LONG).startswith("the question has 1,200 characters, the limit")
    assert query_fault(TOO_LONG) == f"T{str(TOO_LONG)[1:]}"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TOO_LONG, "Die Frage hat 1.200 Zeichen, erlaubt sind 1.000. Fragen"),
        (
            query_error("unknown-city", slug="'x'", known=("lund", "oslo")),
            "Die Stadt 'x' gibt es hier nicht. Wählen Sie: lund und oslo.",
        ),
        (QueryError("k = 0 hits cannot be found.", "Use 1."), "K = 0 hits cannot be"),
    ],
    ids=["numbers", "names", "not in the table"],
)
def test_fault_when_it_is_told_in_german(error, told):
    """Numbers and names are written as the reader does; English is the last resort."""
    with spoken_as("de"):
        assert query_fault(error).startswith(told)
