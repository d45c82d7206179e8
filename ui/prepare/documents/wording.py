"""The parts that a briefing and a visit kit word alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ui.briefing.model import CollectedCase, CollectedStatement
from ui.formats import day
from ui.prepare.documents.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Quotation,
    SourceList,
    Words,
)
from ui.prepare.documents.sources import Numbering
from ui.review import comparison_note
from ui.texts import _
from ui.vocabulary import CORPUS_LANGUAGE, place, speaks_of, theme_name

_UNDETERMINED = "und"


def made_with(made_on: date, indexed_on: str) -> Paragraph:
    """Return the remark that says what the document is made from.

    Args:
        made_on: The date that it bears.
        indexed_on: When the index was made, ISO 8601.
    """
    return remark(
        _(
            "Made on {date} with the mentor cities knowledge base, as it stood on "
            "{indexed}.",
            date=day(made_on),
            indexed=day(indexed_on),
        )
    )


def how_to_read() -> list[str]:
    """Return the paragraphs that tell the limits of a document."""
    return [
        _(
            "Quotations are taken word for word from the cases. The numbers behind "
            "them lead to the public sources, listed at the end."
        ),
        _(
            "Cases marked as drafts have not been read by an expert. Check the source "
            "and its year before you quote a figure."
        ),
    ]


def corpus_words(text: str, numbers: tuple[int, ...] = ()) -> Words:
    """Return text of the corpus's own language with the numbers of its sources."""
    return Words(text, CORPUS_LANGUAGE, numbers)


def remark(text: str) -> Paragraph:
    """Return a remark in smaller letters, in the reader's language."""
    return Paragraph(Words(text), is_remark=True)


def case_name(of: CollectedCase) -> Words:
    """Return the name of a case behind that of its city."""
    return corpus_words(_("{city}: {title}", city=of.city.name, title=of.case.title))


def case_facts(of: CollectedCase, numbering: Numbering) -> list[Words]:
    """Return what is told below the summary of a case; actors only if there are any.

    A summary has no source marks of its own, so that its sources are those of the case.
    """
    themes = ", ".join(theme_name(theme) for theme in of.themes)
    facts = [
        Words(_("Period: {period}", period=of.case.period)),
        Words(_("Themes: {themes}", themes=themes)),
    ]
    if of.case.actors:
        facts.append(Words(_("Who: {actors}", actors="; ".join(of.case.actors))))
    if numbers := numbering.of(of.case.sources):
        facts.append(Words(_("Sources of the whole case:"), numbers=numbers))
    return facts


def quotation(
    item: CollectedStatement, numbering: Numbering, *, below: str = ""
) -> Quotation:
    """Return a statement with its sources, and in small letters what is told of it.

    That is its place in the case, its years where its sources tell none, and the day on
    which it was compared with them.

    Args:
        item: The statement.
        numbering: Gives its sources their numbers.
        below: The section whose name stands above it already.
    """
    numbers = numbering.of(item.sources)
    language = item.of.case.language
    known = "" if language == _UNDETERMINED else language
    section = item.statement.section
    is_told = section == below and item.page is None
    told = [] if is_told else [place(section, item.page, uncertain=item.uncertain)]
    told.append(speaks_of(item.statement.text, item.sources))
    if item.of.case.review.status == "draft":  # else it is told above, of all of them
        told.append(comparison_note(item.statement, item.of.case.review))
    behind = " · ".join(filter(None, told))
    return Quotation(
        Words(item.statement.text, known, numbers), Words(behind) if behind else None
    )


def questions_of(of: CollectedCase, most: int | None = None) -> Iterator[Block]:
    """Yield what a case leaves open; nothing if it leaves nothing open."""
    if questions := of.open_questions[:most]:
        yield Heading(2, Words(_("What the sources leave open")))
        yield Bullets(tuple(corpus_words(question.text) for question in questions))


def source_section(numbering: Numbering, *, is_short: bool = False) -> Iterator[Block]:
    """Yield the numbered sources under their heading; nothing if there are none.

    Args:
        numbering: What has a number by now.
        is_short: Whether only what must be said stands above them.
    """
    if sources := numbering.listed():
        yield Heading(1, Words(_("Sources")))
        yield from map(remark, how_to_read()[-1:] if is_short else how_to_read())
        yield SourceList(sources)
