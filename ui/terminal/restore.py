"""Bring back what a backup holds, all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kb.errors import shown
from kb.settings import Settings
from ui.terminal.archive import BackupError, Contents, copied, opened, refused

_PRIVATE = 0o600
_PRIVATE_PARTS = {"feedback", "audit"}
_ROOM = "Check the folders, their permissions and the free space."


@dataclass(frozen=True)
class Restored:
    """What was brought back."""

    made: str
    """When the backup was made, in UTC."""
    files: int
    aside: tuple[Path, ...]
    """Where that lies now which was there before."""


def restore(settings: Settings, path: Path, *, replace: bool = False) -> Restored:
    """Unpack a backup, compare every file with its digest, then put all in place.

    Args:
        settings: Where everything goes.
        path: The backup.
        replace: Put aside what is there, instead of stopping.

    Raises:
        BackupError: The backup cannot be used, something is there already, or there
            is no room or permission. Nothing is changed then, except that a failure in
            the last step may leave a part of it put aside, under the names told.
    """
    with opened(path) as (archive, contents), ExitStack() as undo:
        parts = {name.partition("/")[0] for name in contents.files}
        places = {part: _place(settings, part) for part in sorted(parts)}
        taken = [place for place in places.values() if _is_taken(place)]
        if taken and not replace:
            raise BackupError(
                f"{shown(str(taken[0]))} is there already.",
                "Restore into other folders (KB_CORPUS_DIR, KB_INDEX_DIR, "
                "KB_FEEDBACK_DIR, KB_AUDIT_FILE), or stop the app and add --replace, "
                "which puts aside what is there.",
            )
        try:
            staged = _staged(places, undo)
            _require_room(staged, contents, path)
            _unpack(archive, contents, staged, path)
            aside = _put_in_place(staged, places)
        except OSError as exc:
            raise BackupError(f"there is no way to restore ({exc}).", _ROOM) from exc
    return Restored(contents.made, len(contents.files), tuple(aside))


def _place(settings: Settings, part: str) -> Path:
    return {
        "corpus": settings.corpus_dir,
        "index": settings.index_dir,
        "feedback": settings.feedback_dir,
        "audit": settings.audit_file,
    }[part].absolute()


def _is_taken(place: Path) -> bool:
    return place.is_symlink() or (
        any(place.iterdir()) if place.is_dir() else place.exists()
    )


def _staged(places: Mapping[str, Path], undo: ExitStack) -> dict[str, Path]:
    """Return a new folder beside each place, on the same disk."""
    found = {}
    for part, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent)
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        found[part] = Path(folder) / "new"
        found[part].mkdir()
    return found


def _require_room(staged: Mapping[str, Path], contents: Contents, path: Path) -> None:
    size = sum(listed.size for listed in contents.files.values())
    free = min(shutil.disk_usage(folder).free for folder in staged.values())
    if size > free:
        raise refused(path, f"it needs {size:,} bytes, and {free:,} are free")


def _unpack(
    archive: zipfile.ZipFile, contents: Contents, staged: Mapping[str, Path], path: Path
) -> None:
    for name, listed in contents.files.items():
        part, _, rest = name.partition("/")
        target = staged[part] / rest
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, target.open("xb") as file:
            if copied(source, file, listed.size) != listed:
                raise refused(path, f"{shown(name)} is not what was backed up")
        if part in _PRIVATE_PARTS:
            target.chmod(_PRIVATE)


def _put_in_place(staged: Mapping[str, Path], places: Mapping[str, Path]) -> list[Path]:
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    aside = []
    for part, place in places.items():
        if _is_taken(place):
            aside.append(place.with_name(f"{place.name}.before-{now}"))
            place.rename(aside[-1])
        elif place.is_dir():
            place.rmdir()
        new = staged[part]
        (new / "log.jsonl" if part == "audit" else new).rename(place)
    return aside
