"""Which marks of compared statements still hold when a text is changed in the form."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.documents import Document
from ingest.drafting.header import HeaderValues
from ingest.limits import Limits
from kb.errors import UnreadableDocumentError
from kb.review import mark_of
from kb.types import Case, Review, Source

if TYPE_CHECKING:
    from kb.settings import Settings


def with_marks_that_hold(
    values: HeaderValues, before: str, after: str, suffix: str, settings: Settings
) -> HeaderValues:
    """Return a front matter without the marks of statements that are changed or gone.

    A statement is changed when its words are or when it names other sources. A checked
    case that is left with a statement without mark becomes a draft.

    Args:
        values: With the marks.
        before: The text that was compared with the sources.
        after: The text that takes its place.
        suffix: The file name's ending, in lower case and with its dot.
        settings: How a text is split.
    """
    known = tuple(source.source_id for source in values.sources)
    limits, tokens = Limits.of(settings), settings.passage_tokens
    old, new = (
        _sources_by_mark(text, suffix, known, limits, tokens)
        for text in (before, after)
    )
    kept = [
        (day, tuple(m for m in marks if m in new and new[m] == old.get(m)))
        for day, marks in values.checked
    ]
    checked = tuple((day, marks) for day, marks in kept if marks)
    is_whole = new.keys() == {mark for _, marks in checked for mark in marks}
    is_draft = values.status == "checked" and not is_whole
    return replace(
        values, checked=checked, status="draft" if is_draft else values.status
    )


@lru_cache(maxsize=8)
def _sources_by_mark(
    text: str, suffix: str, known: tuple[str, ...], limits: Limits, tokens: int
) -> dict[str, tuple[str, ...]]:
    """Return the source marks of every statement of a text, by its own mark."""
    from ingest.readers import READERS, with_text
    from ingest.split import split_document

    try:
        content = READERS[suffix](text.encode(), "", limits)
    except UnreadableDocumentError:
        return {}
    case = Case(
        case_id="",
        city="",
        title="",
        themes=(),
        period="",
        actors=(),
        summary="",
        sources=tuple(Source(name, "", "", "", "", None) for name in known),
        review=Review(),
        path="",
    )
    document = with_text(Document("", None), content)
    found = split_document(document, case, tokens).statements
    return {mark_of(s.statement_id): s.source_ids for s in found}
