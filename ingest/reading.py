"""The corpus's files read and split; those that have not changed, from the cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.confined import ReadFile
from ingest.corpus import Corpus, file_digests
from ingest.documents import Units
from ingest.limits import Limits
from ingest.progress import Progress
from ingest.report import FileOutcome, State
from kb.index.manifest import SPLITTER_VERSION
from kb.settings import Settings
from kb.types import Problem

if TYPE_CHECKING:
    from ingest.cache import DocumentCache


UNSETTLED = "changed while it was read"
"""Stands for the digest of what was saved meanwhile: nobody knows what was read."""
_LAYOUT = ",".join(part.name for part in fields(Units))
"""Of what is kept of a file; what an earlier version has kept is not taken for it."""


@dataclass
class CorpusReading:
    """What became of every file."""

    units: Units = field(default_factory=Units)
    """What the files were split into that could be read, in the order of the files."""
    digests: dict[str, str] = field(default_factory=dict)
    """Digest of each of these files, by its path."""
    outcomes: list[FileOutcome] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    """What of the files that were read could not be read, such as scanned pages."""
    is_settled: bool = True
    """False when a file was saved while it was read."""

    def add(self, file: ReadFile, digest: str, state: State) -> None:
        """Note a file that was read, now or before, or that was rejected."""
        if file.split is None:
            state = "rejected"
            self.rejected += [p for p in file.problems if p.severity == "error"]
        else:
            self.units.add(file.split)
            self.digests[file.path] = digest
            self.warnings += file.problems
        self.outcomes.append(FileOutcome(file.path, state, file.seconds))


def read_corpus(
    settings: Settings,
    corpus: Corpus,
    before: Mapping[str, str],
    cache: DocumentCache,
    progress: Progress,
) -> CorpusReading:
    """Read and split the files; those whose digest is in the cache are not opened.

    Args:
        settings: What reading may cost, and how to split.
        corpus: The files with their digests.
        before: The digests of the published generation.
        cache: What was read before.
        progress: Told how far it is.
    """
    shaping = (
        f"{_LAYOUT}\n{SPLITTER_VERSION}\n"
        f"{settings.passage_tokens}\n{corpus.registry_digest}"
    )
    keys = {p: f"{p}\n{digest}\n{shaping}" for p, digest in corpus.digests.items()}
    files = {
        name: ReadFile(name, problems, split=split)
        for name, (split, problems) in cache.get(keys).items()
    }
    progress.start("Reading files", len(keys))
    progress.advance(len(files))
    waiting = [path for name, path in corpus.paths.items() if name not in files]
    fresh = _read(waiting, settings, corpus, progress)
    settled = file_digests(waiting, corpus.folder, Limits.of(settings))
    unsettled = {name for name in fresh if settled[name] != corpus.digests[name]}
    cache.put(
        {
            keys[name]: (file.split, file.problems)
            for name, file in fresh.items()
            if file.split is not None and name not in unsettled
        }
    )
    cache.keep_only(keys.values())

    files |= fresh
    reading = _without_files(corpus, before)
    reading.is_settled = not unsettled
    for name, digest in corpus.digests.items():
        read_digest = UNSETTLED if name in unsettled else digest
        reading.add(files[name], read_digest, _state(digest, before.get(name)))
    reading.outcomes.sort(key=lambda outcome: outcome.path)
    reading.rejected.sort(key=lambda problem: problem.path)
    return reading


def _without_files(corpus: Corpus, before: Mapping[str, str]) -> CorpusReading:
    """Return what became of the files that are not there to be read."""
    unusable = {problem.path for problem in corpus.unusable}
    removed = before.keys() - corpus.digests.keys() - unusable
    return CorpusReading(
        outcomes=[
            *(FileOutcome(path, "rejected", 0.0) for path in unusable),
            *(FileOutcome(path, "removed", 0.0) for path in removed),
        ],
        rejected=list(corpus.unusable),
    )


def _read(
    paths: Sequence[Path], settings: Settings, corpus: Corpus, progress: Progress
) -> dict[str, ReadFile]:
    # It starts processes and loads what they need, which an unchanged corpus can save.
    from ingest.worker import read_files

    found = {}
    results = read_files(
        paths,
        corpus.folder,
        corpus.registry,
        Limits.of(settings),
        settings.passage_tokens,
    )
    with closing(results):
        for result in results:
            found[result.path] = result
            progress.advance(1)
    return found


def _state(now: str, before: str | None) -> State:
    if before is None:
        return "added"
    return "unchanged" if now == before else "changed"
