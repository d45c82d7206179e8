"""Entries put together to a short to-do list: one line a question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from ui.feedback.records import Entry, Kind, Todo


def grouped(placed: Sequence[tuple[str, int, Entry]]) -> list[Todo]:
    """Return one to-do for each topic, the newest entry first.

    Args:
        placed: Topic and place of each entry, and the entry, by ascending place.
    """
    by_topic: defaultdict[str, list[tuple[int, Entry]]] = defaultdict(list)
    for topic, place, entry in placed:
        by_topic[topic].append((place, entry))
    groups = sorted(by_topic.items(), key=lambda group: group[1][-1][0], reverse=True)
    return [
        _todo(f"{topic}-{found[-1][0]}", [entry for _, entry in found])
        for topic, found in groups
    ]


def _todo(todo_id: str, entries: Sequence[Entry]) -> Todo:
    ratings = [entry for entry in entries if entry.kind is Kind.RATING]
    # A rated passage says less than an answer about what was shown.
    of_answers = [entry for entry in entries if not entry.passage_id]
    newest = (of_answers or entries)[-1]
    last_settled = max(entries, key=lambda entry: str(entry.settled_on or ""))
    days = [entry.day for entry in entries]
    return Todo(
        todo_id=todo_id,
        shown=newest.shown,
        first_day=min(days),
        last_day=max(days),
        unanswered=_times(entries, Kind.UNANSWERED),
        rated_down=len(ratings),
        sent=_times(entries, Kind.SENT),
        reasons=tuple(Counter(r.reason for r in ratings if r.reason).most_common()),
        comments=tuple(r.comment for r in reversed(ratings) if r.comment),
        passages=_most_frequent(r.passage_id for r in ratings if r.passage_id),
        settled_on=last_settled.settled_on,
        note=last_settled.note,
    )


def _times(entries: Sequence[Entry], kind: Kind) -> int:
    return sum(entry.times for entry in entries if entry.kind is kind)


def _most_frequent(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value, _ in Counter(values).most_common())
