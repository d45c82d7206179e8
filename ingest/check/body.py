"""Whether a case's body is well formed: headings, source marks, characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ingest.documents import Document
from ingest.marks import read_marks
from kb.errors import shown
from kb.sections import OPEN_QUESTIONS, SECTIONS
from kb.types import Problem


def check_headings(document: Document) -> Iterator[Problem]:
    """Yield text outside the fixed sections, unknown headings, and an empty case."""
    seen: set[str] = set()
    for block in document.blocks:
        heading = block.heading
        if heading in seen:
            continue
        seen.add(heading)
        if not heading:
            yield Problem(
                document.path,
                block.line,
                "no-heading",
                "error",
                "text stands before the first section heading.",
                "Put it below one of the fixed headings.",
            )
        elif heading not in SECTIONS:
            yield Problem(
                document.path,
                block.heading_line,
                "unknown-heading",
                "error",
                f"the section heading {shown(heading)} is not one of ours.",
                f"Use one of: {'; '.join(SECTIONS)}.",
            )
    if not seen - {OPEN_QUESTIONS}:
        yield Problem(
            document.path,
            None,
            "no-statements",
            "error",
            "the case states nothing.",
            "Add at least one section with statements.",
        )


def check_marks(document: Document) -> Iterator[Problem]:
    """Yield statements and marks that rest on no source, and sources without any."""
    if not document.lines:
        return  # the front matter did not parse, which is reported already
    known = {key[1] for key in document.lines if key[0] == "sources" and len(key) == 2}
    used: set[str] = set()
    texts: Counter[str] = Counter()
    for block in document.blocks:
        for statement in read_marks(block.text):
            used.update(statement.source_ids)
            for mark in statement.source_ids:
                if mark not in known:
                    yield Problem(
                        document.path,
                        block.line,
                        "mark-without-source",
                        "error",
                        f"the source mark {mark} is not in the front matter.",
                        'Add it under "sources" or remove the mark.',
                    )
            if block.heading == OPEN_QUESTIONS:
                continue
            if not statement.source_ids:
                yield Problem(
                    document.path,
                    block.line,
                    "statement-without-mark",
                    "error",
                    f"the statement {shown(statement.text)} has no source mark.",
                    "Close it with the mark of its source, for example [^S1].",
                )
            texts[statement.text] += 1
            if texts[statement.text] == 2:
                yield Problem(
                    document.path,
                    block.line,
                    "repeated-statement",
                    "warning",
                    f"the statement {shown(statement.text)} stands twice in this case.",
                    "Remove one of the two.",
                )
    yield from _unused_sources(document, known - used)


def _unused_sources(document: Document, unused: set[str]) -> Iterator[Problem]:
    for source_id in sorted(unused):
        yield Problem(
            document.front_matter_path or document.path,
            document.lines.get(("sources", source_id)),
            "unused-source",
            "warning",
            f"the source {source_id} is not used by any statement.",
            "Mark the statements that rest on it, or remove it.",
        )


def check_characters(document: Document) -> Iterator[Problem]:
    """Yield the blocks that lost a letter on the way."""
    for block in document.blocks:
        if "\ufffd" in block.text:
            yield Problem(
                document.path,
                block.line,
                "encoding",
                "error",
                "the text holds the replacement character U+FFFD.",
                "Restore the lost letter from the original.",
            )
