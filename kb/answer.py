"""The extractive answer: statements in the words of the corpus, each cited."""

from __future__ import annotations

import time

from kb.abstain import judge
from kb.answerability import signals
from kb.embed import Embedder
from kb.generation import Generation
from kb.names import Vocabulary
from kb.search import Ranking, ScoredStatement, rank
from kb.select import CANDIDATES, reading_order, select_statements
from kb.settings import Settings
from kb.types import (
    Answer,
    AnswerStatement,
    Case,
    Citation,
    NearestCase,
    OpenQuestion,
    Query,
)
from kb.words import words

_NEAREST_CASES = 3
_OPEN_QUESTIONS = 3
_CLOSEST = 3
# A place that only the twentieth statement mentions may still be what was meant.
_EVIDENCE = 20
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
        ranking, lambda: _evidence_words(ranking, cases), vocabulary, settings
    )
    shown: list[ScoredStatement] = []
    if verdict.reason_code in _SHOWS_STATEMENTS:
        selected = select_statements(ranking, settings)
        shown = reading_order(selected[:_CLOSEST] if verdict.reason_code else selected)
    statements = _statements(shown, cases)
    citations = _citations(shown, cases, generation)
    total_ms = round((time.perf_counter() - started) * 1000, 2)
    return Answer(
        question=query.text,
        language=ranking.language,
        abstained=bool(verdict.reason_code),
        reason=verdict.reason,
        reason_code=verdict.reason_code,
        statements=() if verdict.reason_code else statements,
        citations=citations,
        confidence=verdict.confidence,
        open_questions=_open_questions(ranking, shown, generation),
        closest=statements if verdict.reason_code else (),
        nearest_cases=() if shown else _nearest_cases(ranking, cases),
        signals=signals(ranking),
        timings_ms={**ranking.timings_ms, "total": total_ms},
    )


def _statements(
    shown: list[ScoredStatement], cases: dict[str, Case]
) -> tuple[AnswerStatement, ...]:
    return tuple(
        AnswerStatement(
            text=item.statement.text,
            citations=(n,),
            city=cases[item.statement.case_id].city,
            case_id=item.statement.case_id,
            score=round(item.score, 4),
        )
        for n, item in enumerate(shown, start=1)
    )


def _cases(ranking: Ranking, generation: Generation) -> dict[str, Case]:
    """Return the cases that the answer may name, by id."""
    wanted = [item.statement.case_id for item in ranking.statements[:CANDIDATES]]
    return generation.catalogue.cases_by_id(list(dict.fromkeys(wanted)))


def _evidence_words(ranking: Ranking, cases: dict[str, Case]) -> set[str]:
    """Return the words of the best statements and of what their cases say at once."""
    found: set[str] = set()
    for item in ranking.statements[:_EVIDENCE]:
        case = cases[item.statement.case_id]
        for text in (item.statement.text, case.title, case.summary, *case.actors):
            found.update(words(text))
    return found


def _citations(
    chosen: list[ScoredStatement], cases: dict[str, Case], generation: Generation
) -> tuple[Citation, ...]:
    passages = generation.catalogue.passages_by_id(
        sorted({item.statement.passage_id for item in chosen})
    )
    citations = []
    for n, item in enumerate(chosen, start=1):
        statement = item.statement
        case, passage = cases[statement.case_id], passages[statement.passage_id]
        citations.append(
            Citation(
                n=n,
                statement_id=statement.statement_id,
                passage_id=passage.passage_id,
                case_id=case.case_id,
                title=case.title,
                city=case.city,
                section=passage.section,
                page=passage.page,
                passage=passage.text,
                start=statement.start,
                end=statement.end,
                sources=tuple(
                    s for s in case.sources if s.source_id in statement.source_ids
                ),
                review_status=case.review.status,
            )
        )
    return tuple(citations)


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
