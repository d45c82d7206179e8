"""What a session knows of the texts that its browser keeps; no word of Streamlit.

A text that another tab has written meanwhile is never written over: the browser tells
it, the session takes it up, and only then writes what both make together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from kb.errors import KnowledgeBaseError
from ui.device.entry import Entry
from ui.texts import _

Mode = Literal["write", "erase"]


class Told(BaseModel):
    """What the browser tells; anybody can make it say anything."""

    model_config = ConfigDict(extra="forbid", strict=True)

    blocked: bool = False
    """Whether it keeps nothing, whatever is asked."""
    off: bool = False
    """Whether its reader wants nothing kept."""
    texts: dict[str, str | None] = {}
    """What is new to this page, by name; None for what is gone."""
    too_large: list[str] = []
    """Names of texts that are longer than may be read."""
    failed: list[str] = []
    """Names of texts that could not be written, for example for want of room."""
    refused: list[str] = []
    """Names of texts that were not written, because another tab had been quicker."""


@dataclass
class DeviceSession:
    """What this session and its browser have told each other."""

    session_id: str = field(default_factory=lambda: uuid4().hex)
    is_blocked: bool = False
    is_off: bool = False
    known: dict[str, str] = field(default_factory=dict)
    """The browser's texts, as last read or written."""
    left_alone: dict[str, str] = field(default_factory=dict)
    """Why texts could not be used, by name: not written over before an erasure."""
    notes: dict[str, str] = field(default_factory=dict)
    """What else the reader has to know, by name."""
    failed: set[str] = field(default_factory=set)
    """Names of texts that the browser has no room for."""
    received: list[Told] = field(default_factory=list)
    change_id: str = ""
    mode: Mode = "write"
    wanted: dict[str, str | None] = field(default_factory=dict)
    """What the browser shall hold, by name; None for nothing."""

    @property
    def keeps(self) -> bool:
        """Whether what the session holds will be there after a reload."""
        return not (self.is_blocked or self.is_off)

    def take_up(self, entries: Sequence[Entry]) -> bool:
        """Bring into the session what the browser told; return whether it told any."""
        told_any = bool(self.received)
        while self.received:
            told = self.received.pop(0)
            self.is_blocked, self.is_off = told.blocked, told.off
            unwritten = {*self.failed, *told.refused}
            self.failed = set(told.failed)
            for entry in entries:
                if entry.name in told.too_large:
                    self._leave_alone(entry, _("it is too large"))
                elif entry.name in told.texts:
                    if entry.name in unwritten:
                        self.known.pop(entry.name, None)
                    self._read(entry, told.texts[entry.name] or "")
        return told_any

    def plan(self, entries: Sequence[Entry]) -> None:
        """Decide what the browser shall hold from now on."""
        if not self.keeps:
            return
        wanted = dict(self.wanted) if self.mode == "write" else {}
        for entry in entries:
            text = entry.text()
            if entry.name in self.left_alone:
                wanted.pop(entry.name, None)
            elif len(text) > entry.most_chars:
                self.notes[entry.name] = _too_large(entry)
            elif text != self.known.get(entry.name, ""):
                wanted[entry.name] = text or None
                self.known[entry.name] = text
                self.notes.pop(entry.name, None)
        if wanted != self.wanted or self.mode != "write":
            self.mode, self.wanted, self.change_id = "write", wanted, uuid4().hex

    def erase(self) -> None:
        """Let the browser forget everything, and keep nothing from now on."""
        self._forget()
        self.is_off, self.mode, self.change_id = True, "erase", uuid4().hex

    def keep_again(self) -> None:
        """Keep what the session holds, and what comes."""
        self._forget()
        self.is_off, self.mode, self.change_id = False, "write", uuid4().hex

    def messages(self, entries: Sequence[Entry]) -> list[str]:
        """Return what the reader has to know, one text a message."""
        found = []
        for entry in entries:
            name = entry.name
            if name in self.left_alone:
                found.append(_left_alone(entry, self.left_alone[name]))
            elif name in self.failed:
                found.append(_no_room(entry))
            elif name in self.notes:
                found.append(self.notes[name])
        return found

    def _forget(self) -> None:
        self.known, self.wanted = {}, {}
        self.left_alone.clear()
        self.notes.clear()
        self.failed.clear()

    def _read(self, entry: Entry, text: str) -> None:
        is_changed = entry.text() != self.known.get(entry.name, "")
        if len(text) > entry.most_chars:
            self._leave_alone(entry, _("it is too large"))
            return
        try:
            note = entry.take_up(text, is_changed)
        except KnowledgeBaseError as exc:
            self._leave_alone(entry, exc.reason)
            return
        self.known[entry.name] = text
        self.left_alone.pop(entry.name, None)
        self.notes.pop(entry.name, None)
        if note:
            self.notes[entry.name] = note

    def _leave_alone(self, entry: Entry, reason: str) -> None:
        self.left_alone[entry.name] = reason.rstrip(".")


def _left_alone(entry: Entry, reason: str) -> str:
    return _(
        "{name}: what this browser has kept cannot be used ({reason}). It stays as it "
        "is, and changes are not kept, until you erase it below.",
        name=entry.label(),
        reason=reason,
    )


def _no_room(entry: Entry) -> str:
    return _(
        "{name}: your browser has no room for the latest changes. They are gone after "
        "a reload.",
        name=entry.label(),
    )


def _too_large(entry: Entry) -> str:
    return _(
        "{name}: it is too large to be kept in this browser. The latest changes are "
        "gone after a reload.",
        name=entry.label(),
    )
