"""What a briefing does with its items; a briefing itself never changes."""

from __future__ import annotations

import pytest

from tests.collected import collected, collected_case
from ui.briefing.model import MAX_ITEMS, Briefing, Note

ONE, TWO, THREE = (collected(f"The pipe cost {n} crowns.") for n in (1, 2, 3))
BRIEFING = Briefing(items=(ONE, TWO, THREE))


def _texts(briefing):
    return [item.statement.text[14] for item in briefing.items]


def test_add_puts_an_item_last():
    """Statements and cases are kept in the order in which they were collected."""
    case = collected_case()
    assert Briefing().add(ONE).add(case).items == (ONE, case)


def test_add_when_it_is_there():
    """Nothing is collected twice."""
    assert BRIEFING.add(TWO) is BRIEFING


def test_add_when_full():
    """A briefing has a limit; what is above it is not added."""
    full = Briefing(items=tuple(Note(f"note-{n}", "") for n in range(MAX_ITEMS)))
    assert full.is_full
    assert full.add(ONE) is full
    assert full.add_note("more", 0) is full


def test_remove_leaves_the_others():
    """What is removed is gone; an unknown id changes nothing."""
    assert BRIEFING.remove(TWO.item_id).items == (ONE, THREE)
    assert BRIEFING.remove("made-up").items == BRIEFING.items


@pytest.mark.parametrize(
    ("item", "position", "order"),
    [
        (ONE, 1, "213"),
        (THREE, 0, "312"),
        (TWO, 1, "123"),
        (ONE, 99, "231"),
        (THREE, -1, "312"),
    ],
)
def test_move(item, position, order):
    """An item goes where it is put, at most to one of the ends."""
    assert "".join(_texts(BRIEFING.move(item.item_id, position))) == order


def test_move_when_it_is_not_there():
    """Moving an unknown item changes nothing."""
    assert BRIEFING.move("made-up", 0) is BRIEFING


def test_add_note_between_items():
    """Notes stand where they are put and have ids of their own."""
    briefing = BRIEFING.add_note("a", 1).add_note("b", 1)
    assert briefing.items == (ONE, Note("note-2", "b"), Note("note-1", "a"), TWO, THREE)


def test_add_note_after_removing_one():
    """The id of a note that is still there is not given again."""
    briefing = Briefing().add_note("a", 0).add_note("b", 1).remove("note-1")
    ids = [item.item_id for item in briefing.add_note("c", 0).items]
    assert ids == ["note-3", "note-2"]


def test_write_note():
    """Only the named note gets the new text."""
    briefing = Briefing().add_note("a", 0).add_note("b", 1).write_note("note-2", "c")
    assert briefing.items == (Note("note-1", "a"), Note("note-2", "c"))


def test_sources_of_a_statement():
    """A statement brings the sources that it names, in the order of its case."""
    one = collected("The pipe was laid.", source_ids=("S2", "S1"))
    assert [source.source_id for source in one.sources] == ["S1", "S2"]
