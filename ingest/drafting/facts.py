"""What a case lists of its statements follows them when their words are changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from ingest.drafting.comparisons import statements_in
from ingest.drafting.header import HeaderValues
from kb.review import mark_of

if TYPE_CHECKING:
    from kb.settings import Settings

_LIKE = 0.4
"""Share of two texts that is the same, from which on one is taken for the other: a
statement may be cut in two."""
Item = Mapping[str, Any]
Texts = Mapping[str, str]
"""Text of each statement, by its mark."""


def with_facts_that_follow(
    values: HeaderValues, after: str, before: str, suffix: str, settings: Settings
) -> HeaderValues:
    """Return a front matter whose figures, conditions and steps name the new marks.

    The mark of a changed statement becomes that of the one most like it, of a figure
    only where its quote stands. Nothing is left out: a mark that fits nothing any more
    stays, and the check names it.

    Args:
        values: With the marks of the text before.
        after: The text that it is to stand above.
        before: The text that it stood above.
        suffix: The file name's ending, in lower case and with its dot.
        settings: How a text is split.
    """
    if before == after or not any(items for _, items in values.facts()):
        return values
    old, new = (
        {
            mark_of(s.statement_id): s.text
            for s in statements_in(text, values, suffix, settings)
        }
        for text in (before, after)
    )
    added = {mark: text for mark, text in new.items() if mark not in old}

    def now(mark: str, quote: str = "") -> str:
        if mark in new or mark not in old:
            return mark
        those = {m: text for m, text in added.items() if quote in text}
        return _most_like(old[mark], those) or mark

    return replace(
        values,
        figures=tuple(_figure_now(item, now) for item in values.figures),
        conditions=tuple(_item_now(item, now) for item in values.conditions),
        steps=tuple(_item_now(item, now) for item in values.steps),
    )


def _figure_now(item: Item, now: Callable[[str, str], str]) -> Item:
    mark, quote = str(item.get("statement", "")), str(item.get("quote", ""))
    return {**item, "statement": now(mark, quote)} if mark else item


def _item_now(item: Item, now: Callable[[str], str]) -> Item:
    marks = item.get("statements")
    if not isinstance(marks, list):
        return item
    return {**item, "statements": [*dict.fromkeys(now(str(mark)) for mark in marks)]}


def _most_like(text: str, others: Texts) -> str | None:
    """Return the mark of the text that is most like another; None if none is."""
    likeness = {
        mark: SequenceMatcher(None, text, other, autojunk=False).ratio()
        for mark, other in others.items()
    }
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best and likeness[best] >= _LIKE else None
