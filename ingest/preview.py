"""How a file is read: every passage and statement, before it is part of the corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ingest.confined import ReadFile
from ingest.documents import Units
from ingest.figures import figure_entry, is_listed, proposed_figures
from ingest.limits import Limits
from ingest.readers.content import Content
from ingest.registry import Registry, case_id_of
from ingest.terminal import problem_text
from ingest.worker import read_files
from kb.question.language import UNKNOWN
from kb.records import problem_records
from kb.review import mark_of
from kb.types import KeyFigure, Problem, Statement

_NOT_YET_FILED = ("city-folder",)
"""Rules that mean nothing for a file that lies in no city's folder yet."""


@dataclass(frozen=True)
class PreviewedStatement:
    """A statement with the marks of its sources, and its own."""

    text: str
    sources: tuple[str, ...]
    mark: str
    """By which the front matter names it, once it was compared with its source."""


@dataclass(frozen=True)
class PreviewedPassage:
    """A passage with its statements, in reading order."""

    passage_id: str
    section: str
    page: int | None
    """1-based; None for formats without pages."""
    language: str
    """ISO 639-1 code."""
    text: str
    statements: tuple[PreviewedStatement, ...]
    uncertain: bool = False
    """Whether its figures may not be as on the page."""


@dataclass(frozen=True)
class PreviewedSection:
    """How much a section holds."""

    section: str
    passages: int
    statements: int


@dataclass(frozen=True)
class Preview:
    """How a file is read; without passages when it cannot be read at all."""

    path: str
    """As the user named it."""
    case_id: str
    title: str
    """Empty when the front matter gives none."""
    heading: str
    """The title that stands in the text; empty when no heading is one."""
    format: str
    """The file name's ending, in lower case and without its dot."""
    language: str
    """ISO 639-1 code of the text's main language, or ``und``."""
    pages: int | None
    """The last page with text; None for formats without pages."""
    sections: tuple[PreviewedSection, ...]
    passages: tuple[PreviewedPassage, ...]
    open_questions: tuple[str, ...]
    problems: tuple[Problem, ...]
    figures: tuple[KeyFigure, ...] = ()
    """Key figures that were read automatically, and that nobody has confirmed."""
    content: Content | None = field(default=None, repr=False)
    """Its text as its reader returned it, for another reading of the same bytes."""


def preview(
    path: Path,
    corpus_dir: Path,
    registry: Registry,
    limits: Limits,
    passage_tokens: int,
) -> Preview:
    """Read and split one file as an ingestion would, and keep everything to look at.

    The file may lie anywhere, and its front matter may be wrong or missing: the text is
    read all the same, and the problems say what an ingestion would reject.

    Args:
        path: The file.
        corpus_dir: Folder with the case files; nothing is written there.
        registry: The cities and themes that cases may name.
        limits: The most that reading the file may cost.
        passage_tokens: Longest passage, see `ingest.split.split_document`.
    """
    # A link in the corpus is filed under its own name: only the folder is resolved.
    place, root = path.parent.resolve() / path.name, corpus_dir.resolve()
    is_filed = place.is_relative_to(root) and len(place.relative_to(root).parts) > 1
    if not is_filed:
        root = place.parent.parent
    (result,) = read_files(
        [place], root, registry, limits, passage_tokens, rejected="split"
    )
    case = result.split.cases[0] if result.split else None
    return Preview(
        path=str(path),
        case_id=case_id_of(place, root),
        title=case.title if case else "",
        heading=result.document.title if result.document else "",
        format=path.suffix.lower().removeprefix("."),
        language=case.language if case else UNKNOWN,
        pages=_last_page(result),
        sections=tuple(_sections(result.split)) if result.split else (),
        passages=tuple(_passages(result.split)) if result.split else (),
        open_questions=tuple(q.text for q in result.split.open_questions)
        if result.split
        else (),
        problems=tuple(
            replace(p, path=p.path.replace(result.path, str(path), 1))
            for p in result.problems
            if is_filed or p.rule not in _NOT_YET_FILED
        ),
        figures=_figures(result),
        content=result.content,
    )


def _figures(result: ReadFile) -> tuple[KeyFigure, ...]:
    """Return the figures that are proposed: those that nobody has listed yet."""
    if result.split is None:
        return ()
    listed = [figure_entry(figure) for figure in result.split.figures]
    read = proposed_figures(result.split.statements, result.split.cases[0].language)
    return tuple(figure for figure in read if not is_listed(figure, listed))


def _last_page(result: ReadFile) -> int | None:
    blocks = result.document.blocks if result.document else []
    return max((block.page for block in blocks if block.page), default=None)


def _sections(split: Units) -> Iterator[PreviewedSection]:
    passages = Counter(passage.section for passage in split.passages)
    statements = Counter(statement.section for statement in split.statements)
    for section, number in passages.items():
        yield PreviewedSection(section, number, statements[section])


def _passages(split: Units) -> Iterator[PreviewedPassage]:
    statements: dict[str, list[Statement]] = {}
    for statement in split.statements:
        statements.setdefault(statement.passage_id, []).append(statement)
    for passage in split.passages:
        yield PreviewedPassage(
            passage_id=passage.passage_id,
            section=passage.section,
            page=passage.page,
            language=passage.language,
            text=passage.text,
            statements=tuple(
                PreviewedStatement(
                    statement.text,
                    statement.source_ids,
                    mark_of(statement.statement_id),
                )
                for statement in statements.get(passage.passage_id, [])
            ),
            uncertain=passage.uncertain,
        )


def preview_record(preview: Preview) -> dict[str, Any]:
    """Return a preview as the JSON of ``mentorkb preview --json``."""
    record = asdict(replace(preview, content=None))
    del record["content"]
    return {**record, "problems": problem_records(preview.problems)}


def preview_text(preview: Preview) -> str:
    """Return a preview for the terminal: counts, problems, sections, then the text."""
    n_statements = sum(section.statements for section in preview.sections)
    pages = f", {preview.pages} pages" if preview.pages else ""
    lines = [
        preview.title or "(no title)",
        f"{preview.case_id}, format {preview.format or 'unknown'}, "
        f"language {preview.language}{pages}",
        f"{len(preview.sections)} sections, {len(preview.passages)} passages, "
        f"{n_statements} statements, {len(preview.open_questions)} open questions, "
        f"problems: {len(preview.problems)}",
    ]
    lines += [problem_text(problem) for problem in preview.problems]
    if preview.sections:
        lines += ["", "passages  statements  section"]
    lines += [
        f"{section.passages:8}  {section.statements:10}  {section.section or '-'}"
        for section in preview.sections
    ]
    for passage in preview.passages:
        page = f", page {passage.page}" if passage.page else ""
        page += ", figures uncertain" if passage.uncertain else ""
        lines += ["", f"[{passage.passage_id}{page}, {passage.language}]"]
        lines += [_statement_line(statement) for statement in passage.statements]
        if not passage.statements:
            lines.append(f"  (no statement) {passage.text}")
    if preview.open_questions:
        lines += ["", "[open questions]"]
    lines += [f"  ? {question}" for question in preview.open_questions]
    if preview.figures:
        lines += ["", "[key figures, read automatically: nobody has confirmed them]"]
    lines += [_figure_line(figure) for figure in preview.figures]
    return "\n".join(lines)


def _statement_line(statement: PreviewedStatement) -> str:
    marks = "".join(f" [{source_id}]" for source_id in statement.sources)
    return f"  - {statement.text}{marks} ({statement.mark})"


def _figure_line(figure: KeyFigure) -> str:
    to = "" if figure.value_to is None else f" to {figure.value_to:,.15g}"
    value = "?" if figure.value is None else f"{figure.value:,.15g}{to}"
    per = f" per {figure.per}" if figure.per else ""
    year = f", {figure.year}" if figure.year else ""
    mark = mark_of(figure.statement_id)
    return (
        f"  {figure.kind}: {value} {figure.unit}{per}{year} ({figure.quote!r}, {mark})"
    )
