"""The extractive answer: statements in the words of the corpus, each cited."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kb.answer.abstain import (
    Decision,
    judge,
    judge_by_cases,
    judge_topic,
    judge_without_reader,
    values_of,
)
from kb.answer.cases_about import cases_about, cases_about_in
from kb.answer.citing import cited_statements, evidence_words, figures_of
from kb.answer.composing import CaseBlock, by_case, compose, read_first, with_statements
from kb.answer.parts import (
    best_of_parts,
    best_of_parts_first,
    numbered_parts,
    read_parts,
    with_shown,
)
from kb.answer.reading import Reading
from kb.answer.select import CANDIDATES, reading_order, select_statements
from kb.index.embed import Embedder
from kb.index.generation import Generation
from kb.question.comparing import asks_for_overview
from kb.question.names import Vocabulary, without_cities
from kb.reader import Reader
from kb.reader.calibration import Calibration
from kb.search import Ranking, ScoredStatement, rank
from kb.settings import Settings
from kb.types import (
    Answer,
    AnswerBlock,
    AnswerPart,
    Case,
    NearestCase,
    OpenQuestion,
)

_NEAREST_CASES = 3
_OPEN_QUESTIONS = 3
_OPEN_QUESTIONS_READ = 4
_CLOSEST = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer shows, or an abstention as coming closest."""

    decision: Decision
    statements: list[ScoredStatement] = field(default_factory=list)
    """In reading order."""
    blocks: list[CaseBlock] = field(default_factory=list)
    more: list[CaseBlock] = field(default_factory=list)
    parts: tuple[AnswerPart, ...] = ()
    silent_cities: tuple[str, ...] = ()
    values: dict[str, float] = field(default_factory=dict)
    """What the decision was made of, by name."""


def answer(
    ranking: Ranking,
    generation: Generation,
    embedder: Embedder,
    reader: tuple[Reader, Calibration] | None,
    vocabulary: Vocabulary,
    settings: Settings,
) -> Answer:
    """Answer a query with cited statements from what it found, or abstain and say why.

    No word of a statement is changed. An abstention carries the nearest cases, or the
    closest statements where the case is clear but does not say it, and the open
    questions that are nearest to the question.

    Args:
        ranking: What the query found.
        generation: Where it was found.
        embedder: The model of the generation.
        reader: What reads, and what its log-odds are worth; None for none, which
            answers by likeness alone.
        vocabulary: Every word of the corpus.
        settings: The weights.
    """
    before = time.perf_counter()
    topic = judge_topic(
        ranking, lambda: evidence_words(ranking, generation), vocabulary
    )
    if topic.reason_code:
        evidence = Evidence(topic)
    elif reader is None:
        evidence = _by_likeness(ranking, topic, settings)
    else:
        about = _cases_about(ranking, generation, embedder, settings)
        evidence = _by_reading(Reading(ranking, generation, *reader), about)
    timings = {**ranking.timings_ms, "read": _ms_since(before)}
    found = _as_answer(ranking, evidence, generation)
    total = round(sum(ranking.timings_ms.values()) + _ms_since(before), 2)
    return replace(found, timings_ms={**timings, "total": total})


def _cases_about(
    ranking: Ranking, generation: Generation, embedder: Embedder, settings: Settings
) -> list[str]:
    """Return the ids of the cases that are about a question as a whole, best first."""
    query, named = ranking.query, ranking.named_cities
    if len(named) > 1 or asks_for_overview(query.text, named):
        cities = generation.catalogue.cities.values()
        topic = replace(query, text=without_cities(query.text, cities))
        ranked = rank(topic, generation, embedder, settings)
        return cases_about_in(named, ranked, settings)
    # Filtered, the nearest case may be about something else altogether.
    return [] if query.cities or query.themes else cases_about(ranking, settings)


def _as_answer(ranking: Ranking, evidence: Evidence, generation: Generation) -> Answer:
    """Return the evidence with everything that stands behind it."""
    decision = evidence.decision
    cases = _cases(ranking, evidence, generation)
    statements = cited_statements(evidence.statements, cases, generation, ranking)
    return Answer(
        question=ranking.query.text,
        language=ranking.language,
        abstained=bool(decision.reason_code),
        reason=decision.reason,
        figures=figures_of(statements, generation),
        reason_code=decision.reason_code,
        unknown_names=decision.unknown_names,
        statements=() if decision.reason_code else statements,
        confidence=decision.confidence,
        open_questions=_open_questions(ranking, evidence, generation),
        closest=statements if decision.reason_code else (),
        nearest_cases=() if evidence.statements else _nearest_cases(ranking, cases),
        left_open=decision.left_open,
        blocks=_blocks(evidence, cases),
        more_cases=tuple(
            _near(cases[b.case_id], b.statements[0].item.score) for b in evidence.more
        ),
        parts=evidence.parts,
        silent_cities=evidence.silent_cities,
        signals=evidence.values,
    )


def _by_likeness(ranking: Ranking, topic: Decision, settings: Settings) -> Evidence:
    decision = judge_without_reader(ranking, topic, settings.open_question_margin)
    if decision.reason_code:
        return Evidence(decision)
    return Evidence(decision, reading_order(select_statements(ranking, settings)))


def _by_reading(reading: Reading, about: Sequence[str]) -> Evidence:
    first = read_first(reading)
    parts = read_parts(reading)
    decision = judge(
        reading, parts, lambda: reading.open_questions(_OPEN_QUESTIONS_READ)
    )
    values = values_of(first)
    decision = judge_by_cases(decision, reading.ranking, about)
    if decision.reason_code:
        closest = [read.item for read in first[:_CLOSEST]]
        return Evidence(decision, closest, values=values)
    composed = compose(reading, about)
    parts = with_shown(parts, reading, composed.statements)
    if composed.blocks:
        composed = with_statements(composed, best_of_parts(parts))
        statements = composed.statements
    else:
        statements = by_case(best_of_parts_first(parts, composed.statements))
    return Evidence(
        decision,
        [read.item for read in statements],
        composed.blocks,
        composed.more,
        numbered_parts(parts, statements),
        composed.silent_cities,
        values,
    )


def _cases(
    ranking: Ranking, evidence: Evidence, generation: Generation
) -> dict[str, Case]:
    """Return the cases that the answer may name, by id."""
    wanted = [item.statement.case_id for item in ranking.statements[:CANDIDATES]]
    wanted += [item.statement.case_id for item in evidence.statements]
    wanted += [block.case_id for block in (*evidence.blocks, *evidence.more)]
    return generation.catalogue.cases_by_id(list(dict.fromkeys(wanted)))


def _blocks(evidence: Evidence, cases: dict[str, Case]) -> tuple[AnswerBlock, ...]:
    """Return the blocks of an overview; statements are numbered as they are cited."""
    numbers = {
        item.statement.statement_id: n
        for n, item in enumerate(evidence.statements, start=1)
    }
    return tuple(
        AnswerBlock(
            case_id=block.case_id,
            title=cases[block.case_id].title,
            city=block.city,
            summary=cases[block.case_id].summary,
            citations=tuple(
                numbers[read.item.statement.statement_id] for read in block.statements
            ),
        )
        for block in evidence.blocks
    )


def _open_questions(
    ranking: Ranking, evidence: Evidence, generation: Generation
) -> tuple[OpenQuestion, ...]:
    """Return the nearest open questions: of cited cases, or of any when abstaining."""
    cited = {item.statement.case_id for item in evidence.statements}
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
        _near(cases[case_id], score)
        for case_id, score in list(best.items())[:_NEAREST_CASES]
    )


def _near(case: Case, score: float) -> NearestCase:
    return NearestCase(case.case_id, case.title, case.city, round(score, 4))


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
