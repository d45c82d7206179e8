"""A briefing: what an officer collected, in her order, with her own notes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

from kb.types import Case, City, OpenQuestion, Source, Statement, Theme

MAX_ITEMS = 200
"""Statements, cases and notes that one briefing holds: some forty pages."""


@dataclass(frozen=True, slots=True)
class CollectedCase:
    """A case with what is told of it wherever it, or a statement of it, is shown."""

    case: Case
    city: City
    themes: tuple[Theme, ...]
    open_questions: tuple[OpenQuestion, ...]
    generation: str
    """Of the index that all of this was read from."""

    @property
    def item_id(self) -> str:
        """The case id."""
        return self.case.case_id


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


Item = CollectedStatement | CollectedCase | Note


@dataclass(frozen=True, slots=True)
class Briefing:
    """What is collected; every change returns a new briefing."""

    title: str = ""
    notes: str = ""
    """The officer's own introduction; paragraphs stand on lines of their own."""
    items: tuple[Item, ...] = ()

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
        """Return the briefing with the item at its end.

        It stays as it is when it holds the item already, or is full.
        """
        if self.is_full or self.holds(item.item_id):
            return self
        return replace(self, items=(*self.items, item))

    def remove(self, item_id: str) -> Briefing:
        """Return the briefing without the item."""
        return replace(self, items=tuple(i for i in self.items if i.item_id != item_id))

    def move(self, item_id: str, position: int) -> Briefing:
        """Return the briefing with the item at a position, from 0.

        A position before the first or behind the last is the first or the last; an
        item that is not in the briefing changes nothing.
        """
        now = self.position_of(item_id)
        if now is None:
            return self
        others = [item for item in self.items if item.item_id != item_id]
        others.insert(max(0, position), self.items[now])
        return replace(self, items=tuple(others))

    def add_note(self, text: str, position: int) -> Briefing:
        """Return the briefing with a new note at a position, from 0, unless full."""
        if self.is_full:
            return self
        note = Note(f"note-{uuid4().hex}", text)
        return replace(self, items=(*self.items, note)).move(note.item_id, position)

    def write_note(self, note_id: str, text: str) -> Briefing:
        """Return the briefing with another text in one of its notes."""
        return replace(
            self,
            items=tuple(
                Note(note_id, text) if item.item_id == note_id else item
                for item in self.items
            ),
        )
