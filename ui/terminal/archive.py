"""What a backup is: a ZIP file with a list of its files, their sizes and digests.

Names in it begin with the part that a file belongs to: ``corpus/``, ``index/``,
``feedback/``, ``audit/``. ``backup.json`` is the list; nothing else is ever unpacked.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import BaseModel, Field, NonNegativeInt, ValidationError

from kb.errors import KnowledgeBaseError, shown

FORMAT = 1
LIST = "backup.json"
PARTS = ("corpus", "index", "feedback", "audit")
_LONGEST_LIST = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_ANOTHER = "Take another backup; nothing was restored from this one."


class BackupError(KnowledgeBaseError):
    """A backup cannot be written, or cannot be used."""


class Listed(BaseModel):
    """A file of a backup."""

    size: NonNegativeInt
    """In bytes."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Contents(BaseModel):
    """The list of a backup."""

    format: int
    made: str
    """When, in UTC."""
    files: dict[str, Listed]


def is_plain(name: str) -> bool:
    """Whether a name leads to a file of a part, on every system, and nowhere else."""
    first, *rest = name.split("/")
    return (
        first in PARTS
        and bool(rest)
        and all(part not in {"", ".", ".."} for part in rest)
        and not any(sign in '\\:*?"<>|' or ord(sign) < ord(" ") for sign in name)
    )


def copied(source: IO[bytes], target: IO[bytes], most: int | None = None) -> Listed:
    """Copy a file; return its size and digest.

    Args:
        source: Read to its end.
        target: Written.
        most: Bytes beyond which nothing is read; None for no bound.
    """
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if most is not None and size > most:
            break
        digest.update(chunk)
        target.write(chunk)
    return Listed(size=size, sha256=digest.hexdigest())


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Contents]]:
    """Yield a backup and its list, which has been compared with what is in it.

    Raises:
        BackupError: It is missing, damaged, of another format, or holds anything that
            a backup does not; also when the block finds that it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            contents = _contents(archive, path)
            yield archive, contents
    except (zipfile.BadZipFile, zlib.error, EOFError) as exc:
        raise refused(path, f"it is damaged, or no ZIP file ({exc})") from exc
    except (NotImplementedError, RuntimeError) as exc:
        raise refused(path, f"it is packed in another way ({exc})") from exc
    except FileNotFoundError as exc:
        if exc.filename != str(path):
            raise
        raise BackupError(
            f"{shown(str(path))} is not there.", "Check its name and folder."
        ) from exc


def refused(path: Path, why: str) -> BackupError:
    """Return the error that names a backup and what is wrong with it."""
    return BackupError(f"{shown(str(path))} cannot be restored: {why}.", _ANOTHER)


def _contents(archive: zipfile.ZipFile, path: Path) -> Contents:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if LIST not in names:
        raise refused(path, f"it has no {LIST}, so that it is no backup")
    if archive.getinfo(LIST).file_size > _LONGEST_LIST:
        raise refused(path, f"its {LIST} is too long")
    contents = _parsed(archive.read(LIST), path)
    if len({name.casefold() for name in names}) != len(names):
        raise refused(path, "it holds a name twice")
    for entry in entries:
        if entry.filename == LIST:
            continue
        listed = contents.files.get(entry.filename)
        if not is_plain(entry.filename):
            raise refused(
                path, f"{shown(entry.filename)} is no name of a backup's file"
            )
        if listed is None or listed.size != entry.file_size:
            raise refused(path, f"{shown(entry.filename)} is not as it is listed")
    if missing := contents.files.keys() - set(names):
        raise refused(path, f"{shown(min(missing))} is missing")
    return contents


def _parsed(text: bytes, path: Path) -> Contents:
    try:
        version = json.loads(text)["format"]
        if version != FORMAT:
            raise refused(
                path, f"its format is {shown(version)}, this program reads {FORMAT}"
            )
        return Contents.model_validate_json(text)
    except (ValueError, KeyError, TypeError, ValidationError) as exc:
        raise refused(path, f"its {LIST} cannot be read") from exc
