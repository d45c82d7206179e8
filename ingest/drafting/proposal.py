"""What saving a draft would change in the corpus, and what speaks against it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.background import check_in_background
from ingest.documents import Document
from ingest.drafting.comparisons import with_marks_that_hold
from ingest.drafting.draft import CaseDraft, StagingFolder, digest_of
from ingest.drafting.header import HeaderValues, header_of, rewritten, yaml_of
from ingest.drafting.place import misnamed, misplaced, present_files, taken
from ingest.filing import unusable_case
from ingest.registry import (
    CITIES_FILE,
    SIDECAR_SUFFIX,
    THEMES_FILE,
    Registry,
    current_registry,
)
from kb.settings import Settings
from kb.types import Problem

_TEXTS = (".md", ".txt", SIDECAR_SUFFIX)
_REGISTRY = (CITIES_FILE, THEMES_FILE)
_NEEDS_ALL_CASES = ("dead-reference",)
"""Rules that mean nothing where the other cases are missing."""


@dataclass(frozen=True)
class FileChange:
    """One file of the corpus that saving would write or take away."""

    path: str
    """Below the corpus folder, with forward slashes."""
    old: bytes | None
    """What it holds now; None where there is no such file."""
    new: bytes | None
    """What it would hold; None if it would be taken away."""

    @property
    def diff(self) -> str | None:
        """The unified difference from old to new; None for a file that is no text."""
        if not self.path.endswith(_TEXTS):
            return None
        lines = difflib.unified_diff(
            _lines(self.old),
            _lines(self.new),
            self.path if self.old is not None else "/dev/null",
            self.path if self.new is not None else "/dev/null",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)

    @property
    def digest(self) -> str | None:
        """The SHA-256 of what it would hold, in hexadecimal digits."""
        return digest_of(self.new)


@dataclass(frozen=True)
class CaseProposal:
    """What saving a draft would do."""

    case_id: str
    """Empty as long as city and name do not make one."""
    changes: tuple[FileChange, ...]
    """Empty if nothing would change, or there is no place for the draft yet."""
    problems: tuple[Problem, ...]
    """What an ingestion would reject, and what speaks against the place."""
    missing: tuple[tuple[str, ...], ...]
    """Keys of the front matter that are needed and empty; `problems` tells them too."""
    wrong: tuple[Problem, ...]
    """The problems but for those of what is missing."""
    changed_meanwhile: bool
    """True when the case's files are not what they were when the draft was opened."""

    @property
    def is_sound(self) -> bool:
        """Whether it may be saved."""
        return not any(problem.severity == "error" for problem in self.problems)


def propose(
    draft: CaseDraft,
    values: HeaderValues,
    settings: Settings,
    *,
    stem: str = "",
    text: str | None = None,
    replace: bool = False,
) -> CaseProposal:
    """Return what saving a draft with these values would do; nothing is written.

    It takes milliseconds: a page can call it whenever a value changes.

    Args:
        draft: The file.
        values: What its front matter shall say.
        settings: The corpus.
        stem: The file's name without its ending; empty takes the one proposed. A case
            that is being edited keeps its own, because its id never changes.
        text: Another body for a draft that has one; None keeps it byte for byte.
        replace: Whether an upload may take the place of the case that has its id.

    Raises:
        CorpusError: The corpus folder, its cities or its themes cannot be used.
        KnowledgeBaseError: The draft's copy is gone.
    """
    folder, registry = settings.corpus_dir, current_registry(settings.corpus_dir)
    path = draft.replaces or _new_path(draft, values, stem or draft.stem, registry)
    problems, others = _judged(path, folder, is_new=not draft.replaces, replace=replace)
    has_place = bool(path) and not problems
    shown_path = path or f"{draft.stem}{draft.suffix}"
    written, header = _written(draft, values, shown_path, text, settings)
    problems += _header_problems(values, header, shown_path, registry)
    missing = values.missing()
    lines = header_of(header.block, header.path, header.first_line).lines
    of_missing = {lines[key] for key in missing if key in lines}
    return CaseProposal(
        case_id=path.rpartition(".")[0],
        changes=tuple(_changes(folder, written, others)) if has_place else (),
        problems=tuple(problems),
        missing=tuple(missing),
        wrong=tuple(
            p for p in problems if p.path != header.path or p.line not in of_missing
        ),
        changed_meanwhile=any(
            digest_of(content_of(folder / name)) != before
            for name, before in (draft.opened or {}).items()
        ),
    )


def check_proposal(
    draft: CaseDraft, proposal: CaseProposal, settings: Settings
) -> list[Problem]:
    """Return what `mentorkb check` would find in the case once it is saved.

    It takes seconds: the files are read in a process of their own, but for a report,
    whose text is what it was when the draft was opened.

    Raises:
        KnowledgeBaseError: There is no room for a copy, the draft's own is gone, or the
            process cannot be started or ended early.
    """
    path = draft.replaces or f"{proposal.case_id}{draft.suffix}"
    files = {path: draft.content()}
    if draft.sidecar is not None:
        files[f"{path}{SIDECAR_SUFFIX}"] = draft.sidecar.encode()
    files |= {c.path: c.new for c in proposal.changes if c.new is not None}
    registry = {n: content_of(settings.corpus_dir / n) for n in _REGISTRY}
    files |= {name: raw for name, raw in registry.items() if raw is not None}
    folder = StagingFolder(files)
    alone = settings.model_copy(update={"corpus_dir": folder.path})
    known = {}
    if draft.text is None and draft.preview.content:
        known[folder.path / path] = draft.preview.content
    found = check_in_background(alone, known).result()
    return [problem for problem in found if problem.rule not in _NEEDS_ALL_CASES]


def content_of(path: Path) -> bytes | None:
    """Return the bytes of a file, or None where there is none that can be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _new_path(
    draft: CaseDraft, values: HeaderValues, stem: str, registry: Registry
) -> str:
    """Return where an upload would lie, or nothing as long as its city is unknown."""
    return (
        f"{values.city}/{stem}{draft.suffix}" if values.city in registry.cities else ""
    )


def _judged(
    path: str, folder: Path, *, is_new: bool, replace: bool
) -> tuple[list[Problem], list[str]]:
    """Return what speaks against a path, and the files that have its case id."""
    if not path:
        return [], []
    problems = misnamed(path) if is_new else []
    others = present_files(path, folder) if is_new and not problems else []
    if others and not replace:
        problems.append(taken(path, others[0]))
    return problems + misplaced(path, folder), others


@dataclass(frozen=True)
class _WrittenHeader:
    """Where a front matter will stand."""

    block: str
    path: str
    first_line: int


def _written(
    draft: CaseDraft,
    values: HeaderValues,
    path: str,
    text: str | None,
    settings: Settings,
) -> tuple[dict[str, bytes], _WrittenHeader]:
    """Return the bytes of the files that saving writes, by path, document first."""
    if draft.text is not None and draft.sidecar is None:
        block, before = draft.text.block, draft.text.text
        if block is not None:
            values = with_marks_that_hold(
                values,
                before if text is None else text,
                HeaderValues.of(header_of(block).values),
                before,
                draft.suffix,
                settings,
            )
        new = yaml_of(values) if block is None else rewritten(block, values)
        raw = draft.text.with_block(new, text)
        return {path: raw}, _WrittenHeader(new, path, 2)
    new = yaml_of(values) if draft.sidecar is None else rewritten(draft.sidecar, values)
    beside = f"{path}{SIDECAR_SUFFIX}"
    files = {} if draft.replaces else {path: draft.content()}
    return files | {beside: new.encode()}, _WrittenHeader(new, beside, 1)


def _header_problems(
    values: HeaderValues, header: _WrittenHeader, path: str, registry: Registry
) -> Iterator[Problem]:
    for source_id, n in Counter(s.source_id.strip() for s in values.sources).items():
        if n > 1:
            yield Problem(
                header.path,
                None,
                "duplicate-key",
                "error",
                f"the source id {source_id!r} is given {n} times.",
                "Give each source an id of its own.",
            )
    read = header_of(header.block, header.path, header.first_line)
    yield from read.problems
    if read.front_matter:
        document = Document(
            path=path,
            case=read.front_matter.as_case(path.rpartition(".")[0], path),
            lines=read.lines,
            front_matter_path=header.path,
        )
        yield from unusable_case(document, registry)


def _changes(
    folder: Path, written: dict[str, bytes], others: Sequence[str]
) -> Iterator[FileChange]:
    """Yield what would differ from the corpus as it is now."""
    for path, new in written.items():
        old = content_of(folder / path)
        if old != new:
            yield FileChange(path, old, new)
    for path in others:
        if path not in written:
            yield FileChange(path, content_of(folder / path), None)


def _lines(raw: bytes | None) -> list[str]:
    text = (raw or b"").decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)
