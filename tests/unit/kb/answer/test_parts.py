"""The parts of a question, and the statements that answer each."""

from __future__ import annotations

import pytest

from kb.answer.parts import best_of_parts_first, numbered_parts, read_parts, with_shown
from kb.question.parts import question_parts
from tests.support.fakes import FakeReader
from tests.support.made_up_readings import Finding

HEAT = "exampleton/heat"
TWO = "What did the trolley cost, and which residents lent the money?"
COST, WHO = question_parts(TWO)
PRICE, LENDERS, SMELL = (
    "What it did cost: seven crowns.",
    "Which residents lent the money? Bakers.",
    "Nobody smells it.",
)


@pytest.fixture
def finding():
    """A statement for each part of the question, and one for neither."""
    made = Finding()
    for text in (SMELL, LENDERS, PRICE):
        made.add(HEAT, 0.0, text=text)
    return made


def _texts(read):
    return [r.item.statement.text for r in read]


def _parts(finding, question=TWO, shown=None):
    made = finding.read_by(FakeReader(), question=question)
    chosen = made.of(finding.items) if shown is None else made.of(shown)
    return read_parts(made), chosen


def test_read_parts_finds_what_answers_each(finding):
    """Each part comes with the statements that answer it, none of them for another."""
    parts, _ = _parts(finding)
    assert [(text, _texts(read)) for text, read in parts] == [
        (COST, [PRICE]),
        (WHO, [LENDERS]),
    ]


def test_read_parts_when_a_part_has_no_answer(finding):
    """A part that nothing answers is there all the same, without statements."""
    finding.items = finding.items[:2]
    parts, _ = _parts(finding)
    assert [(text, _texts(read)) for text, read in parts] == [
        (COST, []),
        (WHO, [LENDERS]),
    ]


def test_read_parts_looks_beyond_what_is_shown(finding):
    """A statement that was read but not shown may answer a part."""
    parts, shown = _parts(finding, shown=finding.items[:1])
    assert _texts(shown) == [SMELL]
    assert [_texts(read) for _, read in parts] == [[PRICE], [LENDERS]]


def test_read_parts_of_a_single_question(finding):
    """A question of one part has no parts, and nothing is read for it."""
    assert _parts(finding, "What did the trolley cost?")[0] == []


def test_read_parts_when_nothing_was_found():
    """Without any statement the parts are there, without answers."""
    assert _parts(Finding())[0] == [(COST, []), (WHO, [])]


def test_best_of_parts_first_keeps_the_rest_behind(finding):
    """The best statement of each part stands in front, each statement once."""
    parts, shown = _parts(finding)
    ordered = best_of_parts_first(parts, shown)
    assert _texts(ordered)[:2] == [PRICE, LENDERS]
    assert sorted(_texts(ordered)) == sorted(_texts(shown))


def test_best_of_parts_first_adds_what_was_crowded_out(finding):
    """A part whose answer was not shown gets it shown."""
    parts, shown = _parts(finding, shown=finding.items[:1])
    assert _texts(best_of_parts_first(parts, shown)) == [PRICE, LENDERS, SMELL]


def test_with_shown_reads_what_is_shown(finding):
    """What is shown but ranked too low to be read for the parts is read for them."""
    low = finding.items.pop(2)
    for n in range(8):
        finding.add(HEAT, 1.0, text=f"{SMELL} {n}")
    finding.items.append(low)
    made = finding.read_by(FakeReader(), question=TWO)
    parts = read_parts(made)
    shown = made.of([low])
    whole = with_shown(parts, made, shown)
    assert PRICE in _texts(dict(whole)[COST])
    assert with_shown(whole, made, made.of(finding.items[:1])) == whole


def test_best_of_parts_first_without_parts(finding):
    """Where there are no parts, everything stays as it was."""
    shown = finding.read_by().of(finding.items)
    assert best_of_parts_first([], shown) == shown


def test_numbered_parts_counts_from_one(finding):
    """A part names its statements by the numbers that they are cited by."""
    parts, shown = _parts(finding)
    numbered = numbered_parts(parts, best_of_parts_first(parts, shown))
    assert [(part.text, part.citations) for part in numbered] == [
        (COST, (1,)),
        (WHO, (2,)),
    ]


def test_numbered_parts_leaves_out_what_is_not_shown(finding):
    """What answers a part but is not shown has no number."""
    parts, _ = _parts(finding)
    lenders = [r for _, read in parts for r in read if LENDERS in _texts([r])]
    assert [part.citations for part in numbered_parts(parts, lenders)] == [(), (1,)]
