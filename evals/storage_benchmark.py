"""A benchmark of storage with many passages: time, disk, memory, and what it misses.

The corpus is small, so a large one is recombined from it. Each case is copied many
times under new ids; each statement of a copy is joined with a statement of another
case, drawn at random. Its vectors are the normalised sums of the two statements' real
vectors, so that the collection keeps the density of real text and nothing has to be
embedded for hours. Each synthetic passage holds one such statement.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.documents import Units
from ingest.progress import Progress
from ingest.registry import Registry
from ingest.write import Contents, everyday_topics, write_parts
from kb import KnowledgeBase
from kb.index.embed import Embedder
from kb.index.generation import Generation
from kb.index.manifest import Manifest
from kb.index.vectors import (
    BARE_STATEMENTS,
    CASES,
    EVERYDAY_TOPICS,
    OPEN_QUESTIONS,
    STATEMENTS,
)
from kb.settings import Settings
from kb.storage import Storage, published, storage_of
from kb.types import Case, Passage, Query, Statement, city_of

_NAME = "scale"
_SEED = 0
_DEPTH = 100
_OTHER_CASE = 0.3
"""Weight of another case's vector in that of a copied case."""
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class StorageBenchmark:
    """What one storage took and gave; times in seconds unless the name says ms."""

    place: str
    passages: int
    vectors: int
    write_seconds: float
    vectors_per_second: float
    publish_seconds: float
    """Packing and sending the files to a server, and the one step after it."""
    disk_mb: float | None
    """Of the generation's folder; None on a server."""
    peak_memory_mb: float
    """Of this process, a server's not included."""
    open_seconds: float
    search_ms: tuple[float, float]
    """Median and 95th percentile, the question's embedding included."""
    filtered_search_ms: tuple[float, float]
    """The same with a filter on one city."""
    ask_ms: tuple[float, float]
    recall_at_10: float
    """Share of the 10 nearest statements by exact search that the index finds."""
    recall_at_100: float


@dataclass(frozen=True)
class _Synthetic:
    """A recombined corpus with the vectors of its collections, in their order."""

    registry: Registry
    units: Units
    whole: Vectors
    vectors: dict[str, Vectors]
    """The parts of the whole; no copies, since a large corpus has room for one."""


def benchmark_storage(
    embedder: Embedder,
    source: Generation,
    settings: Settings,
    n_passages: int,
    questions: Sequence[str],
    progress: Progress,
) -> StorageBenchmark:
    """Write, publish and query a recombined corpus in the storage of ``settings``.

    Args:
        embedder: The model that the source was built with.
        source: The generation from whose passages new ones are recombined.
        settings: An empty index folder, or a Chroma server and a database of its own.
        n_passages: How many passages to make.
        questions: What to ask.
        progress: Told how far writing is.
    """
    synthetic = _recombined(source, n_passages)
    n_vectors = len(synthetic.whole)
    storage = storage_of(settings)
    written, published_after = _publish(synthetic, source.manifest, storage, progress)
    started = time.perf_counter()
    city = city_of(source.catalogue.case_ids[0])
    with closing(KnowledgeBase(settings, embedder)) as large:
        opened = time.perf_counter() - started
        searched = _times(questions, lambda text: large.search(Query(text)))
        filtered = _times(questions, lambda text: large.search(Query(text, (city,))))
        answered = _times(questions, lambda text: large.ask(Query(text)))
    queries = np.stack([embedder.embed_query(text) for text in questions])
    with closing(storage.open(published(storage))) as generation:
        exact = synthetic.vectors[STATEMENTS]
        recall = [_recall(generation, exact, queries, n) for n in (10, _DEPTH)]
    return StorageBenchmark(
        place=storage.place,
        passages=n_passages,
        vectors=n_vectors,
        write_seconds=round(written, 1),
        vectors_per_second=round(n_vectors / written, 1),
        publish_seconds=round(published_after, 1),
        disk_mb=None if settings.chroma_url else _disk_mb(settings.index_dir),
        peak_memory_mb=_peak_memory_mb(),
        open_seconds=round(opened, 1),
        search_ms=searched,
        filtered_search_ms=filtered,
        ask_ms=answered,
        recall_at_10=recall[0],
        recall_at_100=recall[1],
    )


def _publish(
    synthetic: _Synthetic, like: Manifest, storage: Storage, progress: Progress
) -> tuple[float, float]:
    """Return how long writing took, and how long finishing and publishing after it."""
    files = {case.path: "" for case in synthetic.units.cases}
    started = time.perf_counter()
    with storage.draft(_NAME) as draft:
        write_parts(
            draft,
            Contents(synthetic.registry, synthetic.units, files, {}),
            lambda _texts, _tell: synthetic.whole,
            progress,
        )
        written = time.perf_counter()
        counts = synthetic.units.counts()
        storage.finish(draft, replace(like, generation=_NAME, counts=counts))
    storage.publish(_NAME)
    return written - started, time.perf_counter() - written


def _recombined(source: Generation, n_passages: int) -> _Synthetic:
    catalogue, store = source.catalogue, source.store
    rng = np.random.default_rng(_SEED)
    statements, cases = catalogue.statements(), catalogue.cases_by_id
    originals = cases(catalogue.case_ids)
    units = Units()
    partners = rng.integers(len(statements), size=n_passages)
    for number in range(n_passages):
        copy, position = divmod(number, len(statements))
        one, other = statements[position], statements[partners[number]]
        passage, statement = _joined(one, other, copy)
        units.passages.append(passage)
        units.statements.append(statement)
    copied = sorted({statement.case_id for statement in units.statements})
    units.cases.extend(
        _copy_of(originals[_original(case_id)], case_id) for case_id in copied
    )
    order = np.arange(n_passages) % len(statements)
    ids = [statement.statement_id for statement in statements]
    in_context, bare = (
        _matrix(store.vectors(n, ids), ids) for n in (STATEMENTS, BARE_STATEMENTS)
    )
    case_ids = list(originals)
    of_cases = _matrix(store.vectors(CASES, case_ids), case_ids)
    rows = np.array([case_ids.index(_original(case_id)) for case_id in copied])
    others = rng.integers(len(case_ids), size=len(copied))
    topics = everyday_topics()
    parts = {
        STATEMENTS: _unit(in_context[order] + in_context[partners]),
        BARE_STATEMENTS: _unit(bare[order] + bare[partners]),
        CASES: _unit(of_cases[rows] + np.float32(_OTHER_CASE) * of_cases[others]),
        OPEN_QUESTIONS: np.empty((0, in_context.shape[1]), dtype=np.float32),
        EVERYDAY_TOPICS: _matrix(store.vectors(EVERYDAY_TOPICS, topics), topics),
    }
    whole = np.concatenate(list(parts.values()))
    ends = np.cumsum([len(part) for part in parts.values()])
    views = dict(zip(parts, np.split(whole, ends[:-1]), strict=True))
    registry = Registry(catalogue.cities, catalogue.themes)
    return _Synthetic(registry, units, whole, views)


def _joined(one: Statement, other: Statement, copy: int) -> tuple[Passage, Statement]:
    """Return a passage and its statement, recombined from two."""
    case_id = f"{one.case_id}--{copy}"
    text = f"{one.text} {other.text}"
    unit_id = f"{one.statement_id.replace(one.case_id, case_id, 1)}"
    passage = Passage(
        passage_id=f"{unit_id}-p",
        case_id=case_id,
        section=one.section,
        page=None,
        start=0,
        end=len(text),
        text=text,
    )
    statement = replace(
        one,
        statement_id=unit_id,
        passage_id=passage.passage_id,
        case_id=case_id,
        start=0,
        end=len(text),
        text=text,
    )
    return passage, statement


def _original(case_id: str) -> str:
    return case_id.rpartition("--")[0]


def _copy_of(case: Case, case_id: str) -> Case:
    return replace(case, case_id=case_id, path=f"{case_id}.md")


def _matrix(vectors: dict[str, Vectors], ids: Sequence[str]) -> Vectors:
    return np.stack([vectors[unit_id] for unit_id in ids])


def _unit(vectors: Vectors) -> Vectors:
    """Give new vectors the length 1, in place."""
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _recall(
    generation: Generation, vectors: Vectors, queries: Vectors, depth: int
) -> float:
    """Return the mean share of the exact ``depth`` nearest that the index finds."""
    ids = np.array([s.statement_id for s in generation.catalogue.statements()])
    shares = []
    for query in queries:
        similar = vectors @ query
        exact = set(ids[np.argpartition(-similar, depth)[:depth]])
        found = generation.store.search(STATEMENTS, query, depth)
        shares.append(len(exact & found.keys()) / depth)
    return round(float(np.mean(shares)), 4)


def _times(
    questions: Sequence[str], run: Callable[[str], object]
) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds, once warm."""
    run(questions[0])
    taken = []
    for text in questions:
        started = time.perf_counter()
        run(text)
        taken.append(1000 * (time.perf_counter() - started))
    p50, p95 = np.percentile(taken, [50, 95])
    return round(float(p50), 1), round(float(p95), 1)


def _disk_mb(folder: Path) -> float:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return round(size / 1e6, 1)


def _peak_memory_mb() -> float:
    import resource  # which Windows has not

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)
