"""An answer, statement, case or comparison as text with numbered sources.

So it can be pasted into a letter, plain or with links. What comes from the corpus is
escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from kb.types import Citation, Source
from ui.markup import web_address
from ui.texts import _
from ui.vocabulary import CORPUS_LANGUAGE, place, source_details

Line = tuple[str, tuple[str, ...]]
"""A statement, and the marks of its sources."""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands behind a mark."""

    mark: str
    where: str
    """Case and place in it; empty where the mark is a source of the page's own case."""
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is taken along."""

    title: str
    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    """Heading and statements of each part."""
    notes: tuple[Note, ...]


def cited(title: str, parts: Iterable[tuple[str, Iterable[Citation]]]) -> Excerpt:
    """Return statements of an answer or a comparison, with what their numbers mean.

    Args:
        title: The question.
        parts: A heading, such as the name of a city, and its citations.
    """
    groups = [(heading, tuple(citations)) for heading, citations in parts]
    listed = {c.n: c for _heading, citations in groups for c in citations}
    return Excerpt(
        title,
        tuple(
            (heading, tuple((c.statement, (str(c.n),)) for c in citations))
            for heading, citations in groups
            if citations
        ),
        tuple(_note(listed[n]) for n in sorted(listed)),
    )


def plain(excerpt: Excerpt) -> str:
    """Return an excerpt as plain text."""
    lines = [excerpt.title]
    for heading, statements in excerpt.parts:
        lines += ["", heading] if heading else [""]
        lines += [f"- {text} {_marks(marks)}".rstrip() for text, marks in statements]
    lines += ["", _("Sources")]
    for note in excerpt.notes:
        told = [
            f"{s.title} ({source_details(s)}) {s.url}".strip() for s in note.sources
        ]
        first, *others = [note.where, *told] if note.where else told or [""]
        lines += [f"[{note.mark}] {first}", *(f"    {other}" for other in others)]
    return "\n".join(lines)


def rich(excerpt: Excerpt) -> str:
    """Return an excerpt as HTML without styles."""
    html = f"<h2>{escape(excerpt.title)}</h2>"
    for heading, statements in excerpt.parts:
        html += f"<h3>{escape(heading)}</h3>" if heading else ""
        items = "".join(
            f"<li>{escape(text)} {escape(_marks(marks))}</li>"
            for text, marks in statements
        )
        html += f'<ul lang="{CORPUS_LANGUAGE}">{items}</ul>'
    return f"{html}<h3>{escape(_('Sources'))}</h3>{numbered_sources(excerpt)}"


def numbered_sources(excerpt: Excerpt) -> str:
    """Return what the marks of an excerpt mean, as HTML."""
    html = ""
    for note in excerpt.notes:
        where = f"{escape(note.where)}<br>" if note.where else ""
        told = "<br>".join(map(_linked, note.sources))
        html += f"<p>[{escape(note.mark)}] {where}{told}</p>"
    return html


def _note(citation: Citation) -> Note:
    where = place(citation.section, citation.page, uncertain=citation.uncertain)
    told = _("{case} · {place}", case=citation.title, place=where)
    return Note(str(citation.n), told, citation.sources)


def _marks(marks: Iterable[str]) -> str:
    return "".join(f"[{mark}]" for mark in marks)


def _linked(source: Source) -> str:
    title, details = escape(source.title), escape(source_details(source))
    if not (url := web_address(source.url)):
        return f"{title} ({details})"
    return f'<a href="{escape(url)}">{title}</a> ({details}) {escape(url)}'
