"""What a briefing does with its items; a briefing itself never changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.collected import collected, collected_case
from ui.briefing.model import MAX_ITEMS, Briefing, Note

ONE, TWO, THREE = (collected(f"The pipe cost {n} crowns.") for n in (1, 2, 3))
BRIEFING = Briefing(items=(ONE, TWO, THREE))


def _texts(briefing):
    return [item.statement.text[14] for item in briefing.items]


def _notes(briefing):
    return [item.text for item in briefing.items if isinstance(item, Note)]


def test_add_puts_an_item_last():
    """Statements and cases are kept in the order in which they were collected."""
    case = collected_case("sampleby/other")
    assert Briefing().add(ONE).add(case).add(TWO).items == (ONE, TWO, case)


def test_case_stands_before_its_statements():
    """A case that is collected as a whole comes first, as its summary will."""
    assert Briefing().add(ONE).add(ONE.of).items == (ONE.of, ONE)


OTHER = collected("Bricks cost 2 crowns.", of=collected_case("sampleby/bricks"))


def test_chapters_hold_the_items_of_a_case():
    """Whatever the order, items of a case are together, with the notes among them."""
    briefing = Briefing(items=(ONE, OTHER, TWO)).add_note("mine", 1)
    first, second = briefing.chapters
    assert [i.item_id for i in first.items[::2]] == [ONE.item_id, TWO.item_id]
    assert isinstance(first.items[1], Note)
    assert second.items == (OTHER,)
    assert briefing.opening_notes == []


def test_move_keeps_a_statement_in_its_case():
    """A statement goes to the end of its case, never into another."""
    briefing = Briefing(items=(ONE, TWO, OTHER)).move(ONE.item_id, 99)
    assert briefing.items == (TWO, ONE, OTHER)
    assert briefing.neighbours(ONE.item_id) == (0, None)


def test_note_goes_from_case_to_case():
    """Step by step a note goes through all cases, and above them."""
    briefing = Briefing(items=(ONE, OTHER)).add_note("mine", 2)
    note = briefing.items[2].item_id
    seen = []
    while (up := briefing.neighbours(note)[0]) is not None:
        briefing = briefing.move(note, up)
        seen.append((briefing.position_of(note), briefing.case_of(note)))
    assert seen == [
        (1, OTHER.of.item_id),
        (0, ONE.of.item_id),
        (0, ""),
    ]
    assert briefing.opening_notes == [briefing.items[0]]


def test_move_case_takes_everything_along():
    """The statements and notes of a case change places with those of another."""
    briefing = Briefing(items=(ONE, TWO, OTHER)).add_note("mine", 1)
    moved = briefing.move_case(OTHER.of.item_id, 0)
    assert moved.items == (OTHER, *briefing.items[:3])
    assert moved.move_case(OTHER.of.item_id, 1) == briefing


def test_put_back_restores_places():
    """What was removed together comes back between what was left."""
    briefing = Briefing(items=(ONE, TWO, THREE, OTHER))
    removed = [(0, ONE), (2, THREE), (3, OTHER)]
    left = briefing.remove(*(item.item_id for _, item in removed))
    assert left.items == (TWO,)
    assert left.put_back(removed) == briefing


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
    """Notes stand where they are put."""
    briefing = BRIEFING.add_note("a", 1).add_note("b", 1)
    assert [isinstance(item, Note) for item in briefing.items] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert _notes(briefing) == ["b", "a"]


def test_note_brought_back_after_another_was_added():
    """A note that was removed has an id of its own among those written since."""
    before = Briefing().add_note("first", 0)
    first = before.items[0]
    briefing = before.remove(first.item_id).add_note("second", 0).add(first)
    assert _notes(briefing) == ["second", "first"]


def test_write_note():
    """Only the named note gets the new text."""
    briefing = Briefing().add_note("a", 0).add_note("b", 1)
    briefing = briefing.write_note(briefing.items[1].item_id, "c")
    assert _notes(briefing) == ["a", "c"]


def test_is_from_a_generation():
    """One item of another index is enough for a briefing not to be of this one."""
    assert BRIEFING.add_note("mine", 0).is_from("made-up")
    other = replace(collected_case(), generation="other")
    assert not BRIEFING.add(other).is_from("made-up")
    assert not BRIEFING.add(collected("Else.", of=other)).is_from("made-up")


def test_sources_of_a_statement():
    """A statement brings the sources that it names, in the order of its case."""
    one = collected("The pipe was laid.", source_ids=("S2", "S1"))
    assert [source.source_id for source in one.sources] == ["S1", "S2"]
