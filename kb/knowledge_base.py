"""The knowledge base as its clients meet it: open an index, search it, ask it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Self

from kb.answer.extractive import answer
from kb.answer.side_by_side import check_comparison, side_by_side
from kb.asked import Asked, Kind, telling
from kb.comparison import SideBySide
from kb.coverage import CoverageRow, coverage
from kb.errors import IndexDamagedError
from kb.following import Following, OpenGeneration
from kb.index.catalogue import Catalogue
from kb.index.embed import AUTO, Embedder, load_embedder
from kb.index.manifest import (
    REBUILD,
    Manifest,
    require_same_model,
    require_same_splitting,
)
from kb.key_figures import ListedFigure
from kb.library import LibraryCase, library_cases
from kb.question.follow_up import understood
from kb.question.nonsense import is_nonsense
from kb.question.prepare import (
    MAX_QUESTION_CHARS,
    as_query,
    as_read,
    check_query,
    require_count,
)
from kb.reader import Calibration, Reader, calibration_of, load_reader
from kb.search import Ranking, hits, rank
from kb.sections import STATED
from kb.settings import Settings, load_settings
from kb.storage import published, storage_of
from kb.turns import Turns
from kb.types import (
    Answer,
    Case,
    City,
    FullCase,
    Hit,
    OpenQuestion,
    Query,
    Statement,
    Theme,
)


class KnowledgeBase:
    """Answers from the published generation; safe to share between threads.

    ``with KnowledgeBase() as kb: kb.ask("How did Lund pay for its heat network?")``
    opens the index that the settings name and releases it at the end. A question is a
    string, or a `Query` where it has filters.

    Between two questions it moves to a newer generation by itself; a question that has
    begun keeps the generation that it began with. A generation that cannot be opened is
    noted in the log, and the one in use goes on answering.
    """

    def __init__(
        self, settings: Settings | None = None, embedder: Embedder | None = None
    ) -> None:
        """Open the published generation.

        Args:
            settings: Where the index is and how to weigh; None for those of the
                environment and the defaults.
            embedder: The model; None loads the one that the settings name.

        Raises:
            IndexNotFoundError: Nothing is published.
            IndexDamagedError: The published generation is damaged.
            IndexMismatchError: It was built with another model, splitter or format.
            EmbedderUnavailableError: The model cannot be loaded.
            SettingsError: A setting of the environment does not fit.
            StorageUnavailableError: The Chroma server does not answer.
        """
        settings = settings or load_settings()
        self._settings = settings
        self._storage = storage_of(settings)
        self._loading = threading.Lock()
        self._turns = Turns(settings.at_once)
        with ExitStack() as undo:
            undo.callback(self._storage.close)
            manifest = self._storage.manifest(published(self._storage))
            self._embedder = embedder or _load_for(manifest, settings)
            self._following = Following(
                self._storage, manifest.generation, self._require_fitting
            )
            undo.pop_all()

    def __enter__(self) -> Self:
        """Return the knowledge base; it is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def __repr__(self) -> str:
        """Return what it holds, in a line."""
        in_use = self._following.manifest
        counted = f"{in_use.counts.cases} cases of {in_use.counts.cities} cities"
        return f"<KnowledgeBase: {counted}, indexed {in_use.created_at[:10]}>"

    def hold(self) -> AbstractContextManager[None]:
        """Let this thread ask one generation throughout a block, whatever is published.

        What is asked inside then fits together, and costs one look at the storage.
        """
        return self._following.hold()

    def turn(
        self, on_wait: Callable[[int], None] | None = None
    ) -> AbstractContextManager[None]:
        """Let this thread ask as soon as it is its turn, and throughout the block.

        Without it, each question takes a turn of its own.

        Args:
            on_wait: Told the place in line whenever it has changed, and 0 at the end of
                a wait.
        """
        return self._turns.turn(on_wait)

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return self._turns.waiting

    @property
    def manifest(self) -> Manifest:
        """What the generation in use was built from."""
        with self._following.use() as in_use:
            return in_use.generation.manifest

    @property
    def embedder(self) -> Embedder:
        """The model in use, for other knowledge bases over the same vectors."""
        return self._embedder

    @property
    def reader(self) -> tuple[Reader, Calibration] | None:
        """What reads, and what its log-odds are worth; None when nothing reads.

        It is loaded when it is first used.

        Raises:
            ReaderUnavailableError: It cannot be loaded, or was never calibrated.
        """
        with self._loading:
            reader = load_reader(self._settings.reader)
        return (reader, calibration_of(reader.reader_id)) if reader else None

    @property
    def cities(self) -> list[City]:
        """The mentor cities, in the order of their file."""
        with self._following.use() as in_use:
            return list(in_use.generation.catalogue.cities.values())

    @property
    def themes(self) -> list[Theme]:
        """The themes, in the order of their file."""
        with self._following.use() as in_use:
            return list(in_use.generation.catalogue.themes.values())

    def search(self, query: Query | str, k: int = 10) -> list[Hit]:
        """Return the best passages for a query, best first, at most ``k``.

        Raises:
            QueryError: The question or a filter cannot be used.
        """
        query = as_query(query)
        require_count(k)
        with self._asking("search", query) as (asked, in_use):
            generation = in_use.generation
            query = as_read(query, generation.catalogue, self._embedder)
            query = _in_context(query, generation.catalogue)
            ranking = rank(query, generation, self._embedder, self._settings)
            asked.stages_ms = ranking.timings_ms
            return hits(ranking, generation, k)

    def ranking(self, query: Query) -> Ranking:
        """Return every statement that a query finds with its score, best first.

        Raises:
            QueryError: The question or a filter cannot be used.
        """
        with self._following.use() as in_use:
            query = as_read(query, in_use.generation.catalogue, self._embedder)
            query = _in_context(query, in_use.generation.catalogue)
            return rank(query, in_use.generation, self._embedder, self._settings)

    def open_questions(self, ids: Sequence[str]) -> list[OpenQuestion]:
        """Return open questions by id, in the same order; unknown are left out."""
        with self._following.use() as in_use:
            found = in_use.generation.catalogue.open_questions_by_id(ids)
        return [found[name] for name in ids if name in found]

    def ask(self, query: Query | str) -> Answer:
        """Answer a query with cited statements, or abstain.

        A follow-up is answered as it is understood in the context of ``query.after``.

        Raises:
            QueryError: The question or a filter cannot be used.
        """
        with self._asking("ask", query) as (asked, in_use):
            return self._answer(as_query(query), in_use, asked)[0]

    def ask_and_search(self, query: Query | str, k: int) -> tuple[Answer, list[Hit]]:
        """Answer a query as `ask`, and return the passages that it found as `search`.

        Both come from one ranking, so that they cost little more than one of them.

        Raises:
            QueryError: The question or a filter cannot be used.
        """
        require_count(k)
        with self._asking("ask", query) as (asked, in_use):
            answered, ranking = self._answer(as_query(query), in_use, asked)
            return answered, hits(ranking, in_use.generation, k)

    def probe(self) -> None:
        """Ask something of the program's own, all the way to an answer, at once.

        Raises:
            KnowledgeBaseError: It cannot be asked, or finds nothing.
        """
        with (
            telling("probe", "", self._settings) as asked,
            self._following.use() as in_use,
        ):
            city = next(iter(in_use.generation.catalogue.cities.values()))
            query = Query(f"What was done in {city.name}?")
            _, ranking = self._answer(query, in_use, asked)
            if not ranking.statements:
                raise IndexDamagedError("a question finds nothing.", REBUILD)

    def compare(self, query: Query | str) -> SideBySide:
        """Compare what the cases of two to four cities say on a question.

        Raises:
            QueryError: The question, the choice of cities or a theme cannot be used.
        """
        query = as_query(query)
        with self._asking("compare", query) as (_, in_use):
            query = as_read(query, in_use.generation.catalogue, self._embedder)
            check_comparison(query, in_use.generation.catalogue)
            return side_by_side(
                query,
                in_use.generation,
                self._embedder,
                self.reader,
                in_use.vocabulary,
                self._settings,
            )

    def cases(self) -> list[Case]:
        """Return every case, in the order of their ids."""
        with self._following.use() as in_use:
            return in_use.generation.catalogue.cases()

    def library(self) -> list[LibraryCase]:
        """Return every case with its numbers of statements, in the order of their ids.

        They are counted once for each generation.
        """
        with self._following.use() as in_use:
            if in_use.library is None:
                catalogue = in_use.generation.catalogue
                in_use.library = library_cases(
                    catalogue.cases(), catalogue.statement_counts()
                )
            return list(in_use.library)

    def statements(self) -> list[Statement]:
        """Return every statement of all cases, case by case, in reading order."""
        with self._following.use() as in_use:
            return in_use.generation.catalogue.statements()

    def statements_in(self, section: str) -> list[Statement]:
        """Return the statements of all cases under a heading, case by case."""
        with self._following.use() as in_use:
            return in_use.generation.catalogue.statements_in(section)

    def figures(self) -> list[ListedFigure]:
        """Return every key figure with its case, case by case."""
        with self._following.use() as in_use:
            catalogue = in_use.generation.catalogue
            cases = {case.case_id: case for case in catalogue.cases()}
            return [ListedFigure(f, cases[f.case_id]) for f in catalogue.figures()]

    def full_case(self, case_id: str) -> FullCase | None:
        """Return everything that a case's file says, or None."""
        with self._following.use() as in_use:
            catalogue = in_use.generation.catalogue
            case = catalogue.case(case_id)
            if case is None:
                return None
            return FullCase(
                case=case,
                passages=catalogue.passages_of(case_id),
                statements=catalogue.statements_of(case_id),
                open_questions=catalogue.open_questions_of(case_id),
                figures=tuple(catalogue.figures_of(case_id)),
                conditions=tuple(catalogue.conditions_of(case_id)),
                steps=tuple(catalogue.steps_of(case_id)),
            )

    def coverage(self) -> list[CoverageRow]:
        """Return what there is for each city, theme and kind of section, and is not."""
        with self._following.use() as in_use:
            catalogue = in_use.generation.catalogue
            return coverage(
                catalogue.cases(),
                catalogue.statements(),
                cities=list(catalogue.cities),
                themes=list(catalogue.themes),
                sections=STATED,
            )

    def close(self) -> None:
        """Release the index; the knowledge base cannot be used afterwards."""
        self._following.close()
        self._storage.close()

    def _require_fitting(self, manifest: Manifest) -> None:
        require_same_model(manifest, self._embedder)
        require_same_splitting(manifest, self._settings)

    @contextmanager
    def _asking(
        self, kind: Kind, query: Query | str
    ) -> Iterator[tuple[Asked, OpenGeneration]]:
        """Deal with a question in its turn; tell what became of it."""
        with (
            telling(kind, query, self._settings) as asked,
            self._turns.turn(),
            self._following.use() as in_use,
        ):
            yield asked, in_use

    def _answer(
        self, query: Query, in_use: OpenGeneration, asked: Asked
    ) -> tuple[Answer, Ranking]:
        catalogue = in_use.generation.catalogue
        read = as_read(query, catalogue, self._embedder)
        is_question = not is_nonsense(read.text, in_use.vocabulary)
        resolved = _in_context(read, catalogue) if is_question else read
        ranking = rank(resolved, in_use.generation, self._embedder, self._settings)
        found = answer(
            ranking,
            in_use.generation,
            self._embedder,
            self.reader,
            in_use.vocabulary,
            self._settings,
        )
        asked.stages_ms, asked.reason = found.timings_ms, found.reason_code
        asked.outcome = "abstained" if found.abstained else "answered"
        understood_as = resolved.text if resolved.text != query.text else ""
        return replace(found, question=query.text, understood_as=understood_as), ranking


def _in_context(query: Query, catalogue: Catalogue) -> Query:
    """Return a checked query as it is understood after the question before it.

    Raises:
        QueryError: The question before holds what cannot be searched.
    """
    text = understood(query.text, query.after, catalogue.cities.values())
    if not text or len(text) > MAX_QUESTION_CHARS:
        return replace(query, after="")
    resolved = replace(query, text=text, after="")
    check_query(resolved, catalogue)
    return resolved


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
