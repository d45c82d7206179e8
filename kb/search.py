"""Question in, ranked statements and passages out.

A statement's score adds up how similar the question is to the statement in its context,
to the statement alone and to the whole case, how much of what the question asks for the
statement and its case cover in words, and a bonus when the question names the
statement's city. Sums of similarities and coverage keep their scale, unlike ranks:
fusing by rank halves retrieval for questions that are not in the corpus's language,
because it trusts lexical noise.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kb.index.embed import Embedder
from kb.index.generation import Generation
from kb.index.lexical import Concept
from kb.index.vectors import (
    BARE_STATEMENTS,
    CASES,
    EVERYDAY_TOPICS,
    OPEN_QUESTIONS,
    STATEMENTS,
    VectorStore,
)
from kb.question.prepare import understand
from kb.settings import Settings
from kb.types import Hit, OpenQuestion, Query, Statement

MAX_HITS = 100
_DENSE_CANDIDATES = 300
_LEXICAL_CANDIDATES = 100
_OPEN_QUESTION_CANDIDATES = 10


@dataclass(frozen=True, slots=True)
class ScoredStatement:
    """A statement with its score and the parts the score is made of."""

    statement: Statement
    score: float
    similarity: float
    """Cosine of question and statement in context."""
    bare_similarity: float
    """Cosine of the question without its city and the statement alone."""
    case_similarity: float
    """Cosine of question and case."""
    coverage: float
    """Lexical coverage by the statement, 0 to 1."""
    case_coverage: float
    """Lexical coverage by the whole case, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everything that one question found."""

    query: Query
    language: str
    """ISO 639-1 code of the question's detected language."""
    statements: list[ScoredStatement]
    """Best first."""
    open_questions: dict[str, float]
    """Similarity by open-question id, best first."""
    everyday_similarity: float
    """Similarity to the nearest topic that has nothing to do with the cities."""
    named_cities: frozenset[str]
    timings_ms: dict[str, float]
    concepts: Sequence[Concept] = ()
    """What the question asks for, its city aside."""


def rank(
    query: Query, generation: Generation, embedder: Embedder, settings: Settings
) -> Ranking:
    """Rank the statements that a checked query finds, best first.

    Equal scores are ordered by statement id. A corpus or filter without statements
    gives an empty ranking.
    """
    return Search(query, generation, embedder, settings).ranking()


class Search:
    """A checked query asked of a generation: what it finds, and what else is near it.

    `rank` is enough for the ranking alone.
    """

    def __init__(
        self,
        query: Query,
        generation: Generation,
        embedder: Embedder,
        settings: Settings,
    ) -> None:
        """Understand the question and embed it.

        Args:
            query: The question and its filters.
            generation: What is searched.
            embedder: The model of the generation.
            settings: The weights.
        """
        self._watch = _Stopwatch()
        self._query, self._settings = query, settings
        self._generation = generation
        cities = generation.catalogue.cities.values()
        self._question = question = understand(query.text, cities)
        self._watch.lap("understand")
        self._vector = bare_vector = embedder.embed_query(query.text)
        if question.named_cities:
            bare_vector = embedder.embed_query(question.bare_text)
        self._watch.lap("embed")
        self._similar, self._open_questions, self._everyday = _nearest(
            generation.store, query, self._vector, bare_vector
        )
        self._watch.lap("dense")
        self._coverage = generation.lexical.coverage(question.concepts)
        self._case_coverage = generation.lexical_cases.coverage(question.concepts)

    def ranking(self) -> Ranking:
        """Return everything that the question finds, best first."""
        query, generation = self._query, self._generation
        found = _candidates(self._similar, self._coverage, generation, query)
        scored = self._scored(found)
        self._watch.lap("rank")
        return Ranking(
            query=query,
            language=self._question.language,
            statements=scored,
            open_questions=self._open_questions,
            everyday_similarity=max(self._everyday.values(), default=0.0),
            named_cities=self._question.named_cities,
            timings_ms=self._watch.laps_ms,
            concepts=self._question.concepts,
        )

    def statements_of(self, case_ids: Iterable[str]) -> list[ScoredStatement]:
        """Return every statement of some cases, found or not, best first."""
        catalogue = self._generation.catalogue
        return self._scored(
            {s.statement_id: s for c in case_ids for s in catalogue.statements_of(c)}
        )

    def open_questions_of(self, case_ids: Iterable[str]) -> list[OpenQuestion]:
        """Return every open question of some cases, nearest first."""
        catalogue, store = self._generation.catalogue, self._generation.store
        questions = [q for c in case_ids for q in catalogue.open_questions_of(c)]
        vectors = store.vectors(OPEN_QUESTIONS, [q.question_id for q in questions])
        near = {name: float(other @ self._vector) for name, other in vectors.items()}
        return sorted(questions, key=lambda q: (-near[q.question_id], q.question_id))

    def _scored(self, found: Mapping[str, Statement]) -> list[ScoredStatement]:
        """Return statements, given by id, with their scores, best first."""
        catalogue = self._generation.catalogue
        self._similar.complete(self._generation.store, found)
        positions = catalogue.positions_of(list(found))
        case_positions = {c: i for i, c in enumerate(catalogue.case_ids)}
        scored = [
            _score(
                statement,
                self._similar,
                float(self._coverage[positions[statement_id]]),
                float(self._case_coverage[case_positions[statement.case_id]]),
                self._question.named_cities,
                self._settings,
            )
            for statement_id, statement in found.items()
        ]
        scored.sort(key=lambda item: (-item.score, item.statement.statement_id))
        return scored


_Found = dict[str, float]


@dataclass(frozen=True, slots=True)
class _Similar:
    """Similarities by id, of the nearest first and of other candidates on demand."""

    vector: NDArray[np.float32]
    bare_vector: NDArray[np.float32]
    in_context: dict[str, float]
    bare: dict[str, float]
    of_cases: dict[str, float]

    def complete(self, store: VectorStore, found: Mapping[str, Statement]) -> None:
        """Add what only another side has found."""
        cases = {statement.case_id for statement in found.values()}
        sides = (
            (self.in_context, set(found), STATEMENTS, self.vector),
            (self.bare, set(found), BARE_STATEMENTS, self.bare_vector),
            (self.of_cases, cases, CASES, self.vector),
        )
        others = store.together(
            partial(store.vectors, collection, sorted(wanted - known.keys()))
            for known, wanted, collection, _ in sides
        )
        for (known, _, _, vector), vectors in zip(sides, others, strict=True):
            for found_id, other in vectors.items():
                known[found_id] = float(other @ vector)


def _nearest(
    store: VectorStore,
    query: Query,
    vector: NDArray[np.float32],
    bare_vector: NDArray[np.float32],
) -> tuple[_Similar, _Found, _Found]:
    """Return what is similar, and the nearest open questions and everyday topics."""
    search = partial(store.search, cities=query.cities, themes=query.themes)
    statements, bare, cases, questions, topics = store.together(
        [
            partial(search, STATEMENTS, vector, _DENSE_CANDIDATES),
            partial(search, BARE_STATEMENTS, bare_vector, _DENSE_CANDIDATES),
            partial(search, CASES, vector, _DENSE_CANDIDATES),
            partial(search, OPEN_QUESTIONS, vector, _OPEN_QUESTION_CANDIDATES),
            partial(store.search, EVERYDAY_TOPICS, vector, 1),
        ]
    )
    similar = _Similar(vector, bare_vector, statements, bare, cases)
    return similar, questions, topics


def _candidates(
    similar: _Similar,
    coverage: NDArray[np.float32],
    generation: Generation,
    query: Query,
) -> dict[str, Statement]:
    """Return the statements that the dense or the lexical side has found, by id."""
    catalogue = generation.catalogue
    found = catalogue.statements_by_id(list({**similar.in_context, **similar.bare}))
    lexical = catalogue.statements_at(_best_covered(coverage, generation, query))
    found.update({statement.statement_id: statement for statement in lexical})
    return found


def hits(ranking: Ranking, generation: Generation, k: int) -> list[Hit]:
    """Return the ``k`` best passages (at most `MAX_HITS`) by their best statement.

    Equal scores are ordered by passage id.
    """
    best: dict[str, ScoredStatement] = {}
    for item in ranking.statements:
        best.setdefault(item.statement.passage_id, item)
    order = sorted(best, key=lambda pid: (-best[pid].score, pid))[: min(k, MAX_HITS)]
    passages = generation.catalogue.passages_by_id(order)
    cases = generation.catalogue.cases_by_id(
        sorted({passages[pid].case_id for pid in order})
    )
    marks: dict[str, set[str]] = {pid: set() for pid in order}
    for case_id in cases:
        for statement in generation.catalogue.statements_of(case_id):
            if statement.passage_id in marks:
                marks[statement.passage_id].update(statement.source_ids)
    return [
        Hit(
            rank=position,
            score=best[pid].score,
            passage=passages[pid],
            case=(case := cases[passages[pid].case_id]),
            sources=tuple(s for s in case.sources if s.source_id in marks[pid]),
        )
        for position, pid in enumerate(order, start=1)
    ]


def _best_covered(
    coverage: NDArray[np.float32], generation: Generation, query: Query
) -> list[int]:
    """Return the positions with the highest coverage above 0 that pass the filters."""
    allowed = generation.catalogue.positions_within(query.cities, query.themes)
    candidates = (
        np.arange(len(coverage)) if allowed is None else np.asarray(allowed, dtype=int)
    )
    candidates = candidates[coverage[candidates] > 0]
    best = candidates[np.argsort(-coverage[candidates], kind="stable")]
    return [int(position) for position in best[:_LEXICAL_CANDIDATES]]


def _score(
    statement: Statement,
    similar: _Similar,
    coverage: float,
    case_coverage: float,
    named: frozenset[str],
    settings: Settings,
) -> ScoredStatement:
    similarity = similar.in_context[statement.statement_id]
    bare_similarity = similar.bare[statement.statement_id]
    case_similarity = similar.of_cases[statement.case_id]
    in_named_city = statement.city in named
    return ScoredStatement(
        statement=statement,
        score=settings.context_weight * similarity
        + settings.bare_weight * bare_similarity
        + settings.case_weight * case_similarity
        + settings.coverage_weight * coverage
        + settings.case_coverage_weight * case_coverage
        + (settings.city_weight if in_named_city else 0.0),
        similarity=similarity,
        bare_similarity=bare_similarity,
        case_similarity=case_similarity,
        coverage=coverage,
        case_coverage=case_coverage,
    )


class _Stopwatch:
    """Splits a call's time into named laps."""

    def __init__(self) -> None:
        self.laps_ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps_ms[name] = round((now - self._last) * 1000, 2)
        self._last = now
