"""An open question that was answered becomes a heading with a statement below it."""

from __future__ import annotations

import pytest

from ingest import with_answer
from kb.errors import KnowledgeBaseError

TEXT = """
## What was done

- The pipe was laid. [^S1]

## Lessons

- Start early. [^S1]

## Open questions

- What the heat costs
  in winter
- Who paid
"""


def _answered(text=TEXT, **changes):
    given = {
        "question": "Who paid",
        "answer": "The bakery\npaid half.",
        "section": "Lessons",
        "source_id": "S2",
    }
    return with_answer(text, **{**given, **changes})


def test_question_closes_and_says_that_it_was_answered():
    """It leaves the open ones and stands above its answer; the rest stays."""
    assert _answered() == (
        TEXT.removeprefix("\n")
        .replace("- Who paid\n", "")
        .replace(
            "- Start early. [^S1]\n",
            "- Start early. [^S1]\n\n### Answered: Who paid\n\n"
            "- The bakery paid half. [^S2]\n",
        )
    )


def test_new_section_stands_in_its_place():
    """A section that the case lacks comes where the order of sections wants it."""
    text = _answered(section="Costs")
    assert text.index("## What was done") < text.index("## Costs")
    assert text.index("## Costs") < text.index("## Lessons")


def test_question_on_two_lines():
    """A question is found however its bullet is broken into lines."""
    text = _answered(question="What the heat costs in winter")
    assert "What the heat costs\n" not in text
    assert "- Who paid" in text


def test_last_question_takes_its_heading_along():
    """Nothing is left open: no empty section remains."""
    text = _answered(_answered(), question="What the heat costs in winter")
    assert "Open questions" not in text
    assert text.count("### Answered: ") == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question": "Who won"}, "is not in the case as it is now.* Open the case"),
        ({"answer": " \n"}, "the answer is empty.* Write"),
        ({"section": "Gossip"}, "there is no section.* Choose one of"),
    ],
)
def test_what_cannot_be_filed(changes, said):
    """A question that is gone, an empty answer and an unknown section are refused."""
    with pytest.raises(KnowledgeBaseError, match=said):
        _answered(**changes)
