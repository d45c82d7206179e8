"""The whole check: every rule over every file, in one list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from ingest.check.body import check_characters, check_headings, check_marks
from ingest.check.comparisons import checked_marks
from ingest.check.completeness import missing_sections, thin_parts
from ingest.check.facts import facts_hold
from ingest.check.figures import figures_without_unit, figures_without_year
from ingest.check.personal import personal_data
from ingest.check.references import dead_references, targets_in
from ingest.check.repeats import repeated_statements
from ingest.check.sources import aged_sources, undated_sources
from ingest.check.statements import (
    PlacedStatement,
    all_statements,
    marked_statements,
)
from ingest.check.wording import leaning_statements, long_statements
from ingest.documents import Document
from ingest.limits import Limits
from ingest.listing import list_corpus
from ingest.published import Published
from ingest.readers.content import Content
from ingest.registry import Registry, read_registry
from ingest.reviews import compare_texts
from ingest.worker import read_files
from kb.errors import CorpusError
from kb.types import Problem, Severity

# Only where the sentences of a report are cut into passages, which no rule looks at.
_TOKENS = 300
_SEVERITY_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "hint": 2}


def check_corpus(
    corpus_dir: Path,
    limits: Limits,
    *,
    today: date,
    max_source_age: int = 15,
    known: Mapping[Path, Content] | None = None,
    published: Published | None = None,
) -> list[Problem]:
    """Return everything that is wrong with a corpus, by path and line.

    Where folder, cities or themes cannot be used, that is reported alone.

    Args:
        corpus_dir: The corpus folder.
        limits: What reading one file may cost.
        today: The day of the check, from which the age of sources counts.
        max_source_age: Years after its publication in which a source counts as recent.
        known: Texts of files that were read before.
        published: What the index holds, so that a change of what was reviewed shows.
    """
    try:
        registry = read_registry(corpus_dir)
        listing = list_corpus(corpus_dir)
    except CorpusError as exc:
        return [_of_the_whole(exc, corpus_dir)]
    files, problems = listing.files, listing.problems
    problems += [] if files else [_empty(corpus_dir)]
    results = read_files(
        files, corpus_dir, registry, limits, _TOKENS, rejected="read", known=known
    )
    read = dict(zip(files, results, strict=True))
    documents = {path: file.document for path, file in read.items() if file.document}
    statements: list[PlacedStatement] = []
    for file in read.values():
        problems += file.problems
        if document := file.document:
            statements += all_statements(document, file.split)
            problems += checked_marks(document, file.split)
            problems += facts_hold(document, file.split, today)
            problems += _check_document(document, registry)
            problems += aged_sources(document, max_source_age, today)
    problems += _dead_references(files, documents, corpus_dir, registry)
    problems += repeated_statements(statements)
    if published:
        present = [file.relative_to(corpus_dir).as_posix() for file in files]
        problems += _to_confirm(list(documents.values()), present, published)
    return _in_order(problems)


def _to_confirm(
    documents: Sequence[Document], present: Collection[str], published: Published
) -> list[Problem]:
    cases = [document.case for document in documents if document.case]
    texts = [document.text for document in documents if document.text]
    return compare_texts(cases, texts, present, published.texts).problems


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(
        problems, key=lambda p: (p.path, p.line or 0, _SEVERITY_ORDER[p.severity])
    )


def _of_the_whole(error: CorpusError, corpus_dir: Path) -> Problem:
    """Return the finding that nothing of the corpus can be judged."""
    place = error.path or str(corpus_dir)
    return Problem(place, error.line, "registry", "error", error.reason, error.remedy)


def _dead_references(
    files: list[Path],
    documents: Mapping[Path, Document],
    corpus_dir: Path,
    registry: Registry,
) -> Iterator[Problem]:
    targets = targets_in(corpus_dir, files, documents.values(), registry)
    for path, document in documents.items():
        if path.suffix.lower() == ".md":
            with suppress(OSError):  # it was removed or renamed during the check
                yield from dead_references(document, path.read_bytes(), targets)


def _empty(corpus_dir: Path) -> Problem:
    return Problem(
        str(corpus_dir),
        None,
        "empty-corpus",
        "error",
        "no city folder holds a case file.",
        "Add a case as <city>/<practice>.md (see corpus/README.md).",
    )


def _check_document(document: Document, registry: Registry) -> Iterator[Problem]:
    yield from undated_sources(document)
    yield from personal_data(document, registry)
    if document.cites_itself:
        return  # a report has headings and sentences of its own
    yield from check_headings(document)
    yield from check_marks(document)
    yield from check_characters(document)
    statements = marked_statements(document)
    yield from missing_sections(document, statements)
    yield from thin_parts(document, statements)
    about = f"{document.case.city} {document.case.title}" if document.case else ""
    yield from leaning_statements(statements, about)
    yield from long_statements(statements)
    yield from figures_without_unit(statements)
    if case := document.case:
        sources = {source.source_id: source for source in case.sources}
        yield from figures_without_year(statements, sources)
