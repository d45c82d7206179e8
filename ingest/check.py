"""The check of the corpus: every finding with file, line, rule and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.documents import Document
from ingest.marks import read_marks
from ingest.readers import read_file
from ingest.registry import Registry, case_id_of, list_case_files, read_registry
from ingest.sections import OPEN_QUESTIONS, SECTIONS
from kb.errors import CorpusError, DocumentError, shown
from kb.types import Problem, Severity

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SEVERITY_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "hint": 2}


def check_corpus(corpus_dir: Path) -> list[Problem]:
    """Return everything that is wrong with a corpus, by path and line.

    An unusable ``cities.yaml`` or ``themes.yaml`` is reported alone, because nothing
    else can be judged without it.
    """
    try:
        registry = read_registry(corpus_dir)
    except CorpusError as exc:
        place = exc.path or str(corpus_dir)
        return [Problem(place, exc.line, "registry", "error", exc.reason, exc.remedy)]
    files = list_case_files(corpus_dir)
    problems = list(duplicate_case_ids(files, corpus_dir))
    if not files:
        problems.append(
            Problem(
                str(corpus_dir),
                None,
                "empty-corpus",
                "error",
                "no city folder holds a case file.",
                "Add a case as <city>/<practice>.md (see corpus/README.md).",
            )
        )
    for path in files:
        try:
            document = read_file(path, corpus_dir)
        except DocumentError as exc:
            problems.append(problem_from(exc))
            continue
        problems += document.problems
        problems += unusable_case(document, registry)
        problems += _check_body(document)
    return sorted(
        problems, key=lambda p: (p.path, p.line or 0, _SEVERITY_ORDER[p.severity])
    )


def problem_from(error: DocumentError) -> Problem:
    """Return the finding for a file that its reader gave up on."""
    return Problem(
        error.path or "", error.line, error.rule, "error", error.reason, error.remedy
    )


def duplicate_case_ids(files: Iterable[Path], corpus_dir: Path) -> Iterator[Problem]:
    """Yield a problem for each file whose case id another file has taken before it."""
    taken: dict[str, Path] = {}
    for path in files:
        case_id = case_id_of(path, corpus_dir)
        if case_id in taken:
            yield Problem(
                path.relative_to(corpus_dir).as_posix(),
                None,
                "duplicate-id",
                "error",
                f"the case id {shown(case_id)} is already that of "
                f"{taken[case_id].relative_to(corpus_dir).as_posix()}.",
                "Rename one of the two files.",
            )
        taken.setdefault(case_id, path)


def unusable_case(document: Document, registry: Registry) -> Iterator[Problem]:
    """Yield the errors that keep a well-formed case out of the index."""
    case = document.case
    if case is None:
        return
    folder = case.case_id.partition("/")[0]
    stem = Path(document.path).stem
    if not _SLUG.fullmatch(stem):
        yield Problem(
            document.path,
            None,
            "file-name",
            "error",
            f"the file name {shown(stem)} is not a slug.",
            "Use lower-case letters a-z, digits and hyphens: it becomes the case id.",
        )
    if case.city not in registry.cities:
        yield _at(
            document,
            ("city",),
            "unknown-city",
            f"the city {shown(case.city)} is not in cities.yaml.",
            f"Use one of {', '.join(registry.cities)}.",
        )
    elif case.city != folder:
        yield _at(
            document,
            ("city",),
            "city-folder",
            f"the city {shown(case.city)} differs from the folder {shown(folder)}.",
            "Move the file or correct the city.",
        )
    for index, theme in enumerate(case.themes):
        if theme not in registry.themes:
            yield _at(
                document,
                ("themes", str(index)),
                "unknown-theme",
                f"the theme {shown(theme)} is not in themes.yaml.",
                f"Use one or more of {', '.join(registry.themes)}.",
            )


def _at(
    document: Document, key: tuple[str, ...], rule: str, reason: str, remedy: str
) -> Problem:
    line = document.lines.get(key) or document.lines.get(key[:1])
    return Problem(document.path, line, rule, "error", reason, remedy)


def _check_body(document: Document) -> Iterator[Problem]:
    if document.cites_itself:
        return
    yield from _check_headings(document)
    yield from _check_marks(document)
    yield from _check_characters(document)


def _check_headings(document: Document) -> Iterator[Problem]:
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


def _check_marks(document: Document) -> Iterator[Problem]:
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
    for source_id in sorted(known - used):
        yield Problem(
            document.path,
            document.lines.get(("sources", source_id)),
            "unused-source",
            "warning",
            f"the source {source_id} is not used by any statement.",
            "Mark the statements that rest on it, or remove it.",
        )


def _check_characters(document: Document) -> Iterator[Problem]:
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
