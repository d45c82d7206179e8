"""One question put to several cities: what their cases say, kind by kind of section."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.abstain import judge_topic
from kb.catalogue import Catalogue
from kb.citing import citations_of, cited_statements, evidence_words
from kb.embed import Embedder
from kb.errors import QueryError, shown
from kb.generation import Generation
from kb.names import Vocabulary, named_cities, without_cities
from kb.question import check_query
from kb.search import Ranking, ScoredStatement, Search
from kb.sections import STATED, kind_of_section
from kb.select import reading_order, repeats
from kb.settings import Settings
from kb.types import Citation, ComparedCity, NearestCase, Query, SideBySide

MIN_CITIES = 2
MAX_CITIES = 4
OTHER = ""
"""The kind of all sections with headings of their own, as reports have them."""
_CELL = 3
_OPEN_QUESTIONS = 2
_NO_CASE = "No case of these cities is about this question."
# A case is about the question when its best statement stands at least this high on a
# scale from 0, what the question is like everyday topics, to 1, the best statement of
# all cities, compared or not. Chosen on the development questions that name no city
# (244 questions, 75 needs): 72% of the columns shown hold a case that answers and 83%
# one that answers or helps; 88% of the cities with a case that answers are shown. Test
# questions (252, 96 needs): 61%, 76% and 76%. At .85 instead of .88, a fixed distance
# to the best statement has a precision of .66 instead of .76, a regression over seven
# signals of .71.
_ABOUT = 0.78
# Similarities of any two texts are high, so that 0 is a bit lower than it seems.
_EVERYDAY = 0.95
# Further cases of a city count only this near to its best one: 82% of these answer or
# help, but 38% of all further ones that stand high enough.
_NEARLY_AS_NEAR = 0.95


def check_comparison(query: Query, catalogue: Catalogue) -> None:
    """Refuse a question or a choice of cities that cannot be compared.

    Raises:
        QueryError: `check_query` refuses it; it has not two to four different cities;
            or it holds nothing but names of cities.
    """
    check_query(query, catalogue)
    n = len(set(query.cities))
    if not MIN_CITIES <= n <= MAX_CITIES:
        raise QueryError(
            f"{n} {'city is' if n == 1 else 'cities are'} to be compared.",
            f"Choose {MIN_CITIES} to {MAX_CITIES} of {', '.join(catalogue.cities)}.",
            fault="number-of-cities",
        )
    cities = catalogue.cities.values()
    # A text without anything beside cities is given back whole.
    is_bare = without_cities(query.text, cities) != query.text
    if named_cities(query.text, cities) and not is_bare:
        raise QueryError(
            f"the question {shown(query.text)} names nothing but cities.",
            "Say what to compare, for example green bonds.",
            fault="only-cities",
        )


def side_by_side(
    query: Query,
    generation: Generation,
    embedder: Embedder,
    vocabulary: Vocabulary,
    settings: Settings,
) -> SideBySide:
    """Compare what the cases of some cities say on a checked question.

    The names of cities in the question count for nothing, so that no column is
    favoured. The column of a city without a case on the question is empty.
    """
    started = time.perf_counter()
    cities = tuple(dict.fromkeys(query.cities))
    # Searched in all cities: only the best case of all tells how near is near.
    everywhere = replace(query, cities=())
    search = Search(everywhere, generation, embedder, settings, favours_cities=False)
    ranking = search.ranking()
    verdict = judge_topic(
        ranking, lambda: evidence_words(ranking, generation), vocabulary
    )
    near = {} if verdict.reason_code else _best_scores(ranking)
    about = [] if verdict.reason_code else cases_about(ranking, settings)
    if not verdict.reason_code and not any(_city_of(c) in cities for c in about):
        verdict = replace(verdict, reason_code="weak-evidence", reason=_NO_CASE)
    found = _Found(search, ranking, generation, near, about)
    columns, citations = _columns(cities, found)
    others = dict.fromkeys(_city_of(c) for c in about if _city_of(c) not in cities)
    return SideBySide(
        question=query.text,
        language=ranking.language,
        reason=verdict.reason,
        reason_code=verdict.reason_code,
        unknown_names=verdict.unknown_names,
        rows=_rows(citations),
        columns=columns,
        citations=citations,
        other_cities=tuple(others),
        timings_ms={
            **ranking.timings_ms,
            "total": round((time.perf_counter() - started) * 1000, 2),
        },
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What a question found in all cities."""

    search: Search
    ranking: Ranking
    generation: Generation
    near: Mapping[str, float]
    """The score of each case's best statement by case id, best first."""
    about: Sequence[str]
    """Ids of the cases that are about the question, best first."""


def cases_about(ranking: Ranking, settings: Settings) -> list[str]:
    """Return the ids of the cases that are about a question, best first.

    Args:
        ranking: What the question found in all cities, none of them favoured.
        settings: The weights that the scores were made with.
    """
    weights = settings.context_weight + settings.bare_weight + settings.case_weight
    zero = _EVERYDAY * weights * ranking.everyday_similarity
    best = _best_scores(ranking)
    height = max(best.values(), default=zero) - zero
    best_of: dict[str, float] = {}
    about = []
    for case_id, score in best.items():
        of_city = best_of.setdefault(_city_of(case_id), score)
        least = max(height * _ABOUT, (of_city - zero) * _NEARLY_AS_NEAR)
        if score - zero >= least > 0:
            about.append(case_id)
    return about


def _best_scores(ranking: Ranking) -> dict[str, float]:
    """Return the score of each case's best statement, best first."""
    best: dict[str, float] = {}
    for item in ranking.statements:
        best.setdefault(item.statement.case_id, item.score)
    return best


def _columns(
    cities: Sequence[str], found: _Found
) -> tuple[tuple[ComparedCity, ...], tuple[Citation, ...]]:
    """Return a column for each city, and the citations of all columns."""
    compared = [case_id for case_id in found.about if _city_of(case_id) in cities]
    catalogue = found.generation.catalogue
    chosen = row_by_row(found.search.statements_of(compared), cities)
    cases = catalogue.cases_by_id(compared)
    statements = cited_statements(chosen, cases)
    # The names of cities counted for nothing, so that they explain nothing either.
    nameless = replace(found.ranking, named_cities=frozenset())
    citations = citations_of(chosen, cases, found.generation, nameless)
    open_questions = found.search.open_questions_of(compared)
    columns = [
        ComparedCity(
            city=city,
            cases=_nearest(city, compared, found),
            nearest=next(iter(_nearest(city, found.near, found)), None),
            cells={
                row: tuple(
                    statement
                    for statement, citation in zip(statements, citations, strict=True)
                    if (citation.city, _row_of(citation.section)) == (city, row)
                )
                for row in _rows(citations)
            },
            open_questions=tuple(
                q for q in open_questions if _city_of(q.case_id) == city
            )[:_OPEN_QUESTIONS],
        )
        for city in cities
    ]
    return tuple(columns), citations


def _nearest(
    city: str, case_ids: Iterable[str], found: _Found
) -> tuple[NearestCase, ...]:
    """Return those of some cases that are of a city, in the same order."""
    own = [case_id for case_id in case_ids if _city_of(case_id) == city]
    cases = found.generation.catalogue.cases_by_id(own)
    return tuple(
        NearestCase(case_id, cases[case_id].title, city, round(found.near[case_id], 4))
        for case_id in own
    )


def row_by_row(
    found: Sequence[ScoredStatement], cities: Sequence[str]
) -> list[ScoredStatement]:
    """Choose the best few statements for each cell, without repetition.

    Args:
        found: Best first.
        cities: Slugs, in the order of the columns.
    """
    cells: dict[tuple[str, str], list[ScoredStatement]]
    cells = {(row, city): [] for row in (*STATED, OTHER) for city in cities}
    for item in found:
        row = _row_of(item.statement.section)
        cell = cells[row, _city_of(item.statement.case_id)]
        if len(cell) < _CELL and not repeats(item, cell):
            cell.append(item)
    return [item for cell in cells.values() for item in reading_order(cell)]


def _rows(citations: Sequence[Citation]) -> tuple[str, ...]:
    has_others = any(_row_of(citation.section) == OTHER for citation in citations)
    return (*STATED, OTHER) if has_others else STATED


def _row_of(section: str) -> str:
    kind = kind_of_section(section)
    return kind if kind in STATED else OTHER


def _city_of(case_id: str) -> str:
    return case_id.partition("/")[0]
