"""Question in, ranked statements and passages out.

A statement's score adds up how similar the question is to the statement in its context,
how similar it is to the whole case, how much of the question's words the statement
covers, and a bonus when the question names the statement's city. Sums of similarities
and coverage keep their scale, unlike ranks: fusing by rank halves retrieval for
questions that are not in the corpus's language, because it trusts lexical noise.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.embed import Embedder
from kb.errors import QueryError, shown
from kb.generation import Generation
from kb.names import named_cities
from kb.settings import Settings
from kb.store import CASES, EVERYDAY_TOPICS, OPEN_QUESTIONS, STATEMENTS, VectorStore
from kb.types import Hit, Query, Statement

MAX_QUESTION_CHARS = 1_000
MAX_HITS = 100
_FIRST_TEN = 10
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
    case_similarity: float
    """Cosine of question and case."""
    coverage: float
    """Lexical coverage, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everything that one question found."""

    query: Query
    statements: list[ScoredStatement]
    """Best first."""
    open_questions: dict[str, float]
    """Similarity by open-question id, best first."""
    everyday_similarity: float
    """Similarity to the nearest topic that has nothing to do with the cities."""
    named_cities: frozenset[str]
    timings_ms: dict[str, float]


def check_query(query: Query, generation: Generation) -> None:
    """Refuse a question or filter that cannot be searched.

    Raises:
        QueryError: The question is empty, holds no letter or digit, or is too long; or
            a filter is not a known city or theme.
    """
    if not query.text.strip():
        raise QueryError("the question is empty.", "Type a question.")
    if len(query.text) > MAX_QUESTION_CHARS:
        raise QueryError(
            f"the question has {len(query.text):,} characters, "
            f"the limit is {MAX_QUESTION_CHARS:,}.",
            "Ask for one thing in a sentence or two.",
        )
    if not any(char.isalnum() for char in query.text):
        raise QueryError(
            f"the question {shown(query.text)} holds no letters or digits.",
            "Write it in words.",
        )
    try:
        query.text.encode()
    except UnicodeEncodeError as exc:
        raise QueryError(
            f"character {exc.start + 1} of the question is broken.",
            "Type the question again.",
        ) from exc
    catalogue = generation.catalogue
    for kind, given, known in (
        ("city", query.cities, catalogue.cities),
        ("theme", query.themes, catalogue.themes),
    ):
        for slug in given:
            if slug not in known:
                raise QueryError(
                    f"there is no {kind} {shown(slug)}.",
                    f"Use one of {', '.join(known)}.",
                )


def rank(
    query: Query, generation: Generation, embedder: Embedder, settings: Settings
) -> Ranking:
    """Rank the statements that a checked query finds, best first.

    Equal scores are ordered by statement id. A corpus or filter without statements
    gives an empty ranking.
    """
    watch = _Stopwatch()
    vector = embedder.embed_query(query.text)
    watch.lap("embed")
    store, catalogue = generation.store, generation.catalogue
    filters = {"cities": query.cities, "themes": query.themes}
    similarity = store.search(STATEMENTS, vector, _DENSE_CANDIDATES, **filters)
    case_similarity = store.search(CASES, vector, _DENSE_CANDIDATES, **filters)
    open_questions = store.search(
        OPEN_QUESTIONS, vector, _OPEN_QUESTION_CANDIDATES, **filters
    )
    everyday = store.search(EVERYDAY_TOPICS, vector, 1)
    watch.lap("dense")
    coverage = generation.lexical.coverage(query.text)
    found = _candidates(similarity, coverage, generation, query)
    positions = catalogue.positions_of(list(found))
    watch.lap("lexical")
    _add_missing(similarity, list(found), STATEMENTS, store, vector)
    cases = sorted({statement.case_id for statement in found.values()})
    _add_missing(case_similarity, cases, CASES, store, vector)
    named = named_cities(query.text, catalogue.cities.values())
    scored = [
        _score(
            statement,
            similarity[statement_id],
            case_similarity[statement.case_id],
            float(coverage[positions[statement_id]]),
            named,
            settings,
        )
        for statement_id, statement in found.items()
    ]
    scored.sort(key=lambda item: (-item.score, item.statement.statement_id))
    watch.lap("rank")
    return Ranking(
        query=query,
        statements=scored,
        open_questions=open_questions,
        everyday_similarity=max(everyday.values(), default=0.0),
        named_cities=named,
        timings_ms=watch.laps_ms,
    )


def _candidates(
    similarity: Mapping[str, float],
    coverage: NDArray[np.float32],
    generation: Generation,
    query: Query,
) -> dict[str, Statement]:
    """Return the statements that the dense or the lexical side has found, by id."""
    catalogue = generation.catalogue
    found = catalogue.statements_by_id(list(similarity))
    lexical = catalogue.statements_at(_best_covered(coverage, generation, query))
    found.update({statement.statement_id: statement for statement in lexical})
    return found


def hits(
    ranking: Ranking, generation: Generation, k: int, passages_per_case: int
) -> list[Hit]:
    """Return the ``k`` best passages, each scored by its best statement.

    Among the first ten, a case keeps at most ``passages_per_case`` passages; its
    further ones follow behind.
    """
    best: dict[str, ScoredStatement] = {}
    for item in ranking.statements:
        best.setdefault(item.statement.passage_id, item)
    order = sorted(best, key=lambda pid: (-best[pid].score, pid))
    order = _spread(order, best, passages_per_case)[: min(k, MAX_HITS)]
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


def _spread(
    order: list[str], best: Mapping[str, ScoredStatement], per_case: int
) -> list[str]:
    first: list[str] = []
    held_back: list[str] = []
    taken: Counter[str] = Counter()
    for position, pid in enumerate(order):
        if len(first) == _FIRST_TEN:
            held_back += order[position:]
            break
        case_id = best[pid].statement.case_id
        if taken[case_id] < per_case:
            first.append(pid)
            taken[case_id] += 1
        else:
            held_back.append(pid)
    return first + held_back


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


def _add_missing(
    similarity: dict[str, float],
    wanted: Sequence[str],
    collection: str,
    store: VectorStore,
    vector: NDArray[np.float32],
) -> None:
    """Complete similarities for ids that only another side has found."""
    missing = [wanted_id for wanted_id in wanted if wanted_id not in similarity]
    for found_id, found in store.vectors(collection, missing).items():
        similarity[found_id] = float(found @ vector)


def _score(
    statement: Statement,
    similarity: float,
    case_similarity: float,
    coverage: float,
    named: frozenset[str],
    settings: Settings,
) -> ScoredStatement:
    in_named_city = statement.case_id.partition("/")[0] in named
    return ScoredStatement(
        statement=statement,
        score=similarity
        + settings.case_weight * case_similarity
        + settings.coverage_weight * coverage
        + (settings.city_weight if in_named_city else 0.0),
        similarity=similarity,
        case_similarity=case_similarity,
        coverage=coverage,
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
