"""Digests of a generation's files: whether it still is what was written.

Every file is read whole. That takes a second for each gigabyte and processor, and the
files then lie in memory for whoever opens them next; the shipped corpus takes 20 ms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kb.errors import IndexDamagedError, shown
from kb.index.manifest import REBUILD
from kb.turns import processors


def digests_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by its path there.

    Raises:
        OSError: One cannot be read.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with ThreadPoolExecutor(processors()) as threads:  # hashing lets others run
        found = threads.map(_digest, paths)
        return {
            path.relative_to(folder).as_posix(): digest
            for path, digest in zip(paths, found, strict=True)
        }


def changed_files(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the files of a folder, in a few words each, by path.

    Args:
        folder: Where they lie; files that are not expected do not count.
        expected: What `digests_of` returned when they were written, or a part of it.
    """
    with ThreadPoolExecutor(processors()) as threads:
        found = threads.map(_fault, ((folder / p, d) for p, d in expected.items()))
        return [
            f"{path} {fault}"
            for path, fault in zip(expected, found, strict=True)
            if fault
        ]


def require_unchanged(
    folder: Path, expected: Mapping[str, str], only: Iterable[str] | None = None
) -> None:
    """Refuse files that are not those that were written.

    Args:
        folder: Where they lie.
        expected: As for `changed_files`.
        only: The paths to look at; None for all.

    Raises:
        IndexDamagedError: One is missing, cannot be read or has changed.
    """
    if only is not None:
        expected = {path: expected[path] for path in only if path in expected}
    if wrong := changed_files(folder, expected):
        raise IndexDamagedError(
            f"{len(wrong)} of the {len(expected)} files of the index are damaged: "
            f"{', '.join(wrong[:3])}{', …' if len(wrong) > 3 else ''}.",
            REBUILD,
            path=str(folder),
        )


def _fault(file: tuple[Path, str]) -> str:
    path, expected = file
    try:
        return "" if _digest(path) == expected else "has changed"
    except FileNotFoundError:
        return "is missing"
    except OSError as exc:
        return f"cannot be read ({shown(exc.strerror or exc)})"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
