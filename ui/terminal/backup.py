"""Copy corpus, index, feedback and audit log into one file, while the app runs."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest import only_writer
from kb.errors import shown
from kb.settings import Settings
from kb.storage import FolderStorage, published
from ui.feedback.database import FILE, Database
from ui.terminal.archive import FORMAT, LIST, BackupError, Contents, Listed, copied
from ui.terminal.archive import is_plain as is_plain_name

_PRIVATE = 0o600
_ROOM = "Check the folder, its permissions and the free space."


@dataclass(frozen=True)
class Backup:
    """What a backup has and lacks."""

    files: int
    size: int
    """Of the files together, in bytes."""
    left_out: tuple[str, ...]
    """What is not in it, each with the reason."""


def back_up(settings: Settings, path: Path) -> Backup:
    """Write a backup of all that cannot be fetched or computed again.

    No ingestion publishes meanwhile; feedback is copied as of one moment.

    Args:
        settings: Where everything is.
        path: The file to write; complete when it is there.

    Raises:
        BackupError: It is there already, cannot be written, or a file of the corpus
            has a name that other systems cannot write.
        IndexLockedError: An ingestion is running.
        IndexNotFoundError: There is no index.
        FeedbackError: The feedback cannot be read.
    """
    if path.exists():
        raise BackupError(f"{shown(str(path))} is there already.", "Name another file.")
    try:
        return _written(settings, path)
    except OSError as exc:
        raise BackupError(f"the backup cannot be written ({exc}).", _ROOM) from exc


def _written(settings: Settings, path: Path) -> Backup:
    left_out: list[str] = []
    listed: dict[str, Listed] = {}
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(dir=path.parent)))
        part = folder / path.name
        part.touch(mode=_PRIVATE)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            if settings.chroma_url:
                left_out.append("the index: it is on the Chroma server")
            else:
                published(FolderStorage(settings.index_dir))  # else a folder is made
                held.enter_context(only_writer(settings.index_dir))
            for name, source in _sources(settings, folder, left_out):
                if not is_plain_name(name):
                    raise BackupError(
                        f"{shown(str(source))} has a name that cannot be restored.",
                        "Rename the file.",
                    )
                with source.open("rb") as file, archive.open(name, "w") as target:
                    listed[name] = copied(file, target)
            made = datetime.now(UTC).isoformat(timespec="seconds")
            contents = Contents(format=FORMAT, made=made, files=listed)
            archive.writestr(LIST, contents.model_dump_json())
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(path)
    size = sum(one.size for one in listed.values())
    return Backup(len(listed), size, tuple(left_out))


def _sources(
    settings: Settings, folder: Path, left_out: list[str]
) -> Iterator[tuple[str, Path]]:
    """Yield the name of each file in the backup, and where it lies."""
    yield from _below(settings.corpus_dir, "corpus", left_out)
    if not settings.chroma_url:
        generation = f"generations/{published(FolderStorage(settings.index_dir))}"
        yield from _below(
            settings.index_dir / generation, f"index/{generation}", left_out
        )
        yield "index/current", settings.index_dir / "current"
    if (settings.feedback_dir / FILE).exists():
        copy = folder / FILE
        Database(settings.feedback_dir).copy_to(copy)
        yield f"feedback/{FILE}", copy
    if settings.audit_file.exists():
        yield "audit/log.jsonl", settings.audit_file


def _below(folder: Path, part: str, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            left_out.append(f"{path}: it is a link")
        elif path.is_file():
            yield f"{part}/{path.relative_to(folder).as_posix()}", path
