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
    values: HeaderValues,
    after: str,
    values_before: HeaderValues,
    before: str,
    suffix: str,
    settings: Settings,
) -> HeaderValues:
    """Return a front matter without the marks of statements that are changed or gone.

    A statement is changed when its words are, when it names other sources, or when one
    of these has another address. A checked case that is left with a statement without
    mark becomes a draft.

    Args:
        values: With the marks.
        after: The text that it is to stand above.
        values_before: What stood above the text that was compared with the sources.
        before: That text.
        suffix: The file name's ending, in lower case and with its dot.
        settings: How a text is split.
    """
    if not values.checked or (
        before == after and _addresses(values_before) == _addresses(values)
    ):
        return values
    limits, tokens = Limits.of(settings), settings.passage_tokens
    old, new = (
        _addresses_by_mark(text, suffix, _addresses(header), limits, tokens)
        for text, header in ((before, values_before), (after, values))
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


def _addresses(values: HeaderValues) -> tuple[tuple[str, str], ...]:
    """Return the id of each source with its address."""
    return tuple((s.source_id.strip(), s.url.strip()) for s in values.sources)


@lru_cache(maxsize=8)
def _addresses_by_mark(
    text: str,
    suffix: str,
    addresses: tuple[tuple[str, str], ...],
    limits: Limits,
    tokens: int,
) -> dict[str, frozenset[str]]:
    """Return the addresses that every statement of a text rests on, by its mark."""
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
        sources=tuple(Source(name, "", "", url, "", None) for name, url in addresses),
        review=Review(),
        path="",
    )
    document = with_text(Document("", None), content)
    found = split_document(document, case, tokens).statements
    urls = dict(addresses)
    return {
        mark_of(s.statement_id): frozenset(
            urls.get(name, name) for name in s.source_ids
        )
        for s in found
    }
