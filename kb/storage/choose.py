"""The storage that the settings name."""

from __future__ import annotations

from contextlib import closing

from kb.index.manifest import Manifest
from kb.settings import Settings
from kb.storage.base import Storage, published
from kb.storage.folder import FolderStorage
from kb.storage.server import ServerStorage


def storage_of(settings: Settings) -> Storage:
    """Return where the settings keep generations.

    Raises:
        StorageUnavailableError: The Chroma server does not answer.
    """
    if settings.chroma_url:
        return ServerStorage.connect(settings)
    return FolderStorage(settings.index_dir)


def published_manifest(settings: Settings) -> Manifest:
    """Return the manifest of the published generation.

    Raises:
        IndexNotFoundError: Nothing is published.
        IndexDamagedError: Its manifest is damaged.
        IndexMismatchError: It was written in another format.
        StorageUnavailableError: The Chroma server does not answer.
    """
    with closing(storage_of(settings)) as storage:
        return storage.manifest(published(storage))
