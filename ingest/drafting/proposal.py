"""What saving a draft would change in the corpus, and what speaks against it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.background import check_in_background
from ingest.documents import Document
from ingest.drafting.comparisons import (
    GivenReview,
    with_marks_that_hold,
    with_review_that_holds,
)
from ingest.drafting.draft import (
    CaseDraft,
    StagingFolder,
    content_of,
    digest_of,
    is_outdated,
    is_there,
)
from ingest.drafting.facts import with_facts_that_follow
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
from ingest.reviews import RENAMED
from kb.settings import Settings
from kb.types import Problem

_TEXTS = (".md", ".txt", SIDECAR_SUFFIX)
_REGISTRY = (CITIES_FILE, THEMES_FILE)
_NEEDS_ALL_CASES = ("dead-reference", RENAMED)
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
    review_lapses: bool
    """True when a review that the form names is of another text, and is left out."""
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
    confirmed: str = "",
) -> CaseProposal:
    """Return what saving a draft with these values would do; nothing is written.

    Args:
        draft: The file.
        values: What its front matter shall say.
        settings: The corpus.
        stem: The file's name without its ending; empty takes the one proposed. A case
            that is being edited keeps its own, because its id never changes.
        text: Another body for a draft that has one; None keeps it byte for byte.
        replace: Whether an upload may take the place of the case that has its id.
        confirmed: Mark of the text that an expert has read today (`CaseDraft.mark`).

    Raises:
        CorpusError: The corpus folder, its cities or its themes cannot be used.
        KnowledgeBaseError: The draft's copy is gone.
    """
    folder, registry = settings.corpus_dir, current_registry(settings.corpus_dir)
    path = draft.replaces or _new_path(draft, values, stem or draft.stem, registry)
    problems, others = _judged(path, folder, is_new=not draft.replaces, replace=replace)
    changed_meanwhile = is_outdated(draft, settings)
    problems += _gone(draft, settings) if changed_meanwhile else []
    has_place = bool(path) and not problems
    shown_path = path or f"{draft.stem}{draft.suffix}"
    given = _given_review(draft, others, folder)
    mark = draft.mark(text) if values.status == "reviewed" else ""
    stands = with_review_that_holds(values, given, mark, confirmed)
    written, header = _written(draft, stands, shown_path, text, settings)
    problems += _header_problems(stands, header, shown_path, registry)
    missing = stands.missing()
    return CaseProposal(
        case_id=path.rpartition(".")[0],
        changes=tuple(_changes(folder, written, others)) if has_place else (),
        problems=tuple(problems),
        missing=tuple(missing),
        wrong=tuple(_but_for_missing(problems, header, missing)),
        review_lapses=values.status == "reviewed" != stands.status,
        changed_meanwhile=changed_meanwhile,
    )


def _but_for_missing(
    problems: Sequence[Problem],
    header: _WrittenHeader,
    missing: Sequence[tuple[str, ...]],
) -> Iterator[Problem]:
    """Yield the problems that do not stand in the line of an empty key."""
    lines = header_of(header.block, header.path, header.first_line).lines
    of_missing = {lines[key] for key in missing if key in lines}
    for problem in problems:
        if problem.path != header.path or problem.line not in of_missing:
            yield problem


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


def _gone(draft: CaseDraft, settings: Settings) -> list[Problem]:
    """Return that the case is not where it was opened; empty if it is."""
    if is_there(draft, settings):
        return []
    reason = "the case was moved or removed while you were working on it."
    remedy = (
        "Copy what you want to keep, close it without saving, and open it under its "
        "new name."
    )
    return [Problem(draft.name, None, "case-gone", "error", reason, remedy)]


def _given_review(
    draft: CaseDraft, others: Sequence[str], folder: Path
) -> GivenReview | None:
    """Return the review that the draft bears.

    One in an upload that takes the place of a case may be of that case's text: unless
    it names its text, it stands for none that is known.
    """
    given = draft.review
    if not given or draft.values.reviewed_text or not others:
        return given
    is_same = draft.content() in [content_of(folder / path) for path in others]
    return given if is_same else GivenReview(given.on, "")


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
            now = before if text is None else text
            values = with_marks_that_hold(
                values,
                now,
                HeaderValues.of(header_of(block).values),
                before,
                draft.suffix,
                settings,
            )
            values = with_facts_that_follow(values, now, before, draft.suffix, settings)
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
