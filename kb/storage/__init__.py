"""Where generations of the index live, and how one is published.

A generation is never changed once it is written. Publishing it is one atomic step, so
that a reader sees either the old generation or the new one, and a crash leaves the old
one published. Embedded storage keeps generations in folders; with ``KB_CHROMA_URL`` a
Chroma server keeps them, for readers on any machine.
"""

from kb.storage.base import GenerationDraft, Storage, lineage, published
from kb.storage.choose import published_manifest, storage_of
from kb.storage.folder import FolderStorage
from kb.storage.server import ServerStorage

__all__ = [
    "GenerationDraft",
    "FolderStorage",
    "ServerStorage",
    "Storage",
    "lineage",
    "published",
    "published_manifest",
    "storage_of",
]
