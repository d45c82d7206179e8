"""Generations in a folder of this machine: the default.

An index folder looks like this::

    generations/20260301T120000-1a2b3c4d/   one generation, never changed once written
        manifest.json  catalogue.sqlite  chroma/  lexical/  lexical-cases/
    current                                 names the published generation
    cache.sqlite                            what an ingestion need not compute again

The manifest holds a digest of every other file. ``current`` is replaced in one atomic
step. Who reads a generation holds a shared lock
on its manifest, so that it is not removed under a question.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from kb.errors import IndexDamagedError, IndexNotWritableError
from kb.index.catalogue import Catalogue
from kb.index.digests import digests_of, require_unchanged
from kb.index.generation import CATALOGUE, Generation, open_parts
from kb.index.manifest import REBUILD, Manifest, dump_manifest, parse_manifest
from kb.index.vectors import VectorStore
from kb.storage.base import GenerationDraft, superfluous
from kb.temporary import no_room, room_for_files, temporary_folder

logger = logging.getLogger(__name__)

_MANIFEST = "manifest.json"
_VECTORS = "chroma"
_DATABASE = "chroma.sqlite3"
_FILLED = "index_metadata.pickle"
"""What lies beside the vectors of a collection that are not in Chroma's database."""


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
            require_unchanged(folder, manifest.files)
            store = held.enter_context(_opened(folder / _VECTORS))
            generation = open_parts(manifest, folder, store, held.pop_all())
        with ExitStack() as undo:
            undo.callback(generation.close)
            # Now: what happens to the files later is then no matter of this process.
            store.load(manifest.dimension)
            undo.pop_all()
        return generation

    @contextmanager
    def catalogue(self, name: str) -> Iterator[Catalogue]:
        """See `Storage.catalogue`."""
        manifest, folder = self.manifest(name), self.folder(name)
        with _in_use(folder):
            require_unchanged(folder, manifest.files, only=[CATALOGUE])
            with closing(Catalogue(folder / CATALOGUE)) as catalogue:
                yield catalogue

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
        manifest = replace(manifest, files=digests_of(draft.folder))
        _write_durably(draft.folder / _MANIFEST, dump_manifest(manifest))

    def publish(self, name: str) -> None:
        """See `Storage.publish`."""
        temporary = self._pointer.with_name("current.new")
        _write_durably(temporary, name + "\n")
        temporary.replace(self._pointer)
        logger.info("published generation %s", name)

    def tidy(self) -> None:
        """See `Storage.tidy`; a generation that somebody reads stays."""
        complete, current = self.complete(), self.current()
        for name in superfluous(self):
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
def _opened(vectors: Path) -> Iterator[VectorStore]:
    """Yield the vectors of a generation, opened beside it.

    Chroma writes into each database that it opens. So it gets a copy of what it would
    change; the large files, which it only reads, are linked.

    Raises:
        IndexDamagedError: They are missing, or cannot be opened.
        IndexNotWritableError: There is no room for the copy.
    """
    if not vectors.is_dir():
        raise IndexDamagedError(
            "the vectors of the index are missing.", REBUILD, path=str(vectors.parent)
        )
    with temporary_folder() as folder:
        copy = folder / _VECTORS
        with room_for_files():
            copy.mkdir()
            shutil.copyfile(vectors / _DATABASE, copy / _DATABASE)
            for filled in sorted(vectors.glob(f"*/{_FILLED}")):
                _link(filled.parent, copy / filled.parent.name)
        try:
            store = VectorStore.open(copy)
        except IndexNotWritableError as exc:
            raise no_room(exc) from exc
        yield store


def _link(folder: Path, target: Path) -> None:
    try:
        target.symlink_to(folder.resolve(), target_is_directory=True)
    except OSError:  # Windows asks for a right that few have
        target.mkdir()
        for path in folder.iterdir():
            # shutil.copytree would copy a missing permission, too.
            shutil.copyfile(path, target / path.name)
