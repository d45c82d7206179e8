"""The table that puts cases of several cities side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ui.briefing.model import Chapter, CollectedStatement
from ui.prepare.documents.document import Block, Heading, Table, Words
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import corpus_words, remark
from ui.texts import _
from ui.vocabulary import section_name

_COLUMNS = 3
"""Cases that one table has room for; more cases make more tables."""
_ROWS = ("What was done", "Costs", "Financing", "Results", "Obstacles")


def comparison(chapters: Sequence[Chapter], numbering: Numbering) -> Iterator[Block]:
    """Yield the tables; nothing unless the cases are of several cities.

    A cell holds a statement of its section: the first that was chosen, or else the
    first of the case.

    Args:
        chapters: The cases, in the order of the columns.
        numbering: Gives sources their numbers.
    """
    if len({chapter.of.city.slug for chapter in chapters}) < 2:
        return
    yield Heading(1, Words(_("Side by side")))
    yield remark(
        _(
            "One statement of each case, word for word: the first that you chose, "
            "otherwise the first of the case."
        )
    )
    for start in range(0, len(chapters), _COLUMNS):
        some = chapters[start : start + _COLUMNS]
        head = [Words("")]
        head += [corpus_words(_named(chapter)) for chapter in some]
        rows = [tuple(_row(section, some, numbering)) for section in _ROWS]
        period = [Words(_("Period"))]
        period += [Words(chapter.of.case.period) for chapter in some]
        yield Table(tuple(head), (tuple(period), *rows), (3, *(5 for _case in some)))


def _named(chapter: Chapter) -> str:
    return _("{city}: {title}", city=chapter.of.city.name, title=chapter.of.case.title)


def _row(
    section: str, chapters: Sequence[Chapter], numbering: Numbering
) -> Iterator[Words]:
    yield Words(section_name(section))
    for chapter in chapters:
        found = _first(section, chapter)
        if found is None:
            yield Words(_("Nothing under this heading."))
        else:
            yield corpus_words(found.statement.text, numbering.of(found.sources))


def _first(section: str, chapter: Chapter) -> CollectedStatement | None:
    of_section = chapter.of.of_section(section)
    ids = {statement.item_id for statement in of_section}
    chosen = [s for s in chapter.statements if s.item_id in ids]
    return next(iter([*chosen, *of_section]), None)
