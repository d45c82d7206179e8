"""HTML of the transfer card and of the steps: every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from kb.types import Source, Statement
from ui.markup import marked_statement, source_mark, sources
from ui.texts import _
from ui.vocabulary import CORPUS_LANGUAGE


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A fact about the case's city beside the reader's, in words."""

    name: str
    verdict: str
    there: str
    source: Source | None
    here: str


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition beside the reader's city, in words."""

    role: str
    verdict: str
    says: str
    statements: tuple[Statement, ...]
    here: str
    """Empty where the profile does not speak of it."""
    ask: str


def transfer(places: Iterable[PlaceLine], rows: Iterable[ConditionLine]) -> str:
    """Return the card: one entry for each fact and condition."""
    entries = "".join(map(_place, places)) + "".join(map(_condition, rows))
    return f'<ul class="transfer">{entries}</ul>'


def steps(entries: Iterable[tuple[str, str, Sequence[Statement]]]) -> str:
    """Return steps in order: when, what, and the statements that say it."""
    items = "".join(
        f"<li>{f'<b>{escape(when)}</b> · ' if when else ''}"
        f"{_said(what, statements)}</li>"
        for when, what, statements in entries
    )
    return f'<ol class="steps">{items}</ol>'


def _place(line: PlaceLine) -> str:
    cited = _folded(_("Source"), sources([line.source])) if line.source else ""
    there = _labelled(_("The case:"), escape(line.there))
    return (
        f"<li>{_heading(line.name, line.verdict)}<p>{there}</p>{cited}"
        f"{_here(line.here)}</li>"
    )


def _condition(line: ConditionLine) -> str:
    said = _labelled(_("The case:"), _said(line.says, line.statements))
    question = f'<span lang="{CORPUS_LANGUAGE}">{escape(line.ask)}</span>'
    ask = _labelled(_("Ask:"), question)
    return (
        f"<li>{_heading(line.role, line.verdict)}"
        f"<div>{said}</div>{_here(line.here) if line.here else ''}<p>{ask}</p></li>"
    )


def _heading(name: str, verdict: str) -> str:
    return (
        f'<p class="compared"><span>{escape(name)}</span> '
        f'<span class="verdict">{escape(verdict)}</span></p>'
    )


def _here(text: str) -> str:
    told = _labelled(_("Your city:"), escape(text))
    return f"<p>{told}</p>"


def _labelled(label: str, body: str) -> str:
    return f"<b>{escape(label)}</b> {body}"


def _said(text: str, statements: Sequence[Statement]) -> str:
    """Return a reading of statements, its sources, and their words folded below it."""
    named = dict.fromkeys(sid for s in statements for sid in s.source_ids)
    words = "".join(marked_statement(s.text, s.source_ids) for s in statements)
    marks = "".join(map(source_mark, named))
    said = f'<span lang="{CORPUS_LANGUAGE}">{escape(text)}</span> {marks}'
    return said + _folded(_("Word for word"), words)


def _folded(label: str, body: str) -> str:
    return f"<details><summary>{escape(label)}</summary>{body}</details>"
