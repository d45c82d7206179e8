"""One question put to several cities: what their cases say, kind by kind of section."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.answer.abstain import judge_topic
from kb.answer.cases_about import best_scores, cases_about
from kb.answer.citing import cited_statements, evidence_words, figures_of
from kb.answer.reading import Reading, ReadStatement
from kb.answer.select import reading_order, repeats
from kb.comparison import ComparedCity, SideBySide
from kb.errors import shown
from kb.index.catalogue import Catalogue
from kb.index.embed import Embedder
from kb.index.generation import Generation
from kb.question.names import Vocabulary, named_cities, without_cities
from kb.question.prepare import check_query
from kb.reader import Calibration, Reader
from kb.reasons import NOTHING_TO_COMPARE, query_error
from kb.search import Ranking, ScoredStatement, Search
from kb.sections import STATED, kind_of_section
from kb.settings import Settings
from kb.types import KeyFigure, NearestCase, Query, city_of

MIN_CITIES = 2
MAX_CITIES = 4
OTHER = ""
"""The kind of all sections with headings of their own, as reports have them."""
_CELL = 3
_OPEN_QUESTIONS = 2
_AT_LEAST = 3
_READ_OF_CITY = 8
"""Statements that are read of a city, beside all of its nearest case."""
_OF_THE_LINE = 0.5
"""Share of the chance to help from which a statement may stand in a cell, where the
city's nearest case is about the question: then less is needed than in an answer. What
stays below comes nowhere near an answer."""


def check_comparison(query: Query, catalogue: Catalogue) -> None:
    """Refuse a question or a choice of cities that cannot be compared.

    Raises:
        QueryError: `check_query` refuses it; it has not two to four different cities;
            or it holds nothing but names of cities.
    """
    check_query(query, catalogue)
    n = len(set(query.cities))
    if not MIN_CITIES <= n <= MAX_CITIES:
        raise query_error("number-of-cities", n=n, known=tuple(catalogue.cities))
    cities = catalogue.cities.values()
    # A text without anything beside cities is given back whole.
    is_bare = without_cities(query.text, cities) != query.text
    if named_cities(query.text, cities) and not is_bare:
        raise query_error("only-cities", question=shown(query.text))


def _figures(
    columns: Sequence[ComparedCity], generation: Generation
) -> tuple[KeyFigure, ...]:
    """Return the key figures of the statements shown, column by column."""
    cells = (cell for column in columns for cell in column.cells.values())
    return figures_of([statement for cell in cells for statement in cell], generation)


def side_by_side(
    query: Query,
    generation: Generation,
    embedder: Embedder,
    reader: tuple[Reader, Calibration] | None,
    vocabulary: Vocabulary,
    settings: Settings,
) -> SideBySide:
    """Compare what the cases of some cities say on a checked question.

    The names of cities in the question count for nothing, so that no column is
    favoured. Each column names its nearest case; its cells hold what answers or helps.
    """
    started = time.perf_counter()
    cities = tuple(dict.fromkeys(query.cities))
    known = generation.catalogue.cities.values()
    # Searched in all cities: what other cities have tells how near is near.
    everywhere = replace(query, text=without_cities(query.text, known), cities=())
    search = Search(everywhere, generation, embedder, settings)
    ranking = search.ranking()
    decision = judge_topic(
        ranking, lambda: evidence_words(ranking, generation), vocabulary
    )
    if decision.reason_code:
        found = _Found({city: _OfCity() for city in cities})
    elif reader is None:
        found = _by_likeness(search, ranking, cities, settings)
    else:
        about = cases_about(ranking, settings)
        found = _by_reading(search, ranking, generation, reader, cities, about)
    reason_code, reason = decision.reason_code, decision.reason
    if not reason_code and not any(c.statements for c in found.of.values()):
        reason_code, reason = "weak-evidence", NOTHING_TO_COMPARE
    rows, columns = _columns(found, search, ranking, generation)
    return SideBySide(
        question=query.text,
        language=ranking.language,
        reason=reason,
        reason_code=reason_code,
        unknown_names=decision.unknown_names,
        rows=rows,
        columns=columns,
        figures=_figures(columns, generation),
        other_cities=found.others,
        timings_ms={
            **ranking.timings_ms,
            "total": round((time.perf_counter() - started) * 1000, 2),
        },
    )


@dataclass(frozen=True, slots=True)
class _OfCity:
    """What there is of one city."""

    statements: list[ScoredStatement] = field(default_factory=list)
    """That may stand in its cells, best first."""
    cases: tuple[str, ...] = ()
    """Ids of the cases that these are of, best first."""
    nearest: str | None = None
    """Id of the nearest case, also where nothing of it is shown."""
    read_in_vain: frozenset[str] | None = None
    """Ids of the statements that were read and come nowhere near an answer; None where
    nothing was read."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a question found."""

    of: Mapping[str, _OfCity]
    """By slug, in the order of the columns."""
    others: tuple[str, ...] = ()
    """Other cities with something on the question, best first."""


def _by_reading(
    search: Search,
    ranking: Ranking,
    generation: Generation,
    reader: tuple[Reader, Calibration],
    cities: Sequence[str],
    about: Sequence[str],
) -> _Found:
    """Read the nearest case of each city whole, and the best of its other cases.

    Each city is read for itself: that another one fits better says nothing against it.
    A nearest case that is ``about`` the question shows its best statements in any case.
    """
    of_city: dict[str, list[ScoredStatement]] = {}
    for item in ranking.statements:
        of_city.setdefault(item.statement.city, []).append(item)

    def reading(items: list[ScoredStatement]) -> Reading:
        return Reading(replace(ranking, statements=items), generation, *reader)

    _, calibration = reader
    found = {}
    for city in cities:
        near = of_city.get(city, [])
        if not near:
            found[city] = _OfCity()
            continue
        nearest = near[0].statement.case_id
        whole = search.statements_of([nearest])
        read = reading(near).of([*whole, *near[:_READ_OF_CITY]])
        found[city] = _of_city(read, nearest, calibration, is_about=nearest in about)
    best = [items[0] for city, items in of_city.items() if city not in cities]
    others = [
        r
        for r in reading(ranking.statements).of(best)
        if r.answers >= calibration.least_answers
    ]
    return _Found(found, tuple(r.city for r in others))


def _of_city(
    read: Sequence[ReadStatement],
    nearest: str,
    calibration: Calibration,
    *,
    is_about: bool,
) -> _OfCity:
    """Tell what is shown of a city from what is no answer.

    Args:
        read: All that was read of it, the best answers first.
        nearest: Id of its nearest case, which was read whole.
        calibration: Has the lines.
        is_about: Whether that case is about the question.
    """

    def reaches(item: ReadStatement, share: float) -> bool:
        helps = item.helps >= calibration.least_helps * share
        return helps or item.answers >= calibration.least_answers

    shown = [r for r in read if r.case_id == nearest][:_AT_LEAST] if is_about else []
    share = _OF_THE_LINE if is_about else 1.0
    helping = [r for r in read if reaches(r, share) or r in shown]
    return _OfCity(
        [r.item for r in helping],
        tuple(dict.fromkeys(r.case_id for r in helping)),
        nearest,
        frozenset(
            r.item.statement.statement_id
            for r in read
            if not reaches(r, _OF_THE_LINE) and r not in shown
        ),
    )


def _by_likeness(
    search: Search, ranking: Ranking, cities: Sequence[str], settings: Settings
) -> _Found:
    """Take every statement of the cases that are near enough."""
    about = cases_about(ranking, settings)
    near: dict[str, str] = {}
    for case_id in best_scores(ranking):
        near.setdefault(city_of(case_id), case_id)
    found = {}
    for city in cities:
        own = tuple(case_id for case_id in about if city_of(case_id) == city)
        found[city] = _OfCity(search.statements_of(own), own, near.get(city))
    others = dict.fromkeys(city_of(c) for c in about if city_of(c) not in cities)
    return _Found(found, tuple(others))


def _columns(
    found: _Found, search: Search, ranking: Ranking, generation: Generation
) -> tuple[tuple[str, ...], tuple[ComparedCity, ...]]:
    """Return the kinds of section in reading order, and a column for each city."""
    catalogue = generation.catalogue
    chosen = row_by_row(
        [item for of in found.of.values() for item in of.statements], list(found.of)
    )
    named = {c for of in found.of.values() for c in (*of.cases, of.nearest) if c}
    cases = catalogue.cases_by_id(sorted(named))
    statements = cited_statements(chosen, cases, generation, ranking)
    kinds = [_row_of(statement.citation.section) for statement in statements]
    rows = (*STATED, OTHER) if OTHER in kinds else STATED
    scores = best_scores(ranking)

    def near(case_ids: Iterable[str]) -> tuple[NearestCase, ...]:
        return tuple(
            NearestCase(c, cases[c].title, cases[c].city, round(scores.get(c, 0.0), 4))
            for c in case_ids
        )

    columns = [
        ComparedCity(
            city=city,
            cases=near(of.cases),
            nearest=next(iter(near([of.nearest] if of.nearest else [])), None),
            cells={
                row: tuple(
                    statement
                    for statement, kind in zip(statements, kinds, strict=True)
                    if (statement.city, kind) == (city, row)
                )
                for row in rows
            },
            open_questions=tuple(search.open_questions_of(of.cases)[:_OPEN_QUESTIONS]),
            silent=_silent(city, of.read_in_vain, catalogue),
        )
        for city, of in found.of.items()
    ]
    return rows, tuple(columns)


def _silent(
    city: str, read_in_vain: frozenset[str] | None, catalogue: Catalogue
) -> frozenset[str]:
    """Return the kinds of section where all was read of a city and nothing is near."""
    if read_in_vain is None:
        return frozenset()
    not_silent = {
        _row_of(statement.section)
        for case_id in catalogue.case_ids
        if city_of(case_id) == city
        for statement in catalogue.statements_of(case_id)
        if statement.statement_id not in read_in_vain
    }
    return frozenset({*STATED, OTHER} - not_silent)


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
        cell = cells[row, item.statement.city]
        if len(cell) < _CELL and not repeats(item, cell):
            cell.append(item)
    return [item for cell in cells.values() for item in reading_order(cell)]


def _row_of(section: str) -> str:
    kind = kind_of_section(section)
    return kind if kind in STATED else OTHER
