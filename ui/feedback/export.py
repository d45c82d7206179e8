"""Feedback as CSV, for the facilitator of a discussion group."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import TextIO

from kb.types import AbstentionReason
from ui.feedback.records import Entry, Kind, Verdict
from ui.spreadsheet import harmless

ENCODING = "utf-8-sig"
"""For a file: without the mark at its beginning, Excel on Windows takes the letters of
other languages for something else. Not for stdout, where a program would read the mark
as part of the first column's name."""

COLUMNS = (
    "Day",
    "What happened",
    "Question",
    "Language",
    "Only these cities",
    "Only these themes",
    "Times",
    "Reason",
    "Comment",
    "About",
    "Why there was no answer",
    "Cases shown",
    "Passages shown",
    "Settled on",
    "Expert's note",
    "Index",
    "Settings",
)
_HAPPENED: Mapping[Kind | Verdict, str] = {
    Kind.UNANSWERED: "found no answer",
    Kind.SENT: "sent to the discussion group",
    Verdict.UP: "thumb up",
    Verdict.DOWN: "thumb down",
}
_NO_ANSWER: Mapping[AbstentionReason, str] = {
    "": "",
    "off-topic": "off topic",
    "elsewhere": "about another place",
    "open-question": "the sources leave it open",
    "no-direct-answer": "only close statements",
    "weak-evidence": "nothing close enough",
}


def write_csv(entries: Iterable[Entry], file: TextIO) -> None:
    """Write entries as CSV with a header, one row an entry, in their order.

    What a spreadsheet would compute gets an apostrophe before it.

    Args:
        entries: The entries.
        file: Opened for text with ``newline=""``, a file in `ENCODING`.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([harmless(cell) for cell in _cells(entry)])


def _cells(entry: Entry) -> list[str]:
    shown = entry.shown
    return [
        entry.day.isoformat(),
        _HAPPENED[entry.verdict or entry.kind],
        shown.question,
        shown.language,
        " ".join(shown.cities),
        " ".join(shown.themes),
        str(entry.times),
        entry.reason or "",
        entry.comment,
        _about(entry),
        _NO_ANSWER[shown.reason_code],
        " ".join(shown.cases),
        " ".join(shown.passages),
        entry.settled_on.isoformat() if entry.settled_on else "",
        entry.note,
        shown.generation,
        shown.settings_digest,
    ]


def _about(entry: Entry) -> str:
    """Return what was rated: the answer, or the ids of passage and statement."""
    if entry.kind is not Kind.RATING:
        return ""
    if not entry.passage_id:
        return "the answer"
    return f"passage {entry.passage_id}, statement {entry.statement_id}"
