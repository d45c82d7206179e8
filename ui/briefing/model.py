"""A briefing: what an officer collected, case by case, with her own notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal
from uuid import uuid4

from kb import FullCase
from kb.sections import kind_of_section
from kb.types import Case, City, OpenQuestion, Passage, Source, Statement, Theme

MAX_ITEMS = 200
"""Statements, cases and notes that one briefing holds: some forty pages."""
Length = Literal["half", "two", "all"]
"""Of the paper that is made of a briefing: half a page, two pages, everything."""


@dataclass(frozen=True)
class CollectedCase:
    """A case with what is told of it wherever it, or a statement of it, is shown."""

    full: FullCase
    city: City
    themes: tuple[Theme, ...]
    generation: str
    """Of the index that all of this was read from."""

    @property
    def case(self) -> Case:
        """What is known of the case as a whole."""
        return self.full.case

    @property
    def item_id(self) -> str:
        """The case id."""
        return self.case.case_id

    @property
    def open_questions(self) -> list[OpenQuestion]:
        """What its sources leave open."""
        return self.full.open_questions

    def quoted(self, statement: Statement, question: str = "") -> CollectedStatement:
        """Return one of its statements as a briefing holds it."""
        passage = self._passages.get(statement.passage_id)
        return CollectedStatement(
            statement,
            self,
            passage.page if passage else None,
            question,
            uncertain=passage is not None and passage.uncertain,
        )

    def of_section(self, section: str) -> list[CollectedStatement]:
        """Return the statements of a section and what is below it, in order."""
        return [
            self.quoted(statement)
            for statement in self.full.statements
            if kind_of_section(statement.section) == section
        ]

    @cached_property
    def _passages(self) -> dict[str, Passage]:
        return {passage.passage_id: passage for passage in self.full.passages}


@dataclass(frozen=True, slots=True)
class CollectedStatement:
    """A statement with its case, its place in it and its public sources."""

    statement: Statement
    of: CollectedCase
    page: int | None
    """Page of the original, 1-based; None for formats without pages."""
    question: str = ""
    """What it was found with; empty when it was collected from its case."""
    uncertain: bool = False
    """Whether its figures may not be as on the page."""

    @property
    def item_id(self) -> str:
        """The statement id."""
        return self.statement.statement_id

    @property
    def generation(self) -> str:
        """Of the index that it was read from."""
        return self.of.generation

    @property
    def sources(self) -> tuple[Source, ...]:
        """The public sources that the statement names, in the order of the case."""
        named = set(self.statement.source_ids)
        return tuple(s for s in self.of.case.sources if s.source_id in named)


@dataclass(frozen=True, slots=True)
class Note:
    """What the officer writes between two items."""

    item_id: str
    """Never given twice: who undoes something brings back notes from before."""
    text: str
    case_id: str | None = None
    """Of the case whose chapter it stands in; empty above all of them. None is that of
    the item before it, as a briefing then fills in."""


Item = CollectedStatement | CollectedCase | Note


@dataclass(frozen=True, slots=True)
class Chapter:
    """A case and what is collected of it."""

    of: CollectedCase
    items: tuple[Item, ...]
    """In the officer's order; the case itself, if it was collected, stands first."""

    @property
    def statements(self) -> list[CollectedStatement]:
        """The statements among them."""
        return [i for i in self.items if isinstance(i, CollectedStatement)]


@dataclass(frozen=True, slots=True)
class Briefing:
    """What is collected; every change returns a new briefing."""

    title: str = ""
    """The officer's own; empty for one that is made of the content."""
    notes: str = ""
    """The officer's own introduction; paragraphs stand on lines of their own."""
    items: tuple[Item, ...] = ()
    """Case by case: whatever is put in stands with the others of its case."""
    length: Length = "all"
    opens_with_summaries: bool = True
    """Whether the cases' summaries stand together at the beginning."""

    def __post_init__(self) -> None:
        """Put the items of each case together, here, so that nobody can part them."""
        object.__setattr__(self, "items", tuple(_case_by_case(self.items)))

    @property
    def chapters(self) -> list[Chapter]:
        """The cases in their order, each with its items."""
        found: dict[str, list[Item]] = {}
        of: dict[str, CollectedCase] = {}
        for item in self.items:
            if isinstance(item, Note):
                continue
            case = item.of if isinstance(item, CollectedStatement) else item
            of.setdefault(case.item_id, case)
            found.setdefault(case.item_id, [])
        for item in self.items:
            if (case_id := _case_id_of(item)) in found:
                found[case_id].append(item)
        return [Chapter(of[case_id], tuple(items)) for case_id, items in found.items()]

    @property
    def opening_notes(self) -> list[Note]:
        """The notes above all cases."""
        cases = {_case_id_of(item) for item in self.items if not isinstance(item, Note)}
        notes = [item for item in self.items if isinstance(item, Note)]
        return [note for note in notes if note.case_id not in cases]

    @property
    def is_full(self) -> bool:
        """Whether nothing more can be added."""
        return len(self.items) >= MAX_ITEMS

    def holds(self, item_id: str) -> bool:
        """Return whether the item is in the briefing."""
        return self.position_of(item_id) is not None

    def is_from(self, generation: str) -> bool:
        """Return whether every statement and case was read from a generation."""
        return all(
            isinstance(item, Note) or item.generation == generation
            for item in self.items
        )

    def position_of(self, item_id: str) -> int | None:
        """Return where the item stands, from 0, or None."""
        ids = [item.item_id for item in self.items]
        return ids.index(item_id) if item_id in ids else None

    def add(self, item: Item) -> Briefing:
        """Return the briefing with the item at the end of its case.

        It stays as it is when it holds the item already, or is full.
        """
        if self.is_full or self.holds(item.item_id):
            return self
        return replace(self, items=(*self.items, item))

    def remove(self, *item_ids: str) -> Briefing:
        """Return the briefing without some items."""
        kept = tuple(i for i in self.items if i.item_id not in item_ids)
        return replace(self, items=kept)

    def move(self, item_id: str, position: int) -> Briefing:
        """Return the briefing with the item at a position, from 0.

        A position before the first or behind the last is the first or the last. A
        statement stays within its case; a note goes to the case of the item whose
        place it takes, and before the first position above all cases. An item that is
        not in the briefing changes nothing.
        """
        now = self.position_of(item_id)
        if now is None:
            return self
        item = self.items[now]
        if isinstance(item, Note):
            there = self.items[max(0, min(position, len(self.items) - 1))]
            case_id = "" if position < 0 else _case_id_of(there)
            item = replace(item, case_id=case_id)
        others = [other for other in self.items if other.item_id != item_id]
        others.insert(max(0, position), item)
        return replace(self, items=tuple(others))

    def neighbours(self, item_id: str) -> tuple[int | None, int | None]:
        """Return the positions one step up and down, for `move`; None at an end.

        A statement's ends are those of its case; a note goes from case to case.
        """
        now = self.position_of(item_id)
        if now is None:
            return None, None
        item = self.items[now]
        up, down = now - 1, now + 1
        if isinstance(item, Note):
            if up >= 0 and isinstance(self.items[up], CollectedCase):
                up -= 1  # a whole case stands first: the note goes above it
            is_top = now == 0 and not item.case_id
            return None if is_top else up, down if down < len(self.items) else None
        inside = [
            n
            for n, other in enumerate(self.items)
            if _case_id_of(other) == _case_id_of(item)
            and not isinstance(other, CollectedCase)
        ]
        return up if up in inside else None, down if down in inside else None

    def case_of(self, item_id: str) -> str:
        """Return the id of the case that an item, or a case itself, belongs to."""
        for item in self.items:
            if item.item_id == item_id:
                return _case_id_of(item)
        return item_id

    def put_back(self, removed: Iterable[tuple[int, Item]]) -> Briefing:
        """Return the briefing with some items that were in it before.

        Args:
            removed: The position of each, ascending, and the item.
        """
        items = list(self.items)
        for position, item in removed:
            if not self.holds(item.item_id):
                items.insert(position, item)
        return replace(self, items=tuple(items))

    def move_case(self, case_id: str, position: int) -> Briefing:
        """Return the briefing with all of a case at a position among the cases."""
        chapters = self.chapters
        moved = [chapter for chapter in chapters if chapter.of.item_id == case_id]
        others = [chapter for chapter in chapters if chapter.of.item_id != case_id]
        others[max(0, position) : max(0, position)] = moved
        items = (item for chapter in others for item in chapter.items)
        return replace(self, items=(*self.opening_notes, *items))

    def add_note(
        self, text: str, position: int, case_id: str | None = None
    ) -> Briefing:
        """Return the briefing with a new note at a position, from 0, unless full.

        Args:
            text: Of the note.
            position: Among all items.
            case_id: Of its case; empty above all of them, None for that of the item
                before it.
        """
        if self.is_full:
            return self
        items = list(self.items)
        items.insert(max(0, position), Note(f"note-{uuid4().hex}", text, case_id))
        return replace(self, items=tuple(items))

    def write_note(self, note_id: str, text: str) -> Briefing:
        """Return the briefing with another text in one of its notes."""
        return replace(
            self,
            items=tuple(
                replace(item, text=text)
                if isinstance(item, Note) and item.item_id == note_id
                else item
                for item in self.items
            ),
        )


def _case_id_of(item: Item) -> str:
    if isinstance(item, Note):
        return item.case_id or ""
    return (item.of if isinstance(item, CollectedStatement) else item).item_id


def _case_by_case(items: Iterable[Item]) -> list[Item]:
    """Return items with those of a case together, in the order of the first of each."""
    placed: list[Item] = []
    before = ""
    for item in items:
        if isinstance(item, Note) and item.case_id is None:
            item = replace(item, case_id=before)
        before = _case_id_of(item)
        placed.append(item)
    cases = [_case_id_of(item) for item in placed if not isinstance(item, Note)]
    turn = {case_id: n for n, case_id in enumerate(dict.fromkeys(cases))}
    return sorted(
        placed,
        key=lambda i: (turn.get(_case_id_of(i), -1), not isinstance(i, CollectedCase)),
    )
