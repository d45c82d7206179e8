"""The order of the steps: list, read, split, embed, write, verify, publish."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingest.cache import FILE as CACHE_FILE
from ingest.cache import DocumentCache, VectorCache
from ingest.corpus import Corpus, read_corpus_state
from ingest.listing import UNREADABLE_FOLDER
from ingest.progress import Progress, TimedProgress
from ingest.publishing import only_writer
from ingest.reading import UNSETTLED, CorpusReading, read_corpus
from ingest.registry import require_folder
from ingest.report import FileOutcome, IngestReport
from ingest.write import everyday_topics, verify, write_parts
from kb.errors import (
    CorpusError,
    IndexNotFoundError,
    IndexNotWritableError,
    KnowledgeBaseError,
    StorageUnavailableError,
)
from kb.index.embed import AUTO, load_embedder
from kb.index.manifest import FORMAT_VERSION, SPLITTER_VERSION, Manifest
from kb.index.vectors import not_writable
from kb.settings import Settings
from kb.storage import Storage, published, storage_of

if TYPE_CHECKING:
    from kb.index.embed import Embedder

logger = logging.getLogger(__name__)

# A folder that is not mounted looks like one whose files were deleted.
_MOST_REMOVED = 0.3
_FEW = 10


def ingest(
    settings: Settings, progress: Progress, *, allow_removals: bool = False
) -> IngestReport:
    """Build a generation from the corpus and publish it.

    A file that cannot be used is reported and left out; the rest is published. When the
    published generation already holds this corpus, nothing is written.

    Args:
        settings: Where corpus and index are, and how to read and split.
        progress: Told how far it is.
        allow_removals: Publish even if many of the published files are gone.

    Raises:
        CorpusError: The corpus folder, its cities or its themes cannot be used, or many
            of its files are gone.
        EmbedderUnavailableError: The model cannot be loaded.
        IndexLockedError: Another ingestion holds the index folder.
        IndexNotWritableError: There is no room or no permission.
        IndexDamagedError: The generation just written fails its verification.
        StorageUnavailableError: The Chroma server does not answer.
    """
    timed = TimedProgress(progress)
    require_folder(settings.corpus_dir)  # before an index folder is made for it
    with (
        only_writer(settings.index_dir),
        _writing(),
        closing(storage_of(settings)) as storage,
    ):
        corpus = read_corpus_state(settings, *everyday_topics())
        before, files_before = _published(storage)
        if before and _is_current(before, corpus.digest, settings):
            _tidy(storage, None)  # an ingestion may have been killed after publishing
            return _unchanged(before, corpus, files_before, timed)
        if not allow_removals:
            _refuse_mass_removal(files_before, corpus)
        with (
            ThreadPoolExecutor(1) as background,
            closing(DocumentCache(settings.index_dir / CACHE_FILE)) as cache,
        ):
            # The files are read in other processes, so that this one has time for it.
            loading = background.submit(load_embedder, settings.model)
            reading = read_corpus(settings, corpus, files_before, cache, timed)
        if not reading.units.statements:
            return _nothing(reading, timed)
        report = _write(settings, storage, corpus, reading, loading.result(), timed)
        _tidy(storage, before.generation if before else None)
        return report


def corpus_digest(settings: Settings) -> str:
    """Return a digest of the corpus as it is now, comparable with the manifest's.

    Raises:
        CorpusError: The folder, its cities or its themes cannot be used.
    """
    return read_corpus_state(settings, *everyday_topics()).digest


@contextmanager
def _writing() -> Iterator[None]:
    """Say of an error of the disk that nothing was published."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as exc:
        raise not_writable(exc) from exc


def _published(storage: Storage) -> tuple[Manifest | None, Mapping[str, str]]:
    """Return what is published, if it is whole, with its files' digests."""
    try:
        generation = storage.open(published(storage))
    except IndexNotFoundError:
        return None, {}
    except (IndexNotWritableError, StorageUnavailableError):
        raise
    except KnowledgeBaseError as exc:
        logger.warning("the published index is replaced: %s", exc)
        return None, {}
    with closing(generation):
        return generation.manifest, generation.catalogue.files()


def _tidy(storage: Storage, before: str | None) -> None:
    """Remove what is not kept; what was published stays so if that fails."""
    try:
        storage.tidy(before)
    except (OSError, KnowledgeBaseError) as exc:
        logger.warning("old parts of the index stay until the next run: %s", exc)


def _is_current(manifest: Manifest, digest: str, settings: Settings) -> bool:
    # With "auto", a better model may have become available since; the English-only
    # fallback is therefore never taken as final.
    same_model = (
        manifest.multilingual
        if settings.model == AUTO
        else manifest.model_id == settings.model
    )
    return (
        same_model
        and manifest.corpus_digest == digest
        and manifest.splitter_version == SPLITTER_VERSION
        and manifest.passage_tokens == settings.passage_tokens
    )


def _refuse_mass_removal(before: Mapping[str, str], corpus: Corpus) -> None:
    """Stop when many files are gone; one that only has another name is not."""
    unseen = tuple(f"{p.path}/" for p in corpus.unusable if p.rule == UNREADABLE_FOLDER)
    hidden = [path for path in before if unseen and path.startswith(unseen)]
    if hidden:
        raise CorpusError(
            f"a folder cannot be listed, so that {len(hidden)} published files would "
            f"be lost, for example {hidden[0]}. Nothing was changed.",
            "Check the permissions of the folder.",
            path=str(corpus.folder),
        )
    unusable = {problem.path for problem in corpus.unusable}
    added = {digest for path, digest in corpus.digests.items() if path not in before}
    gone = sorted(
        path
        for path, digest in before.items()
        if path not in corpus.digests.keys() | unusable and digest not in added
    )
    if len(gone) >= max(_FEW, _MOST_REMOVED * len(before)):
        raise CorpusError(
            f"{len(gone)} of the {len(before)} published files are gone from the "
            f"corpus folder, for example {gone[0]}. Nothing was changed.",
            "If this is meant, run `mentorkb ingest --allow-removals`; otherwise check "
            "that the folder is complete.",
            path=str(corpus.folder),
        )


def _unchanged(
    manifest: Manifest,
    corpus: Corpus,
    files: Mapping[str, str],
    timed: TimedProgress,
) -> IngestReport:
    rejected = {problem.path for problem in corpus.unusable}
    rejected |= corpus.digests.keys() - files.keys()
    return IngestReport(
        generation=manifest.generation,
        unchanged=True,
        counts=manifest.counts,
        outcomes=[
            FileOutcome(path, "rejected" if path in rejected else "unchanged", 0.0)
            for path in sorted({*corpus.digests, *rejected})
        ],
        rejected=list(manifest.rejected),
        warnings=list(manifest.warnings),
        embedded=0,
        from_cache=0,
        model_id=manifest.model_id,
        multilingual=manifest.multilingual,
        seconds=timed.since_start(),
    )


def _nothing(reading: CorpusReading, timed: TimedProgress) -> IngestReport:
    return IngestReport(
        generation=None,
        unchanged=False,
        counts=None,
        outcomes=reading.outcomes,
        rejected=reading.rejected,
        warnings=reading.warnings,
        embedded=0,
        from_cache=0,
        model_id="",
        multilingual=True,
        seconds=timed.since_start(),
    )


def _write(
    settings: Settings,
    storage: Storage,
    corpus: Corpus,
    reading: CorpusReading,
    embedder: Embedder,
    timed: TimedProgress,
) -> IngestReport:
    """Write, verify and publish a generation."""
    manifest = _manifest(settings, corpus, reading, embedder)
    with (
        closing(VectorCache(settings.index_dir / CACHE_FILE)) as cache,
        storage.draft(manifest.generation) as draft,
    ):
        embedded, total = write_parts(
            draft,
            corpus.registry,
            reading.units,
            reading.digests,
            lambda texts, tell: cache.embed(texts, embedder, tell),
            timed,
        )
        timed.start("Verifying", 1)
        storage.finish(draft, replace(manifest, seconds=timed.since_start()))
        with closing(storage.open(manifest.generation)) as generation:
            verify(generation, reading.units.statements)
    # Not inside the draft: if publishing fails, nobody knows whether it took place, and
    # the generation must not be removed.
    storage.publish(manifest.generation)
    timed.advance(1)
    timed.stop()
    return IngestReport(
        generation=manifest.generation,
        unchanged=False,
        counts=manifest.counts,
        outcomes=reading.outcomes,
        rejected=reading.rejected,
        warnings=reading.warnings,
        embedded=embedded,
        from_cache=total - embedded,
        model_id=embedder.model_id,
        multilingual=embedder.multilingual,
        seconds=timed.since_start(),
        seconds_by_step=timed.seconds,
    )


def _manifest(
    settings: Settings, corpus: Corpus, reading: CorpusReading, embedder: Embedder
) -> Manifest:
    now = datetime.now(UTC)
    return Manifest(
        generation=f"{now:%Y%m%dT%H%M%S%f}-{corpus.digest[:8]}",
        format_version=FORMAT_VERSION,
        created_at=now.isoformat(timespec="seconds"),
        seconds=0.0,
        model_id=embedder.model_id,
        backend=embedder.backend,
        multilingual=embedder.multilingual,
        dimension=embedder.dimension,
        splitter_version=SPLITTER_VERSION,
        passage_tokens=settings.passage_tokens,
        corpus_digest=corpus.digest if reading.is_settled else UNSETTLED,
        counts=reading.units.counts(),
        rejected=tuple(reading.rejected),
        warnings=tuple(reading.warnings),
    )
