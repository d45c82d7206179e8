"""The extractive answer: statements in the words of the corpus, each cited."""

from __future__ import annotations

import time

from kb.abstain import judge
from kb.answerability import signals
from kb.citing import citations_of, cited_statements, evidence_words
from kb.embed import Embedder
from kb.generation import Generation
from kb.names import Vocabulary
from kb.search import Ranking, ScoredStatement, rank
from kb.select import CANDIDATES, reading_order, select_statements
from kb.settings import Settings
from kb.types import (
    Answer,
    Case,
    NearestCase,
    OpenQuestion,
    Query,
)

_NEAREST_CASES = 3
_OPEN_QUESTIONS = 3
_CLOSEST = 3
_SHOWS_STATEMENTS = ("", "no-direct-answer")


def answer(
    query: Query,
    generation: Generation,
    embedder: Embedder,
    vocabulary: Vocabulary,
    settings: Settings,
) -> Answer:
    """Answer a checked query with cited statements, or abstain and say why.

    No word of a statement is changed. An abstention carries the nearest cases, or the
    closest statements where the case is clear but does not say it, and the open
    questions that are nearest to the question.
    """
    started = time.perf_counter()
    ranking = rank(query, generation, embedder, settings)
    cases = _cases(ranking, generation)
    verdict = judge(
        ranking, lambda: evidence_words(ranking, generation), vocabulary, settings
    )
    shown: list[ScoredStatement] = []
    if verdict.reason_code in _SHOWS_STATEMENTS:
        selected = select_statements(ranking, settings)
        shown = reading_order(selected[:_CLOSEST] if verdict.reason_code else selected)
    statements = cited_statements(shown, cases)
    citations = citations_of(shown, cases, generation, ranking)
    total_ms = round((time.perf_counter() - started) * 1000, 2)
    return Answer(
        question=query.text,
        language=ranking.language,
        abstained=bool(verdict.reason_code),
        reason=verdict.reason,
        reason_code=verdict.reason_code,
        unknown_names=verdict.unknown_names,
        statements=() if verdict.reason_code else statements,
        citations=citations,
        confidence=verdict.confidence,
        open_questions=_open_questions(ranking, shown, generation),
        closest=statements if verdict.reason_code else (),
        nearest_cases=() if shown else _nearest_cases(ranking, cases),
        signals=signals(ranking),
        timings_ms={**ranking.timings_ms, "total": total_ms},
    )


def _cases(ranking: Ranking, generation: Generation) -> dict[str, Case]:
    """Return the cases that the answer may name, by id."""
    wanted = [item.statement.case_id for item in ranking.statements[:CANDIDATES]]
    return generation.catalogue.cases_by_id(list(dict.fromkeys(wanted)))


def _open_questions(
    ranking: Ranking, chosen: list[ScoredStatement], generation: Generation
) -> tuple[OpenQuestion, ...]:
    """Return the nearest open questions: of cited cases, or of any when abstaining."""
    cited = {item.statement.case_id for item in chosen}
    found = generation.catalogue.open_questions_by_id(list(ranking.open_questions))
    nearest = [
        found[question_id]
        for question_id in ranking.open_questions
        if not cited or found[question_id].case_id in cited
    ]
    return tuple(nearest[:_OPEN_QUESTIONS])


def _nearest_cases(ranking: Ranking, cases: dict[str, Case]) -> tuple[NearestCase, ...]:
    best: dict[str, float] = {}
    for item in ranking.statements[:CANDIDATES]:
        best.setdefault(item.statement.case_id, item.score)
    return tuple(
        NearestCase(
            case_id=case_id,
            title=cases[case_id].title,
            city=cases[case_id].city,
            score=round(score, 4),
        )
        for case_id, score in list(best.items())[:_NEAREST_CASES]
    )
