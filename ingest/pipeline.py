"""The order of the steps: list, read, split, embed, write, verify, publish."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.building import Builder
from ingest.cache import FILE as CACHE_FILE
from ingest.cache import DocumentCache
from ingest.corpus import Corpus, read_corpus_state
from ingest.listing import UNREADABLE_FOLDER
from ingest.progress import WAITING, Progress, TimedProgress
from ingest.published import Published, read_published
from ingest.publishing import only_writer
from ingest.reading import CorpusReading, read_corpus
from ingest.registry import require_folder
from ingest.report import FileOutcome, IngestReport
from ingest.reviews import compare_texts
from ingest.write import Contents, everyday_topics
from kb.errors import CorpusError, KnowledgeBaseError
from kb.index.embed import AUTO, load_embedder
from kb.index.manifest import SPLITTER_VERSION, Manifest
from kb.index.vectors import not_writable
from kb.settings import Settings
from kb.storage import Storage, storage_of

if TYPE_CHECKING:
    from kb.index.embed import Embedder

logger = logging.getLogger(__name__)

# A folder that is not mounted looks like one whose files were deleted.
_MOST_REMOVED = 0.3
_FEW = 10


def ingest(
    settings: Settings,
    progress: Progress,
    *,
    allow_removals: bool = False,
    wait: bool = False,
) -> IngestReport:
    """Build a generation from the corpus and publish it.

    A file that cannot be used is reported and left out; the rest is published. When the
    published generation already holds this corpus and is whole, nothing is written.

    Args:
        settings: Where corpus and index are, and how to read and split.
        progress: Told how far it is.
        allow_removals: Publish even if many of the published files are gone.
        wait: Begin when another ingestion that runs has ended, instead of refusing.

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

    def tell() -> None:
        timed.start(WAITING, 1)

    with only_writer(settings.index_dir, tell if wait else None), _writing():
        timed.begin()
        return _ingest_alone(settings, timed, allow_removals=allow_removals)


def _ingest_alone(
    settings: Settings, timed: TimedProgress, *, allow_removals: bool
) -> IngestReport:
    """Do the same while nobody else writes."""
    with closing(storage_of(settings)) as storage:
        corpus = read_corpus_state(settings, *everyday_topics())
        published = read_published(storage)
        before = published.manifest
        if before and _is_current(before, corpus.digest, settings):
            _tidy(storage)  # an ingestion may have been killed after publishing
            return _unchanged(before, corpus, published.files, timed)
        if not allow_removals:
            _refuse_mass_removal(published.files, corpus)
        with (
            ThreadPoolExecutor(1) as background,
            closing(DocumentCache(settings.index_dir / CACHE_FILE)) as cache,
        ):
            # The files are read in other processes, so that this one has time for it.
            loading = background.submit(load_embedder, settings.model)
            reading = read_corpus(settings, corpus, published.files, cache, timed)
        if not reading.units.statements:
            return _nothing(reading, timed)
        report = _publish(
            settings, storage, corpus, reading, published, loading.result(), timed
        )
        _tidy(storage)
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


def _tidy(storage: Storage) -> None:
    """Remove what is not kept; what was published stays so if that fails."""
    try:
        storage.tidy()
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
        to_confirm=list(manifest.to_confirm),
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


def _publish(
    settings: Settings,
    storage: Storage,
    corpus: Corpus,
    reading: CorpusReading,
    published: Published,
    embedder: Embedder,
    timed: TimedProgress,
) -> IngestReport:
    """Build and publish a generation of what was read."""
    units = reading.units
    compared = compare_texts(units.cases, units.texts, corpus.digests, published.texts)
    units = replace(units, cases=compared.as_they_stand(units.cases))
    contents = Contents(corpus.registry, units, reading.digests, compared.texts)
    builder = Builder(settings, storage, embedder, published, timed)
    manifest, embedded, total = builder.build(
        contents, reading, compared.problems, corpus.digest
    )
    return IngestReport(
        generation=manifest.generation,
        unchanged=False,
        counts=manifest.counts,
        outcomes=reading.outcomes,
        rejected=reading.rejected,
        warnings=reading.warnings,
        to_confirm=compared.problems,
        embedded=embedded,
        from_cache=total - embedded,
        model_id=manifest.model_id,
        multilingual=manifest.multilingual,
        seconds=timed.since_start(),
        seconds_by_step=timed.seconds,
        damage=published.damage,
    )
