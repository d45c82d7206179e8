"""Which marks of what was read and compared still hold when a text is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.documents import Document
from ingest.drafting.header import HeaderValues
from ingest.limits import Limits
from ingest.reviews import review_told, reviewed_text
from ingest.texts import MARK_DIGITS
from kb.errors import UnreadableDocumentError
from kb.index.catalogue import TextRecord
from kb.review import mark_of
from kb.types import Case, Review, Source, Statement

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
    old, new = (
        _addresses_by_mark(text, header, suffix, settings)
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


@dataclass(frozen=True, slots=True)
class GivenReview:
    """A review that was given before the form was opened, or before a merge."""

    on: date | None
    mark: str
    """Of the text that it stands for (`ingest.texts`)."""

    @classmethod
    def of(
        cls, values: HeaderValues, digest: str, before: TextRecord | None = None
    ) -> GivenReview | None:
        """Return the review of a front matter; None where it has none.

        Args:
            values: The front matter.
            digest: Of the text beside it.
            before: What the index remembers of the file.
        """
        if values.status != "reviewed":
            return None
        told = review_told(values.reviewed_by, values.reviewed_on)
        text = reviewed_text(digest, values.reviewed_text, told, before)
        return cls(values.reviewed_on, text[:MARK_DIGITS])


def with_review_that_holds(
    values: HeaderValues, given: GivenReview | None, mark: str, confirmed: str
) -> HeaderValues:
    """Return a front matter whose review, if there is one, is of the text beside it.

    Only a new day or a confirmation is a new reading, which names its text. A review
    that was given before becomes a draft where it stands for another text.

    Args:
        values: What the form says.
        given: What was given before it.
        mark: Of the text as it will be.
        confirmed: The same of the text that an expert has read today; else empty.
    """
    if values.status != "reviewed":
        return replace(values, reviewed_text="")
    if confirmed == mark:
        return replace(values, reviewed_on=date.today(), reviewed_text=mark)
    if given is None or given.on != values.reviewed_on:
        return replace(values, reviewed_text=mark)
    if given.mark == mark:
        return values
    return replace(
        values, status="draft", reviewed_by="", reviewed_on=None, reviewed_text=""
    )


def with_review_named(
    values: HeaderValues, before: HeaderValues, given: GivenReview | None, mark: str
) -> HeaderValues:
    """Return a front matter whose review, if it is another one, names its text.

    So it still stands for that text when a merge brings another.

    Args:
        values: What the form says.
        before: What it said when it was opened.
        given: The review that was given before.
        mark: Of the text as it is now.
    """
    told = (values.reviewed_by.strip(), values.reviewed_on)
    is_same = before.status == "reviewed" and told == (
        before.reviewed_by.strip(),
        before.reviewed_on,
    )
    if values.status != "reviewed" or is_same:
        return values
    known = given.mark if given and given.on == values.reviewed_on else mark
    return replace(values, reviewed_text=known)


def _addresses(values: HeaderValues) -> tuple[tuple[str, str], ...]:
    """Return the id of each source with its address."""
    return tuple((s.source_id.strip(), s.url.strip()) for s in values.sources)


def _addresses_by_mark(
    text: str, values: HeaderValues, suffix: str, settings: Settings
) -> dict[str, frozenset[str]]:
    """Return the addresses that every statement of a text rests on, by its mark."""
    urls = dict(_addresses(values))
    return {
        mark_of(s.statement_id): frozenset(
            urls.get(name, name) for name in s.source_ids
        )
        for s in statements_in(text, values, suffix, settings)
    }


def statements_in(
    text: str, values: HeaderValues, suffix: str, settings: Settings
) -> tuple[Statement, ...]:
    """Return the statements of a text, whose ids are of no case.

    Args:
        text: The body of a file.
        values: The front matter that it stands under.
        suffix: The file name's ending, in lower case and with its dot.
        settings: How a text is split.
    """
    limits, tokens = Limits.of(settings), settings.passage_tokens
    return _split(text, suffix, _addresses(values), limits, tokens)


@lru_cache(maxsize=8)
def _split(
    text: str,
    suffix: str,
    addresses: tuple[tuple[str, str], ...],
    limits: Limits,
    tokens: int,
) -> tuple[Statement, ...]:
    from ingest.readers import READERS, with_text
    from ingest.split import split_document

    try:
        content = READERS[suffix](text.encode(), "", limits)
    except UnreadableDocumentError:
        return ()
    case = Case(
        case_id="",
        city="",
        title="",
        themes=(),
        period="",
        actors=(),
        summary="",
        sources=tuple(Source(name, url=url) for name, url in addresses),
        review=Review(),
        path="",
    )
    document = with_text(Document("", None), content)
    return tuple(split_document(document, case, tokens).statements)
