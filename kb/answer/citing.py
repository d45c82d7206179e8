"""Chosen statements as readers get them: word for word, each with its citation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kb.answer.why import why_found
from kb.index.generation import Generation
from kb.leaning import leans
from kb.review import status_of
from kb.search import Ranking, ScoredStatement
from kb.types import AnswerStatement, Case, Citation, KeyFigure
from kb.words import words

# A place that only the twentieth statement mentions may still be what was meant.
_EVIDENCE = 20


def cited_statements(
    chosen: Sequence[ScoredStatement],
    cases: Mapping[str, Case],
    generation: Generation,
    ranking: Ranking,
) -> tuple[AnswerStatement, ...]:
    """Return chosen statements, numbered from 1 in their order.

    Args:
        chosen: In reading order.
        cases: Their cases, by id.
        generation: What they were found in.
        ranking: What the question found; it tells why they are among it.
    """
    passages = generation.catalogue.passages_by_id(
        sorted({item.statement.passage_id for item in chosen})
    )
    statements = []
    for n, item in enumerate(chosen, start=1):
        statement = item.statement
        case, passage = cases[statement.case_id], passages[statement.passage_id]
        citation = Citation(
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
            review_status=status_of(statement, case.review),
            language=passage.language,
            checked_on=statement.checked_on,
            uncertain=passage.uncertain,
            why=why_found(item, case, ranking),
        )
        points_back = leans(statement.text, f"{case.city} {case.title}")
        subject = case.title if points_back else ""
        statements.append(AnswerStatement(citation, round(item.score, 4), subject))
    return tuple(statements)


def figures_of(
    statements: Iterable[AnswerStatement], generation: Generation
) -> tuple[KeyFigure, ...]:
    """Return the key figures that people have read from statements, in their order."""
    ids = [statement.citation.statement_id for statement in statements]
    found = generation.catalogue.figures_by_statement(ids)
    return tuple(figure for i in dict.fromkeys(ids) for figure in found.get(i, ()))


def evidence_words(ranking: Ranking, generation: Generation) -> set[str]:
    """Return the words of the best statements and of what their cases say at once."""
    best = ranking.statements[:_EVIDENCE]
    cases = generation.catalogue.cases_by_id(
        list({item.statement.case_id for item in best})
    )
    found: set[str] = set()
    for item in best:
        case = cases[item.statement.case_id]
        for text in (item.statement.text, case.title, case.summary, *case.actors):
            found.update(words(text))
    return found
