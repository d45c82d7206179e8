"""The corpus's files read and split; those that have not changed, from the cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.corpus import Corpus, file_digests
from ingest.documents import SplitDocument
from ingest.limits import Limits
from ingest.progress import Progress
from ingest.report import FileOutcome, State
from kb.index.manifest import SPLITTER_VERSION
from kb.settings import Settings
from kb.types import Problem

if TYPE_CHECKING:
    from ingest.cache import DocumentCache
    from ingest.confined import ReadFile


@dataclass
class Reading:
    """What became of every file."""

    documents: dict[str, SplitDocument] = field(default_factory=dict)
    """By path, in the order of the files."""
    outcomes: list[FileOutcome] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    """What of the files that were read could not be read, such as scanned pages."""
    unsettled: set[str] = field(default_factory=set)
    """Files that were saved while they were read; nobody knows which state was read."""

    def add(
        self,
        path: str,
        state: State,
        split: SplitDocument,
        problems: Sequence[Problem],
        seconds: float,
    ) -> None:
        """Note a file that was read, now or before."""
        self.documents[path] = split
        self.warnings += problems
        self.outcomes.append(FileOutcome(path, state, seconds))

    def add_read(self, file: ReadFile, state: State) -> None:
        """Note a file that was just read, or rejected."""
        if file.split is not None:
            self.add(file.path, state, file.split, file.problems, file.seconds)
            return
        self.rejected += [p for p in file.problems if p.severity == "error"]
        self.outcomes.append(FileOutcome(file.path, "rejected", file.seconds))


def read_corpus(
    settings: Settings,
    corpus: Corpus,
    before: Mapping[str, str],
    cache: DocumentCache,
    progress: Progress,
) -> Reading:
    """Read and split the files; those whose digest is in the cache are not opened.

    Args:
        settings: What reading may cost, and how to split.
        corpus: The files with their digests.
        before: The digests of the published generation.
        cache: What was read before.
        progress: Told how far it is.
    """
    shaping = f"{SPLITTER_VERSION}\n{settings.passage_tokens}\n{corpus.registry_digest}"
    keys = {p: f"{p}\n{digest}\n{shaping}" for p, digest in corpus.digests.items()}
    known = cache.get(keys)
    progress.start("Reading files", len(keys))
    progress.advance(len(known))
    waiting = [path for name, path in corpus.paths.items() if name not in known]
    fresh = _read(waiting, settings, corpus, progress)
    settled = file_digests(waiting, corpus.folder, Limits.of(settings))
    unsettled = {name for name in fresh if settled[name] != corpus.digests[name]}
    cache.put(
        {
            keys[name]: (result.split, result.problems)
            for name, result in fresh.items()
            if result.split is not None and name not in unsettled
        }
    )
    cache.keep_only(keys.values())

    reading = _without_files(corpus, before)
    reading.unsettled = unsettled
    for name, digest in corpus.digests.items():
        if name in known:
            split, problems = known[name]
            reading.add(name, _state(digest, before.get(name)), split, problems, 0.0)
        else:
            reading.add_read(fresh[name], _state(digest, before.get(name)))
    reading.outcomes.sort(key=lambda outcome: outcome.path)
    reading.rejected.sort(key=lambda problem: problem.path)
    return reading


def _without_files(corpus: Corpus, before: Mapping[str, str]) -> Reading:
    """Return what became of the files that are not there to be read."""
    unusable = {problem.path for problem in corpus.unusable}
    removed = before.keys() - corpus.digests.keys() - unusable
    return Reading(
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
