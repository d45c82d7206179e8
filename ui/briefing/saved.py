"""Saves a briefing as a file, and opens such a file again.

The file comes back from outside and is not trusted: of statements and cases only their
ids are taken, and the words are read from the index again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb import KnowledgeBase
from kb.errors import KnowledgeBaseError
from kb.question.prepare import MAX_QUESTION_CHARS
from ui.briefing.clean import one_line
from ui.briefing.collect import collect_case, collect_statement
from ui.briefing.model import MAX_ITEMS, Briefing, CollectedCase, Item, Note
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


_SavedItem = Annotated[
    _SavedStatement | _SavedCase | _SavedNote, Field(discriminator="kind")
]


class _SavedBriefing(_Record):
    format: Literal["mentor-cities-briefing"] = "mentor-cities-briefing"
    version: Literal[1] = 1
    title: str = Field(default="", max_length=MAX_TITLE_CHARS)
    notes: str = Field(default="", max_length=MAX_NOTE_CHARS)
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
        title=briefing.title, notes=briefing.notes, items=items
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
    briefing = Briefing(saved.title, saved.notes)
    left_out: list[str] = []
    for entry in saved.items:
        if isinstance(entry, _SavedNote):
            briefing = briefing.add_note(entry.text, len(briefing.items))
        elif item := _item(entry, kb):
            briefing = briefing.add(item)
        else:
            left_out.append(_shown(entry))
    return Opened(briefing, tuple(left_out))


def read_again(briefing: Briefing, kb: KnowledgeBase) -> Opened:
    """Return a briefing with its statements and cases as the index has them now."""
    items: list[Item] = []
    left_out: list[str] = []
    for item in briefing.items:
        entry = _saved(item)
        if isinstance(entry, _SavedNote):
            items.append(item)
        elif now := _item(entry, kb):
            items.append(now)
        else:
            left_out.append(_shown(entry))
    return Opened(replace(briefing, items=tuple(items)), tuple(left_out))


def _item(entry: _SavedStatement | _SavedCase, kb: KnowledgeBase) -> Item | None:
    if isinstance(entry, _SavedCase):
        return collect_case(kb, entry.id)
    return collect_statement(kb, entry.id, entry.question)


def _saved(item: Item) -> _SavedItem:
    if isinstance(item, Note):
        return _SavedNote.model_construct(text=item.text)
    if isinstance(item, CollectedCase):
        return _SavedCase.model_construct(id=item.item_id, title=item.case.title)
    return _SavedStatement.model_construct(
        id=item.item_id, question=item.question, text=item.statement.text
    )


def _shown(entry: _SavedStatement | _SavedCase) -> str:
    told = entry.text if isinstance(entry, _SavedStatement) else entry.title
    return one_line(told)[:_SHOWN_CHARS] or one_line(entry.id)[:_SHOWN_CHARS]
