"""The knowledge base as its clients meet it: open an index, search it, ask it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kb.answer import answer
from kb.embed import AUTO, Embedder, load_embedder
from kb.errors import IndexMismatchError
from kb.generation import (
    Generation,
    Manifest,
    current_name,
    open_generation,
    published_folder,
    published_manifest,
    read_manifest,
)
from kb.names import Vocabulary
from kb.question import check_query
from kb.search import hits, rank
from kb.settings import Settings
from kb.types import (
    Answer,
    Case,
    City,
    Hit,
    OpenQuestion,
    Passage,
    Query,
    Statement,
    Theme,
)


@dataclass(frozen=True, slots=True)
class FullCase:
    """A case with everything that its file says."""

    case: Case
    passages: list[Passage]
    statements: list[Statement]
    open_questions: list[OpenQuestion]


@dataclass
class _Held:
    """An open generation and how many questions are using it."""

    generation: Generation
    vocabulary: Vocabulary
    users: int = 0
    retired: bool = False


class KnowledgeBase:
    """Answers from the published generation; safe to share between threads.

    Between two questions it moves to a newer generation by itself; a question that has
    begun keeps the generation that it began with.
    """

    def __init__(self, settings: Settings, embedder: Embedder | None = None) -> None:
        """Open the published generation.

        Args:
            settings: Where the index is and how to weigh.
            embedder: The model; None loads the one that the settings name.

        Raises:
            IndexNotFoundError: Nothing is published.
            IndexDamagedError: The published generation is damaged.
            IndexMismatchError: It was built with another model or format.
            EmbedderUnavailableError: The model cannot be loaded.
        """
        self._settings = settings
        self._lock = threading.Lock()
        manifest = published_manifest(settings.index_dir)
        self._embedder = embedder or _load_for(manifest, settings)
        self._held = self._open()

    @property
    def manifest(self) -> Manifest:
        """What the generation in use was built from."""
        with self._use() as held:
            return held.generation.manifest

    @property
    def embedder(self) -> Embedder:
        """The model in use, for other knowledge bases over the same vectors."""
        return self._embedder

    @property
    def cities(self) -> list[City]:
        """The mentor cities, in the order of their file."""
        with self._use() as held:
            return list(held.generation.catalogue.cities.values())

    @property
    def themes(self) -> list[Theme]:
        """The themes, in the order of their file."""
        with self._use() as held:
            return list(held.generation.catalogue.themes.values())

    def search(self, query: Query, k: int = 10) -> list[Hit]:
        """Return the best passages for a query, best first, at most ``k``.

        Raises:
            QueryError: The question or a filter cannot be used.
        """
        with self._use() as held:
            generation = held.generation
            check_query(query, generation.catalogue)
            ranking = rank(query, generation, self._embedder, self._settings)
            return hits(ranking, generation, k)

    def ask(self, query: Query) -> Answer:
        """Answer a query with cited statements, or abstain.

        Raises:
            QueryError: The question or a filter cannot be used.
        """
        with self._use() as held:
            check_query(query, held.generation.catalogue)
            return answer(
                query, held.generation, self._embedder, held.vocabulary, self._settings
            )

    def cases(self) -> list[Case]:
        """Return every case, in the order of their ids."""
        with self._use() as held:
            return held.generation.catalogue.cases()

    def full_case(self, case_id: str) -> FullCase | None:
        """Return a case with its passages, statements and open questions, or None."""
        with self._use() as held:
            catalogue = held.generation.catalogue
            case = catalogue.case(case_id)
            if case is None:
                return None
            return FullCase(
                case=case,
                passages=catalogue.passages_of(case_id),
                statements=catalogue.statements_of(case_id),
                open_questions=catalogue.open_questions_of(case_id),
            )

    def close(self) -> None:
        """Release the index; the knowledge base cannot be used afterwards."""
        with self._lock:
            self._retire(self._held)

    def _open(self) -> _Held:
        folder = published_folder(self._settings.index_dir)
        _require_same_model(read_manifest(folder), self._embedder)
        generation = open_generation(folder)
        return _Held(generation, Vocabulary(generation.catalogue.vocabulary))

    @contextmanager
    def _use(self) -> Iterator[_Held]:
        with self._lock:
            newest = current_name(self._settings.index_dir)
            if newest and newest != self._held.generation.manifest.generation:
                old, self._held = self._held, self._open()
                self._retire(old)
            held = self._held
            held.users += 1
        try:
            yield held
        finally:
            with self._lock:
                held.users -= 1
                if held.retired and held.users == 0:
                    held.generation.close()

    def _retire(self, held: _Held) -> None:
        held.retired = True
        if held.users == 0:
            held.generation.close()


def _load_for(manifest: Manifest, settings: Settings) -> Embedder:
    """Load the settings' model; with ``auto``, the model that the index was built with.

    Raises:
        EmbedderUnavailableError: The model cannot be loaded.
    """
    if settings.model != AUTO:
        return load_embedder(settings.model)
    embedder = load_embedder(AUTO)
    if embedder.model_id == manifest.model_id:
        return embedder
    return load_embedder(manifest.model_id)


def _require_same_model(manifest: Manifest, embedder: Embedder) -> None:
    if (manifest.model_id, manifest.dimension) != (
        embedder.model_id,
        embedder.dimension,
    ):
        raise IndexMismatchError(
            f"the index was built with the model {manifest.model_id!r} "
            f"({manifest.dimension} dimensions), the running one is "
            f"{embedder.model_id!r} ({embedder.dimension}).",
            "Run `mentorkb ingest` to build the index again, or set KB_MODEL back.",
        )
