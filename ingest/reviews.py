"""What an expert has to say again when a text is no longer the one it was said of.

A review stands for the text that the expert has read, the title and the years of a
report for that report. The index remembers a digest of each text, also of files that
are gone or rejected, so that a change shows; a review can also name the text itself
(``text`` in the front matter), which the page Curate and `mentorkb move` write.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.documents import CaseText
from ingest.registry import case_id_of
from ingest.texts import MARK_DIGITS, text_digest
from kb.index.catalogue import TextRecord
from kb.types import Case, Problem

RENAMED = "renamed-file"
"""Rule of a new file that has the text of one that is gone."""


@dataclass
class Confirmations:
    """The texts of a corpus beside those that are remembered."""

    texts: dict[str, TextRecord] = field(default_factory=dict)
    """What is to be remembered of each case file, by its path."""
    problems: list[Problem] = field(default_factory=list)
    """What somebody has to say again; all of them warnings."""
    outdated: set[str] = field(default_factory=set)
    """Paths of cases whose review stands for another text than theirs."""

    def as_they_stand(self, cases: Iterable[Case]) -> list[Case]:
        """Return cases; one whose review is outdated is a draft until it is renewed."""
        return [
            replace(case, review=replace(case.review, status="draft", by=None, on=None))
            if case.path in self.outdated
            else case
            for case in cases
        ]


def compare_texts(
    cases: Iterable[Case],
    texts: Iterable[CaseText],
    present: Collection[str],
    remembered: Mapping[str, TextRecord],
) -> Confirmations:
    """Return what became of the texts, and what that asks.

    Args:
        cases: Those that were read.
        texts: Of each of them.
        present: Paths of all files of the corpus.
        remembered: What is known of the texts from before; where nothing is, a text
            counts as the one that was reviewed.
    """
    # What is rejected or gone for a while may come back with another text.
    found = Confirmations(dict(remembered))
    text_of = {text.path: text for text in texts}
    for case in cases:
        text = text_of[case.path]
        known = known_path(case.path, text.digest, present, remembered)
        before = remembered.get(known) if known else None
        record = _record(case, text, before)
        found.texts[case.path] = record
        if record.review and record.reviewed != record.digest:
            found.outdated.add(case.path)
            found.problems.append(_outdated(text, record))
        if before and known == case.path:
            found.problems += _replaced(text, record, before)
        elif known:
            found.problems.append(_renamed(case.path, known))
    return found


def known_path(
    path: str,
    digest: str,
    present: Collection[str],
    remembered: Mapping[str, TextRecord],
) -> str | None:
    """Return under which path a case file is remembered; None if it is new.

    That is its own, else the path of a file that is gone and had the same text.
    """
    if path in remembered:
        return path
    gone = (p for p, r in remembered.items() if r.digest == digest and p not in present)
    return next(gone, None)


def reviewed_text(
    digest: str, named: str | None, review: str, before: TextRecord | None
) -> str:
    """Return the digest, or its beginning, of the text that a review stands for.

    Args:
        digest: Of the text beside it.
        named: The text that it names itself.
        review: Who gave it and when, as `review_told` says it.
        before: What is remembered of the file.
    """
    if named:
        # It is shorter: where it fits, the digest that it stands for is this one.
        return digest if digest.startswith(named) else named
    is_known = before is not None and before.review == review
    return (before.reviewed if before and is_known else None) or digest


def review_told(by: str | None, on: object) -> str:
    """Return who has reviewed a text and when."""
    return f"{by}, {on}"


def _record(case: Case, text: CaseText, before: TextRecord | None) -> TextRecord:
    title = text_digest(case.title)
    years = text_digest("\n".join(str(source.year) for source in case.sources))
    described = f"{title} {years}"
    if case.review.status != "reviewed":
        return TextRecord(text.digest, described, None, None)
    review = review_told(case.review.by, case.review.on)
    stands_for = reviewed_text(text.digest, text.named, review, before)
    return TextRecord(text.digest, described, review, stands_for)


def _outdated(text: CaseText, record: TextRecord) -> Problem:
    return Problem(
        text.front_matter_path,
        text.review_line,
        "outdated-review",
        "warning",
        f"the text has changed since it was reviewed ({record.review}), so it counts "
        "as a draft.",
        "If an expert has read it as it is now, write the new day as `on`, or on the "
        f'same day `text: "{text.digest[:MARK_DIGITS]}"` below it; otherwise '
        "`status: draft`.",
    )


def _replaced(
    text: CaseText, record: TextRecord, before: TextRecord
) -> Iterator[Problem]:
    """Yield what stayed of the description of a report that is another one."""
    if text.front_matter_path == text.path or record.digest == before.digest:
        return
    parts = zip(record.described.split(), before.described.split(), strict=True)
    same = [
        name
        for name, (now, then) in zip(("title", "years"), parts, strict=True)
        if now == then
    ]
    if same:
        yield Problem(
            text.front_matter_path,
            text.title_line,
            "replaced-document",
            "warning",
            f"{text.path} was replaced, but {' and '.join(same)} "
            f"{'is' if same == ['title'] else 'are'} as for the document before.",
            "Compare them with the new document, and the summary and `review`, too.",
        )


def _renamed(path: str, old: str) -> Problem:
    ids = [case_id_of(Path(name), Path()) for name in (old, path)]
    return Problem(
        path,
        None,
        RENAMED,
        "warning",
        f"it has the text of {old}, which was published and is gone: the case id "
        f"changes from {ids[0]} to {ids[1]}, and links, judgements, feedback and kept "
        "addresses that name the old one find nothing.",
        f"To keep the id: `mentorkb move {path} {old}`.",
    )
