"""A proposal written into the corpus: whole or not at all, and nothing lost.

The order of the steps lets a crash leave only what an ingestion rejects and names: new
files come under names that it passes over; a new document comes after its sidecar; of a
document that is replaced the old sidecar goes first, so that no text ever stands under
the front matter of another; and a file of another format, whose case is replaced, goes
last.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from ingest.drafting.draft import content_of
from ingest.drafting.place import misplaced
from ingest.drafting.proposal import CaseProposal, FileChange
from ingest.registry import SIDECAR_SUFFIX
from kb.errors import KnowledgeBaseError
from kb.settings import Settings

logger = logging.getLogger(__name__)

REPLACED = ".replaced"
"""Folder of the corpus with earlier versions; an ingestion passes over it."""
_NEW = ".mentorkb-new-"
_WAIT_SECONDS = 10


class DraftOutdatedError(KnowledgeBaseError):
    """A file of the corpus is not what it was when the draft was compared with it."""


def save_proposal(proposal: CaseProposal, settings: Settings) -> list[Path]:
    """Write what a proposal says into the corpus folder, all of it or nothing.

    Every file that is replaced or taken away is kept first: below ``.replaced`` and the
    time (UTC) in the corpus folder.

    Args:
        proposal: What the expert has seen.
        settings: The corpus.

    Returns:
        Where the earlier versions are kept, in the order of the changes; empty if there
        were none.

    Raises:
        DraftOutdatedError: A file is not what it was for the proposal.
        KnowledgeBaseError: The proposal is not sound, or the folder cannot be written;
            then it is as it was before.
    """
    folder, changes = settings.corpus_dir, proposal.changes
    found = [p for p in proposal.problems if p.severity == "error"]
    found += [p for change in changes for p in misplaced(change.path, folder)]
    for problem in found:
        raise KnowledgeBaseError(problem.reason, problem.remedy, path=problem.path)
    with explained(), only_one(folder), ExitStack() as undo:
        for change in changes:
            _require_unchanged(change, folder)
        for place in {(folder / change.path).parent for change in changes}:
            place.mkdir(exist_ok=True)
            for left_over in place.glob(f"{_NEW}*"):  # of a save that was killed
                left_over.unlink()
        kept = _keep(changes, folder, undo)
        new = {
            change.path: written(folder / change.path, change.new, undo)
            for change in changes
            if change.new is not None
        }
        _put_in_place(changes, new, kept, folder, undo)
        undo.pop_all()
    logger.info("saved %s: %d files", proposal.case_id, len(changes))
    return list(kept.values())


@contextmanager
def explained() -> Iterator[None]:
    """Say of an error of the disk that nothing was changed in the corpus."""
    try:
        yield
    except OSError as exc:
        raise KnowledgeBaseError(
            f"the corpus folder cannot be written ({exc.strerror or exc}).",
            "Nothing was changed. Check the permissions of the folder and the free "
            "space, then try again.",
        ) from exc


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Let one save at a time into a corpus, also of several programs."""
    (folder / REPLACED).mkdir(exist_ok=True)
    try:
        with FileLock(folder / REPLACED / "lock", timeout=_WAIT_SECONDS):
            yield
    except Timeout as exc:
        raise KnowledgeBaseError(
            "somebody else is saving a case at this moment.", "Try again."
        ) from exc


def _require_unchanged(change: FileChange, folder: Path) -> None:
    path = folder / change.path
    if content_of(path) != change.old:
        raise DraftOutdatedError(
            "the file was changed while you were working on it.",
            "Nothing was saved. Look at the differences again before you save.",
            path=change.path,
        )
    if change.old is None and os.path.lexists(path):
        raise KnowledgeBaseError(
            "there is something under this name that is no file that can be read.",
            "Remove it, or choose another name.",
            path=change.path,
        )


def _keep(
    changes: Sequence[FileChange], folder: Path, undo: ExitStack
) -> dict[str, Path]:
    """Keep what the files hold now; return where, by their path."""
    kept: dict[str, Path] = {}
    if all(change.old is None for change in changes):
        return kept
    place = folder / REPLACED / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}"
    place.mkdir()
    undo.callback(shutil.rmtree, place, ignore_errors=True)
    for change in changes:
        if change.old is not None:
            kept[change.path] = place / change.path
            kept[change.path].parent.mkdir(parents=True, exist_ok=True)
            _duplicate(folder / change.path, kept[change.path])
    return kept


def _duplicate(path: Path, copy: Path) -> None:
    """Give a file a second name, which takes no room; else copy it."""
    try:
        os.link(path, copy)
    except OSError:
        shutil.copy2(path, copy)
        with copy.open("rb") as file:
            os.fsync(file.fileno())
    sync(copy.parent)


def written(target: Path, content: bytes, undo: ExitStack) -> Path:
    """Write a file under a passing name beside its place and return that name.

    Args:
        target: Its place, where there may be an earlier version.
        content: What it holds.
        undo: Told how to remove it.
    """
    path = target.with_name(f"{_NEW}{uuid4().hex}")
    undo.callback(path.unlink, missing_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if target.exists():
        shutil.copymode(target, path)
    return path


def overwrite(target: Path, content: bytes, undo: ExitStack) -> None:
    """Give a file another content in one step.

    Args:
        target: The file.
        content: What it is to hold.
        undo: Told how to bring back what it holds now.
    """
    before = target.read_bytes()
    written(target, content, undo).replace(target)
    undo.callback(lambda: written(target, before, undo).replace(target))
    sync(target.parent)


def _put_in_place(
    changes: Sequence[FileChange],
    new: Mapping[str, Path],
    kept: Mapping[str, Path],
    folder: Path,
    undo: ExitStack,
) -> None:
    """Take away and put in place, in the order that this module's text explains."""

    def take_away(path: str) -> None:
        undo.callback(kept[path].replace, folder / path)
        (folder / path).unlink()
        sync((folder / path).parent)

    for path in kept:
        document = path.removesuffix(SIDECAR_SUFFIX)
        if path in new and document != path and document in new:
            take_away(path)

    def turn(path: str) -> int:
        return 1 if path.endswith(SIDECAR_SUFFIX) else 0 if path in kept else 2

    for path in sorted(new, key=turn):
        target = folder / path
        if target.exists():
            undo.callback(kept[path].replace, target)
        else:
            undo.callback(target.unlink, missing_ok=True)
        new[path].replace(target)
        sync(target.parent)
    for change in reversed(changes):
        if change.new is None and change.old is not None:
            take_away(change.path)


def sync(folder: Path) -> None:
    """Make the names in a folder last, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
