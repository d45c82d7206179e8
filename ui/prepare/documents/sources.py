"""Numbers what a whole document rests on, each public source and each case once."""

from __future__ import annotations

from collections.abc import Iterable

from kb.types import Case, Source
from ui.briefing.clean import one_line, web_address
from ui.prepare.documents.document import NumberedSource
from ui.review import short_review_name
from ui.texts import _
from ui.vocabulary import source_details


class Numbering:
    """Gives sources their numbers in the order in which they are first named.

    Statements rest on public sources. A summary is the knowledge base's own text: its
    source is the case.
    """

    def __init__(self) -> None:
        """Begin with no source."""
        self._numbers: dict[tuple[str, ...], int] = {}
        self._sources: list[Source | Case] = []

    def of(self, sources: Iterable[Source]) -> tuple[int, ...]:
        """Return the numbers of some sources, ascending, each once."""
        return tuple(sorted({self._number(source) for source in sources}))

    def of_case(self, case: Case) -> tuple[int, ...]:
        """Return the number of a case itself."""
        return (self._number(case),)

    def listed(self) -> tuple[NumberedSource, ...]:
        """Return every source that has a number, by number."""
        return tuple(
            _listed(number, source)
            for number, source in enumerate(self._sources, start=1)
        )

    def _number(self, source: Source | Case) -> int:
        if isinstance(source, Case):
            key: tuple[str, ...] = ("case", source.case_id)
        else:
            # Two cases may name one page in other words: its address is what counts.
            key = (source.url,) if source.url else (source.title, source.publisher)
        if key not in self._numbers:
            self._sources.append(source)
            self._numbers[key] = len(self._sources)
        return self._numbers[key]


def _listed(number: int, source: Source | Case) -> NumberedSource:
    if isinstance(source, Case):
        return NumberedSource(
            number=number,
            title=one_line(source.title),
            details=_(
                "Case in the mentor cities knowledge base ({review})",
                review=short_review_name(source.review.status),
            ),
            address=one_line(source.case_id),
            link="",
        )
    return NumberedSource(
        number=number,
        title=one_line(source.title),
        details=one_line(source_details(source)),
        address=one_line(source.url),
        link=web_address(source.url),
    )
