"""A generation: computed, written, verified and published; where it takes long, twice.

The first of two stages holds what readers have already and the cheapest of the rest.
Who kills the ingestion then leaves it published. The next one finds the vectors in the
cache, and compares with what was published before it, as every step back does.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ingest.cache import FILE, VectorCache
from ingest.outlook import first_stage, measured
from ingest.progress import TimedProgress
from ingest.published import Published
from ingest.reading import UNSETTLED, CorpusReading
from ingest.reviews import RENAMED
from ingest.write import Contents, verify, write_parts
from kb.index.manifest import FORMAT_VERSION, SPLITTER_VERSION, Manifest
from kb.settings import Settings
from kb.storage import Storage
from kb.types import Problem

if TYPE_CHECKING:
    from kb.index.embed import Embedder

_STAMP = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Builder:
    """What generations are built with."""

    settings: Settings
    storage: Storage
    embedder: Embedder
    published: Published
    timed: TimedProgress

    def build(
        self,
        contents: Contents,
        reading: CorpusReading,
        to_confirm: Sequence[Problem],
        corpus_digest: str,
    ) -> tuple[Manifest, int, int]:
        """Publish what was read, in two stages if it takes long.

        Args:
            contents: What was read.
            reading: What became of the files.
            to_confirm: What is asked of an expert.
            corpus_digest: Of the corpus that was read.

        Returns:
            The manifest of what is published now, how many texts were embedded anew,
            and how many there are in all.
        """
        manifest = replace(
            self._manifest(contents, reading, corpus_digest),
            to_confirm=tuple(to_confirm),
        )
        with closing(VectorCache(self.settings.index_dir / FILE)) as cache:
            self.timed.start("Estimating", 1)
            work = measured(contents, cache, self.embedder)
            renamed = {p.path for p in to_confirm if p.rule == RENAMED}
            first = first_stage(contents, work, self.published.files, renamed)
            self.timed.advance(1)
            n_first = len(first.units.cases) if first else 0
            self.timed.expect(replace(work.outlook, first_files=n_first))
            if first:
                partial = replace(
                    manifest,
                    counts=first.units.counts(),
                    corpus_digest=UNSETTLED,
                    is_partial=True,
                )
                self._publish(first, partial, cache)
                manifest = replace(manifest, generation=self._name(corpus_digest))
            total = self._publish(contents, manifest, cache)
        return manifest, work.outlook.texts, total

    def _publish(
        self, contents: Contents, manifest: Manifest, cache: VectorCache
    ) -> int:
        """Write, verify and publish one generation; return how many texts it has."""
        timed, storage = self.timed, self.storage
        with storage.draft(manifest.generation) as draft:
            total = write_parts(
                draft,
                contents,
                lambda texts, tell: cache.embed(texts, self.embedder, tell)[0],
                timed,
            )
            timed.start("Verifying", 1)
            storage.finish(draft, replace(manifest, seconds=timed.since_start()))
            with closing(storage.open(manifest.generation)) as generation:
                verify(generation, contents.units.statements)
        # Not inside the draft: if publishing fails, nobody knows whether it took place,
        # and the generation must not be removed.
        storage.publish(manifest.generation)
        timed.advance(1)
        timed.stop()
        return total

    def _manifest(
        self, contents: Contents, reading: CorpusReading, corpus_digest: str
    ) -> Manifest:
        embedder = self.embedder
        return Manifest(
            generation=self._name(corpus_digest),
            format_version=FORMAT_VERSION,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            seconds=0.0,
            model_id=embedder.model_id,
            backend=embedder.backend,
            multilingual=embedder.multilingual,
            dimension=embedder.dimension,
            splitter_version=SPLITTER_VERSION,
            passage_tokens=self.settings.passage_tokens,
            corpus_digest=corpus_digest if reading.is_settled else UNSETTLED,
            counts=contents.units.counts(),
            rejected=tuple(reading.rejected),
            warnings=tuple(reading.warnings),
            previous=self.published.previous,
        )

    def _name(self, digest: str) -> str:
        """Return a name for a generation; later ones sort behind earlier ones."""
        moment = datetime.now(UTC).replace(tzinfo=None)
        newest = max(self.storage.complete(), default="").partition("-")[0]
        with suppress(ValueError):  # there is none, or it has another kind of name
            # The clock may have been set back since.
            after = datetime.strptime(newest, _STAMP) + timedelta(microseconds=1)
            moment = max(moment, after)
        return f"{moment:{_STAMP}}-{digest[:8]}"
