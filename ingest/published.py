"""What the published index was built from, to compare the corpus with it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice

from ingest.corpus import Corpus, read_corpus_state
from kb.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexNotFoundError,
    IndexNotWritableError,
    KnowledgeBaseError,
    StorageUnavailableError,
)
from kb.index.catalogue import Catalogue, TextRecord
from kb.index.manifest import Manifest
from kb.settings import Settings
from kb.storage import Storage, lineage, published, storage_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Published:
    """The published generation, as far as an ingestion compares itself with it.

    Of the first stage of one that was ended, files and texts are those of before it:
    nobody was told what became of them since.
    """

    manifest: Manifest | None = None
    """Of what is published; None when it cannot be read."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Digest of each file that it was built from, by its path."""
    texts: Mapping[str, TextRecord] = field(default_factory=dict)
    """What is remembered of texts, by path; also of files that it does not hold."""
    previous: str | None = None
    """The generation to go back to from the next one."""
    damage: str = ""
    """What is wrong with what is published; empty when nothing is."""

    def changed(self, corpus: Corpus) -> set[str]:
        """Return the paths of the corpus's files that it does not hold as they are.

        A file that it has rejected is among them.
        """
        differ = {p for p, d in corpus.digests.items() if self.files.get(p) != d}
        return differ | {problem.path for problem in corpus.unusable}


def read_published(storage: Storage, *, whole: bool = True) -> Published:
    """Return what is published; nothing if that is damaged or of another format.

    Args:
        storage: Where it is.
        whole: Open its vectors, too, and compare every file with its digest, so that
            whatever is damaged shows; that takes a second.

    Raises:
        IndexNotWritableError: There is no room to open it.
        StorageUnavailableError: The Chroma server does not answer.
    """
    try:
        name = published(storage)
        manifest = storage.manifest(name)
        if manifest.is_partial:
            if manifest.previous is None:
                return Published(manifest)
            name = storage.manifest(manifest.previous).generation
        if whole:
            with closing(storage.open(name)) as generation:
                return _of(manifest, generation.catalogue, storage)
        with storage.catalogue(name) as catalogue:
            return _of(manifest, catalogue, storage)
    except IndexNotFoundError:
        return Published()
    except (IndexNotWritableError, StorageUnavailableError):
        raise
    except IndexDamagedError as exc:
        logger.warning("the published index is damaged: %s", exc)
        # Nobody can go back to it, so that the next ingestion can remove it.
        return Published(previous=_before(storage), damage=str(exc))
    except KnowledgeBaseError as exc:
        logger.warning("the published index cannot be compared with: %s", exc)
        return Published(previous=storage.current())


def _before(storage: Storage) -> str | None:
    """Return what was published before the present generation, if that is known."""
    try:
        return next(islice(lineage(storage), 1, None), None)
    except IndexDamagedError:  # not even its name can be read
        return None


def _of(manifest: Manifest, catalogue: Catalogue, storage: Storage) -> Published:
    texts = _newest_texts(storage, but=manifest.generation) or catalogue.texts()
    # A first stage is nothing to go back to.
    previous = manifest.previous if manifest.is_partial else manifest.generation
    return Published(manifest, catalogue.files(), texts, previous)


def _newest_texts(storage: Storage, *, but: str) -> Mapping[str, TextRecord]:
    """Return what the newest whole generation remembers, if that is another one.

    Each takes on what the one before it remembered. So nothing of it is forgotten when
    somebody goes back to an older one, or an ingestion ends after its first stage.
    """
    for name in reversed(storage.complete()):
        try:
            if storage.manifest(name).is_partial:
                continue
            if name == but:
                break
            with storage.catalogue(name) as catalogue:
                return catalogue.texts()
        except (IndexDamagedError, IndexMismatchError) as exc:
            logger.warning("what it remembers of texts is lost: %s", exc)
    return {}


def published_files(settings: Settings) -> Published:
    """Return what is published, without its vectors.

    Raises:
        IndexNotWritableError: There is no room to open it.
        StorageUnavailableError: The Chroma server does not answer.
    """
    with closing(storage_of(settings)) as storage:
        return read_published(storage, whole=False)


def published_if_reachable(settings: Settings) -> Published:
    """Return the same; nothing, with a line in the log, where it cannot be opened."""
    try:
        return published_files(settings)
    except KnowledgeBaseError as exc:
        logger.warning("the published index cannot be compared with: %s", exc)
        return Published()


def changed_files(settings: Settings) -> set[str]:
    """Return the paths of the corpus's files that differ from the published index.

    All of them where nothing is published.

    Raises:
        CorpusError: The folder, its cities or its themes cannot be used.
        IndexNotWritableError: There is no room to open the index.
        StorageUnavailableError: The Chroma server does not answer.
    """
    return published_files(settings).changed(read_corpus_state(settings))
