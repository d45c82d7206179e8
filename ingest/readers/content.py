"""What the readers of all formats return, and how headings become sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.documents import Block
from kb.sections import SUBSECTION
from kb.types import Problem


@dataclass(frozen=True)
class Content:
    """A file's text."""

    blocks: list[Block]
    problems: list[Problem] = field(default_factory=list)
    is_case: bool = False
    """True when every statement needs marks, even where the file has none at all."""
    title: str = ""
    """The title that stands in the text; empty when no heading is one."""
    uncertain_pages: frozenset[int] = frozenset()
    """Pages, 1-based, whose figures may not be as on the page."""

    @classmethod
    def of(
        cls,
        items: Sequence[Item],
        problems: Iterable[Problem] = (),
        uncertain_pages: Iterable[int] = (),
    ) -> Content:
        """Return headings and texts as blocks in sections, under their title."""
        title = _title(items)
        return cls(
            blocks=list(blocks_of(items)),
            problems=list(problems),
            title=title.text if title else "",
            uncertain_pages=frozenset(uncertain_pages),
        )


@dataclass(frozen=True)
class Heading:
    """A heading as it stands in the text; smaller levels stand higher."""

    level: int
    text: str
    line: int | None = None


@dataclass(frozen=True)
class Text:
    """A paragraph, list item or table row as it stands in the text."""

    text: str
    line: int | None = None
    page: int | None = None


Item = Heading | Text


def blocks_of(items: Sequence[Item]) -> Iterator[Block]:
    """Yield the texts with the path of headings above them.

    The title of a document, that is its first heading if no other stands as high, is no
    section: nearly everything would lie in it. A title that is the only heading stays.
    """
    title = _title(items)
    open_headings: list[Heading] = []
    for item in items:
        if isinstance(item, Heading):
            if item is title:
                continue
            open_headings = [h for h in open_headings if h.level < item.level]
            open_headings.append(item)
        else:
            yield Block(
                SUBSECTION.join(heading.text for heading in open_headings),
                item.text,
                line=item.line,
                page=item.page,
                heading_line=open_headings[0].line if open_headings else None,
            )


def _title(items: Iterable[Item]) -> Heading | None:
    headings = [item for item in items if isinstance(item, Heading)]
    counts = Counter(heading.level for heading in headings)
    if len(headings) < 2 or counts[min(counts)] > 1:
        return None
    return headings[0] if headings[0].level == min(counts) else None
