"""Where in the corpus a draft may go: names, places that are taken, ways out of it."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from ingest.filing import SLUG
from ingest.listing import list_corpus
from ingest.readers import READERS
from ingest.registry import SIDECAR_SUFFIX, case_id_of
from kb.errors import shown
from kb.types import Problem

_LONGEST = 100
_RESERVED = frozenset(
    {
        *("con", "prn", "aux", "nul"),
        *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)),
        *("readme", "license"),
    }
)
"""Names of devices on Windows, and of files that no ingestion takes for a case."""


def misnamed(path: str) -> list[Problem]:
    """Return what speaks against the name of a new file; empty if nothing does.

    Args:
        path: Its path below the corpus folder.
    """
    name = PurePosixPath(path).name
    stem = name.rpartition(".")[0]
    if not SLUG.fullmatch(stem) or len(stem) > _LONGEST:
        reason = (
            f"the file name {shown(stem)} does not fit: it may hold lower-case letters "
            f"a-z, digits and single hyphens, at most {_LONGEST} of them."
        )
    elif stem in _RESERVED:
        reason = f"the file name {shown(stem)} has a meaning of its own."
    elif path.count("/") != 1 or not SLUG.fullmatch(path.partition("/")[0]):
        reason = f"{shown(path)} does not lie in the folder of a city."
    else:
        return []
    remedy = "Choose another name; it becomes part of the case id."
    return [Problem(path, None, "file-name", "error", reason, remedy)]


def misplaced(path: str, corpus_dir: Path) -> list[Problem]:
    """Return how a file would be written outside the corpus; empty if it would not.

    Args:
        path: Its path below the corpus folder.
        corpus_dir: That folder.
    """
    root, target = corpus_dir.resolve(), corpus_dir / path
    try:
        is_inside = target.parent.resolve().is_relative_to(root)
        is_link = (
            target.is_symlink()
            or target.with_name(target.name + SIDECAR_SUFFIX).is_symlink()
        )
    except (OSError, RuntimeError, ValueError):
        is_inside, is_link = False, False
    if is_inside and not is_link:
        return []
    reason = (
        "the file, or its front matter file, is a link to another place."
        if is_link
        else "its folder is a link that leads out of the corpus folder."
    )
    remedy = "Put a copy in place of the link."
    return [Problem(path, None, "outside-corpus", "error", reason, remedy)]


def present_files(path: str, corpus_dir: Path) -> list[str]:
    """Return the files that have the case id of a path, each with its sidecar.

    Args:
        path: Path of a new file, below the corpus folder.
        corpus_dir: That folder.
    """
    case_id = path.rpartition(".")[0]
    documents = [
        file.relative_to(corpus_dir).as_posix()
        for file in list_corpus(corpus_dir).files
        if case_id_of(file, corpus_dir) == case_id
    ]
    # Also what is no case: a second file with that id, a link that leads nowhere.
    documents += [f"{case_id}{suffix}" for suffix in READERS]
    names = [name for file in documents for name in (file, f"{file}{SIDECAR_SUFFIX}")]
    return [name for name in dict.fromkeys(names) if os.path.lexists(corpus_dir / name)]


def taken(path: str, owner: str) -> Problem:
    """Return the finding that another file has the case id of a path."""
    return Problem(
        path,
        None,
        "duplicate-id",
        "error",
        f"the case id {shown(path.rpartition('.')[0])} is already that of {owner}.",
        "Choose another name, or say that this file replaces that one.",
    )
