"""The whole check: every rule over every file, in one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from ingest.check.body import check_characters, check_headings, check_marks
from ingest.check.comparisons import checked_marks
from ingest.check.completeness import missing_sections, thin_parts
from ingest.check.figures import figures_without_unit, figures_without_year
from ingest.check.personal import personal_data
from ingest.check.references import Targets, dead_references, targets_in
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
from ingest.readers.content import Content
from ingest.registry import Registry, read_registry
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
) -> list[Problem]:
    """Return everything that is wrong with a corpus, by path and line.

    A folder that cannot be listed and an unusable ``cities.yaml`` or ``themes.yaml``
    are reported alone, because nothing else can be judged without them.

    Args:
        corpus_dir: The corpus folder.
        limits: What reading one file may cost.
        today: The day of the check, from which the age of sources counts.
        max_source_age: Years after its publication in which a source counts as recent.
        known: Texts of files that were read before.
    """
    try:
        registry = read_registry(corpus_dir)
        listing = list_corpus(corpus_dir)
    except CorpusError as exc:
        place = exc.path or str(corpus_dir)
        return [Problem(place, exc.line, "registry", "error", exc.reason, exc.remedy)]
    files, problems = listing.files, listing.problems
    if not files:
        problems.append(_empty(corpus_dir))
    documents: dict[Path, Document] = {}
    statements: list[PlacedStatement] = []
    results = read_files(
        files, corpus_dir, registry, limits, _TOKENS, rejected="read", known=known
    )
    for path, result in zip(files, results, strict=True):
        problems += result.problems
        if result.document:
            documents[path] = result.document
            statements += all_statements(result.document, result.split)
            problems += checked_marks(result.document, result.split)
    for document in documents.values():
        problems += _check_document(document, registry)
        problems += aged_sources(document, max_source_age, today)
    targets = targets_in(corpus_dir, files, documents.values(), registry)
    problems += _dead_references(documents, targets)
    problems += repeated_statements(statements)
    return sorted(
        problems, key=lambda p: (p.path, p.line or 0, _SEVERITY_ORDER[p.severity])
    )


def _dead_references(
    documents: Mapping[Path, Document], targets: Targets
) -> Iterator[Problem]:
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
