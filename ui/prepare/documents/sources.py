"""Numbers the public sources of a whole document, each address once."""

from __future__ import annotations

from collections.abc import Iterable

from kb.types import Source
from ui.briefing.clean import one_line, web_address
from ui.prepare.documents.document import NumberedSource
from ui.vocabulary import source_details


class Numbering:
    """Gives sources their numbers in the order in which they are first named."""

    def __init__(self) -> None:
        """Begin with no source."""
        self._numbers: dict[tuple[str, ...], int] = {}
        self._sources: list[Source] = []

    def of(self, sources: Iterable[Source]) -> tuple[int, ...]:
        """Return the numbers of some sources, ascending, each once."""
        return tuple(sorted({self._number(source) for source in sources}))

    def listed(self) -> tuple[NumberedSource, ...]:
        """Return every source that has a number, by number."""
        return tuple(
            NumberedSource(
                number=number,
                title=one_line(source.title),
                details=one_line(source_details(source)),
                address=one_line(source.url),
                link=web_address(source.url),
            )
            for number, source in enumerate(self._sources, start=1)
        )

    def _number(self, source: Source) -> int:
        # Two cases may name one page in other words: its address is what counts.
        key = (source.url,) if source.url else (source.title, source.publisher)
        if key not in self._numbers:
            self._sources.append(source)
            self._numbers[key] = len(self._sources)
        return self._numbers[key]
