"""The corpus as it is now, with digests: by them an ingestion knows what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from ingest.limits import Limits
from ingest.listing import list_corpus
from ingest.registry import (
    CITIES_FILE,
    THEMES_FILE,
    Registry,
    read_registry,
    sidecar_of,
)
from kb.settings import Settings
from kb.types import Problem

_DIGITS = 16


@dataclass(frozen=True)
class Corpus:
    """The corpus as it is now."""

    folder: Path
    registry: Registry
    registry_digest: str
    paths: dict[str, Path]
    """The case files to be read, by their path in the corpus."""
    digests: dict[str, str]
    """Digest of each, by the same."""
    unusable: list[Problem]
    """Why other files are not read."""
    digest: str
    """Of all that shapes an index."""


def file_digests(
    files: Sequence[Path], corpus_dir: Path, limits: Limits
) -> dict[str, str]:
    """Return a digest of each case file with its sidecar, by its path in the corpus.

    A file that cannot be read, or is larger than the limit, is digested by that: its
    reader reports it.
    """
    return {
        path.relative_to(corpus_dir).as_posix(): _joined(
            [_digest(path, limits), _digest(sidecar_of(path), limits)]
        )
        for path in files
    }


def read_corpus_state(settings: Settings, *others: str) -> Corpus:
    """Return what the corpus folder holds now.

    Args:
        settings: Where it is, and what reading may cost.
        others: Whatever else shapes an index.

    Raises:
        CorpusError: The folder, its cities or its themes cannot be used.
    """
    folder, limits = settings.corpus_dir, Limits.of(settings)
    registry = read_registry(folder)
    listing = list_corpus(folder)
    digests = file_digests(listing.files, folder, limits)
    registry_digest = _joined(
        [_digest(folder / name, limits) for name in (CITIES_FILE, THEMES_FILE)]
    )
    return Corpus(
        folder=folder,
        registry=registry,
        registry_digest=registry_digest,
        paths=dict(zip(digests, listing.files, strict=True)),
        digests=digests,
        unusable=listing.problems,
        digest=_joined(
            [
                *(f"{path}\0{digest}" for path, digest in digests.items()),
                *(f"{problem.path}\0{problem.rule}" for problem in listing.problems),
                registry_digest,
                # A file that was over a limit may be within it now.
                repr(limits),
                *others,
            ]
        ),
    )


def _digest(path: Path, limits: Limits) -> str:
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):  # opening a pipe would wait for ever
            return "no file"
        size = status.st_size
        if size > limits.file_bytes:
            return f"{size} bytes"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        return type(exc).__name__


def _joined(parts: Sequence[str]) -> str:
    text = "\n".join(parts)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
