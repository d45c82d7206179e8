"""Near twins: which questions of a test were nearly known."""

from __future__ import annotations

import pytest

from evals.questions import Split, read_questions, split_file
from evals.twins import learnt_from, near_twins
from tests.unit.evals.made_up_runs import question

KNOWN = [
    question("k1", text="How much did the straw boiler in Pécs cost, and who paid?"),
    question("k2", lang="de", text="Wie viele Wohnungen heizt das Werk in Lund?"),
    question("k3", text="Which rules hold for machines on building sites in Oslo?"),
]


@pytest.mark.parametrize(
    ("lang", "text", "twin"),
    [
        ("en", "How much did the straw boilers in Pécs cost?", "k1"),
        ("en", "how much did the straw boiler in pecs cost and who paid", "k1"),
        ("de", "Wie viele Wohnungen werden vom Werk in Lund geheizt?", "k2"),
        ("nl", "Wie viele Wohnungen heizt das Werk in Lund?", None),
        ("en", "Which bank lent money for the trams?", None),
    ],
    ids=["other form", "other spelling", "inflected", "other language", "another"],
)
def test_near_twins(lang, text, twin):
    """Forms and accents do not hide a twin; another language or wish is none."""
    asked = question("q1", lang=lang, text=text)
    assert near_twins([asked], KNOWN) == ({"q1": twin} if twin else {})


def test_near_twins_when_there_is_nothing_to_compare():
    """Without questions on either side there are no twins."""
    assert near_twins([], KNOWN) == {}
    assert near_twins(KNOWN, []) == {}


def test_near_twins_of_the_shipped_tests():
    """Few questions of a test were nearly known: fewer than one in twelve."""
    known = learnt_from()
    for split in (Split.TEST, Split.OTHERS, Split.BROAD_TEST):
        asked = read_questions(split_file(split))
        assert len(near_twins(asked, known)) < len(asked) / 12


def test_learnt_from_holds_no_test():
    """No question of a test is among those that something was learnt from."""
    known = {question.qid for question in learnt_from()}
    for split in (Split.TEST, Split.OTHERS, Split.BROAD_TEST):
        assert not known & {q.qid for q in read_questions(split_file(split))}
