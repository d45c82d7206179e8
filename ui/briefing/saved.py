"""Saves a briefing as a file, and opens such a file again.

The file comes back from outside and is not trusted: of statements and cases only their
ids are taken, and the words are read from the index again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb import KnowledgeBase
from kb.errors import KnowledgeBaseError
from kb.question.prepare import MAX_QUESTION_CHARS
from ui.briefing.clean import one_line
from ui.briefing.collect import collect_case, collect_statement
from ui.briefing.model import (
    MAX_ITEMS,
    Briefing,
    CollectedCase,
    Item,
    Length,
    Note,
)
from ui.texts import _

MAX_FILE_BYTES = 10_000_000
MAX_TITLE_CHARS = 200
MAX_NOTE_CHARS = 10_000
_SHOWN_CHARS = 120


class BriefingFileError(KnowledgeBaseError):
    """A file cannot be opened as a saved briefing: choose another."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _SavedStatement(_Record):
    kind: Literal["statement"] = "statement"
    id: str = Field(max_length=400)
    question: str = Field(default="", max_length=MAX_QUESTION_CHARS)
    text: str = Field(default="", max_length=MAX_NOTE_CHARS)
    """Only for who reads the file, and to name it when it is gone."""


class _SavedCase(_Record):
    kind: Literal["case"] = "case"
    id: str = Field(max_length=400)
    title: str = Field(default="", max_length=MAX_NOTE_CHARS)
    """As the text of a statement."""


class _SavedNote(_Record):
    kind: Literal["note"] = "note"
    text: str = Field(max_length=MAX_NOTE_CHARS)
    case: str | None = Field(default=None, max_length=400)
    """As that of a `Note`; files from before notes had one lack it."""


_SavedItem = Annotated[
    _SavedStatement | _SavedCase | _SavedNote, Field(discriminator="kind")
]


class _SavedBriefing(_Record):
    format: Literal["mentor-cities-briefing"] = "mentor-cities-briefing"
    version: Literal[1] = 1
    title: str = Field(default="", max_length=MAX_TITLE_CHARS)
    notes: str = Field(default="", max_length=MAX_NOTE_CHARS)
    length: Length = "all"
    summaries_first: bool = True
    items: list[_SavedItem] = Field(default=[], max_length=MAX_ITEMS)


@dataclass(frozen=True, slots=True)
class Opened:
    """A briefing read from the index, and what of it is not there any more."""

    briefing: Briefing
    left_out: tuple[str, ...]
    """Words or ids as they were before, cut; those of a file are not to be trusted."""


def save_briefing(briefing: Briefing) -> str:
    """Return a briefing as the text of a JSON file."""
    items = list(map(_saved, briefing.items))
    saved = _SavedBriefing.model_construct(
        title=briefing.title,
        notes=briefing.notes,
        length=briefing.length,
        summaries_first=briefing.opens_with_summaries,
        items=items,
    )
    return saved.model_dump_json(indent=2) + "\n"


def open_briefing(raw: bytes, kb: KnowledgeBase) -> Opened:
    """Return the briefing of a file, its statements and cases as the index has them.

    Args:
        raw: The content of the file.
        kb: Where they are read.

    Raises:
        BriefingFileError: It is too large or no saved briefing.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise BriefingFileError(
            _("The file is too large for a saved briefing."),
            _("Choose the file that you saved on this page."),
        )
    try:
        saved = _SavedBriefing.model_validate_json(raw)
    except ValidationError as exc:
        raise BriefingFileError(
            _("The file is not a saved briefing."),
            _("Choose the file that you saved on this page."),
        ) from exc
    briefing = Briefing(
        saved.title,
        saved.notes,
        length=saved.length,
        opens_with_summaries=saved.summaries_first,
    )
    items: dict[str, Item] = {}
    left_out: list[str] = []
    for entry in saved.items:
        item = _item(entry, kb)
        if item is None:
            left_out.append(_shown(entry))
        else:
            items.setdefault(item.item_id, item)
    return Opened(replace(briefing, items=tuple(items.values())), tuple(left_out))


def read_again(briefing: Briefing, kb: KnowledgeBase) -> Opened:
    """Return a briefing with its statements and cases as the index has them now."""
    items: list[Item] = []
    left_out: list[str] = []
    for item in briefing.items:
        entry = _saved(item)
        now = item if isinstance(item, Note) else _item(entry, kb)
        if now is None:
            left_out.append(_shown(entry))
        else:
            items.append(now)
    return Opened(replace(briefing, items=tuple(items)), tuple(left_out))


def _item(entry: _SavedItem, kb: KnowledgeBase) -> Item | None:
    if isinstance(entry, _SavedNote):
        return Note(f"note-{uuid4().hex}", entry.text, entry.case)
    if isinstance(entry, _SavedCase):
        return collect_case(kb, entry.id)
    return collect_statement(kb, entry.id, entry.question)


def _saved(item: Item) -> _SavedItem:
    if isinstance(item, Note):
        return _SavedNote.model_construct(text=item.text, case=item.case_id)
    if isinstance(item, CollectedCase):
        return _SavedCase.model_construct(id=item.item_id, title=item.case.title)
    return _SavedStatement.model_construct(
        id=item.item_id, question=item.question, text=item.statement.text
    )


def _shown(entry: _SavedItem) -> str:
    if isinstance(entry, _SavedNote):  # never gone
        return one_line(entry.text)[:_SHOWN_CHARS]
    told = entry.text if isinstance(entry, _SavedStatement) else entry.title
    return one_line(told)[:_SHOWN_CHARS] or one_line(entry.id)[:_SHOWN_CHARS]
