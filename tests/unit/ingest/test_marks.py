"""Source marks that close the statements of a block."""

from __future__ import annotations

import pytest

from ingest.marks import MarkedText, read_marks


@pytest.mark.parametrize(
    ("block", "statements"),
    [
        ("", []),
        ("   ", []),
        ("A pipe was laid.", [("A pipe was laid.", ())]),
        ("A pipe was laid. [^S1]", [("A pipe was laid.", ("S1",))]),
        ("A pipe was laid.[^S1]", [("A pipe was laid.", ("S1",))]),
        ("A pipe was laid. [^S4][^S1]", [("A pipe was laid.", ("S4", "S1"))]),
        ("A pipe was laid. [^S1] [^S4] ", [("A pipe was laid.", ("S1", "S4"))]),
        (
            "One. [^S1] Two, longer. [^S2][^S3]",
            [("One.", ("S1",)), ("Two, longer.", ("S2", "S3"))],
        ),
        ("One. [^S1] Two.", [("One.", ("S1",)), ("Two.", ())]),
        ("[^S1] One.", [("One.", ())]),
        ("See [S1] and (^S2). [^a-b_9]", [("See [S1] and (^S2).", ("a-b_9",))]),
        (
            "İt ﬁts, ß. [^S1] Ελλάδα. [^S2]",
            [("İt ﬁts, ß.", ("S1",)), ("Ελλάδα.", ("S2",))],
        ),
        ("A mark [^not one] with a space.", [("A mark [^not one] with a space.", ())]),
    ],
    ids=[
        "empty",
        "blank",
        "no mark",
        "one mark",
        "no space before the mark",
        "two marks keep their order",
        "spaces around marks",
        "two statements in a block",
        "text after the last mark",
        "mark before any text",
        "other brackets",
        "letters whose case changes their length",
        "a space is no part of a mark",
    ],
)
def test_read_marks_when_a_block_holds(block, statements):
    """A block falls into statements where runs of marks end; the marks go."""
    assert read_marks(block) == [MarkedText(text, ids) for text, ids in statements]


def test_read_marks_when_a_block_is_long():
    """A block of 40,000 characters without an end is read at once."""
    (statement,) = read_marks("[^" * 20_000)
    assert statement.source_ids == ()
