"""Generations in a folder of this machine: the default.

An index folder looks like this::

    generations/20260301T120000-1a2b3c4d/   one generation, never changed once written
        manifest.json  catalogue.sqlite  chroma/  lexical/  lexical-cases/
    current                                 names the published generation
    cache.sqlite                            what an ingestion need not compute again

``current`` is replaced in one atomic step. Who reads a generation holds a shared lock
on its manifest, so that it is not removed under a question.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from kb.errors import IndexDamagedError
from kb.index.generation import Generation, open_parts
from kb.index.manifest import REBUILD, Manifest, dump_manifest, parse_manifest
from kb.index.vectors import VectorStore, not_writable
from kb.storage.base import GenerationDraft, superfluous

logger = logging.getLogger(__name__)

_MANIFEST = "manifest.json"
_VECTORS = "chroma"
_ROOM_TO_OPEN = 1_000_000
"""Free bytes that Chroma needs at most when it opens a database."""


class FolderStorage:
    """See `kb.storage.base.Storage`."""

    def __init__(self, index_dir: Path) -> None:
        """Name the folder; it need not exist yet."""
        self._index_dir = index_dir
        self._generations = index_dir / "generations"
        self._pointer = index_dir / "current"

    @property
    def place(self) -> str:
        """See `Storage.place`."""
        return repr(str(self._index_dir.absolute()))

    def folder(self, name: str) -> Path:
        """Return where a generation lies."""
        return self._generations / name

    def current(self) -> str | None:
        """See `Storage.current`."""
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as exc:
            raise IndexDamagedError(
                f"the name of the published index cannot be read ({exc}).",
                REBUILD,
                path=str(self._pointer),
            ) from exc
        return name or None

    def complete(self) -> list[str]:
        """See `Storage.complete`."""
        return sorted(
            path.parent.name for path in self._generations.glob("*/" + _MANIFEST)
        )

    def manifest(self, name: str) -> Manifest:
        """See `Storage.manifest`."""
        path = self.folder(name) / _MANIFEST
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as exc:
            raise IndexDamagedError(
                f"the index's manifest cannot be read ({exc}).",
                REBUILD,
                path=str(path.parent),
            ) from exc
        return parse_manifest(text, str(path.parent))

    def open(self, name: str) -> Generation:
        """See `Storage.open`."""
        manifest, folder = self.manifest(name), self.folder(name)
        with ExitStack() as held:
            held.enter_context(_in_use(folder))
            vectors = held.enter_context(_openable(folder / _VECTORS))
            store = VectorStore.open(vectors)
            return open_parts(manifest, folder, store, held.pop_all())

    @contextmanager
    def draft(self, name: str) -> Iterator[GenerationDraft]:
        """See `Storage.draft`."""
        folder = self.folder(name)
        folder.mkdir(parents=True)
        with ExitStack() as undo:
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            store = VectorStore.open(folder / _VECTORS)
            undo.callback(store.close)
            yield GenerationDraft(name, folder, store)
            undo.pop_all()

    def finish(self, draft: GenerationDraft, manifest: Manifest) -> None:
        """See `Storage.finish`."""
        draft.store.close()
        _write_durably(draft.folder / _MANIFEST, dump_manifest(manifest))

    def publish(self, name: str) -> None:
        """See `Storage.publish`."""
        temporary = self._pointer.with_name("current.new")
        _write_durably(temporary, name + "\n")
        temporary.replace(self._pointer)
        logger.info("published generation %s", name)

    def tidy(self, before: str | None) -> None:
        """See `Storage.tidy`; a generation that somebody reads stays."""
        complete, current = self.complete(), self.current()
        for name in superfluous(complete, current, before):
            if not _is_in_use(self.folder(name)):
                # First, so that what is left of an interrupted removal is no index.
                (self.folder(name) / _MANIFEST).unlink()
                shutil.rmtree(self.folder(name))
        for folder in self._generations.iterdir():
            if folder.is_dir() and folder.name not in (*complete, current):
                shutil.rmtree(folder)
        self._pointer.with_name("current.new").unlink(missing_ok=True)

    def close(self) -> None:
        """See `Storage.close`; a folder holds nothing."""


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _in_use(folder: Path) -> Iterator[None]:
    """Hold a shared lock on a generation while the block runs."""
    import portalocker

    try:
        file = (folder / _MANIFEST).open("rb")
    except OSError as exc:
        raise IndexDamagedError(
            f"the index's manifest cannot be read ({exc}).", REBUILD, path=str(folder)
        ) from exc
    with file:
        # Some network file systems know no locks; then removal is not held up.
        with suppress(portalocker.LockException):
            portalocker.lock(
                file, portalocker.LockFlags.SHARED | portalocker.LockFlags.NON_BLOCKING
            )
        yield


def _is_in_use(folder: Path) -> bool:
    import portalocker

    flags = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
    with (folder / _MANIFEST).open("r+b") as file:
        try:
            portalocker.lock(file, flags)
        except portalocker.LockException:
            return True
    return False


@contextmanager
def _openable(vectors: Path) -> Iterator[Path]:
    """Yield a folder that Chroma can open: one with room that it may write.

    Raises:
        IndexDamagedError: There is no such folder.
        IndexNotWritableError: There is no room for a copy either.
    """
    if not vectors.is_dir():  # opening it would create an empty one
        raise IndexDamagedError(
            "the vectors of the index are missing.", REBUILD, path=str(vectors.parent)
        )
    writable = all(
        os.access(path, os.W_OK) for path in (vectors, vectors / "chroma.sqlite3")
    )
    if writable and shutil.disk_usage(vectors).free > _ROOM_TO_OPEN:
        yield vectors
        return
    with tempfile.TemporaryDirectory(prefix="mentorkb-") as copy:
        try:
            _copy(vectors, Path(copy))
        except OSError as exc:
            raise not_writable(exc) from exc
        yield Path(copy)


def _copy(source: Path, target: Path) -> None:
    # shutil.copytree would copy the missing permission too.
    for path in sorted(source.rglob("*")):
        copy = target / path.relative_to(source)
        if path.is_dir():
            copy.mkdir()
        else:
            shutil.copyfile(path, copy)
