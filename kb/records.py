"""The JSON shapes of hits, answers, cases and manifests; scripts depend on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from kb.comparison import SideBySide
from kb.index.manifest import Manifest
from kb.types import (
    Answer,
    AnswerBlock,
    AnswerPart,
    AnswerStatement,
    Case,
    Citation,
    City,
    Condition,
    FullCase,
    Hit,
    NearestCase,
    Problem,
    Source,
    Step,
)

Record = dict[str, Any]


def hit_record(hit: Hit) -> Record:
    """Return a hit as one JSON object."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "passage_id": hit.passage.passage_id,
        "case_id": hit.case.case_id,
        "title": hit.case.title,
        "city": hit.case.city,
        "themes": list(hit.case.themes),
        "section": hit.passage.section,
        "page": hit.passage.page,
        "text": hit.passage.text,
        "uncertain": hit.passage.uncertain,
        "sources": source_records(hit.sources),
        "path": hit.case.path,
    }


def case_record(case: Case) -> Record:
    """Return what is known about a case as a whole as one JSON object."""
    return {
        "case_id": case.case_id,
        "title": case.title,
        "city": case.city,
        "themes": list(case.themes),
        "period": case.period,
        "actors": list(case.actors),
        "summary": case.summary,
        "language": case.language,
        "review": asdict(case.review),
        "sources": source_records(case.sources),
        "path": case.path,
    }


def city_record(city: City) -> Record:
    """Return what is known about a mentor city as one JSON object."""
    record = asdict(city)
    del record["aliases"]  # stems of names, for reading questions only
    (population_source,) = source_records([city.population_source])
    return {
        **record,
        "population_source": population_source,
        "mission_sources": source_records(city.mission_sources),
    }


def full_case_record(full: FullCase) -> Record:
    """Return a case with everything that its file says as one JSON object."""
    uncertain = {p.passage_id for p in full.passages if p.uncertain}
    return {
        **case_record(full.case),
        "statements": [
            {
                "statement_id": statement.statement_id,
                "section": statement.section,
                "text": statement.text,
                "sources": list(statement.source_ids),
                "checked_on": statement.checked_on,
                "uncertain": statement.passage_id in uncertain,
            }
            for statement in full.statements
        ],
        "open_questions": [asdict(question) for question in full.open_questions],
        "figures": [asdict(figure) for figure in full.figures],
        "conditions": [_naming_statements(item) for item in full.conditions],
        "steps": [_naming_statements(step) for step in full.steps],
    }


def _naming_statements(item: Condition | Step) -> Record:
    return asdict(item) | {"statement_ids": list(item.statement_ids)}


def comparison_record(found: SideBySide) -> Record:
    """Return a comparison as one JSON object: a column for each city.

    ``silent`` lists the kinds of section of which everything was read and nothing
    comes near an answer.
    """
    return {
        "question": found.question,
        "language": found.language,
        "abstained": bool(found.reason),
        "reason": found.reason,
        "reason_code": found.reason_code,
        "unknown_names": list(found.unknown_names),
        "rows": list(found.rows),
        "columns": [
            {
                "city": column.city,
                "cases": [asdict(case) for case in column.cases],
                "nearest": asdict(column.nearest) if column.nearest else None,
                "cells": {
                    kind: statement_records(statements)
                    for kind, statements in column.cells.items()
                },
                "silent": sorted(column.silent),
                "open_questions": [asdict(q) for q in column.open_questions],
            }
            for column in found.columns
        ],
        "citations": [citation_record(citation) for citation in found.citations],
        "other_cities": list(found.other_cities),
        "figures": _cited_figures(found),
        "timings_ms": dict(found.timings_ms),
    }


def answer_record(answer: Answer) -> Record:
    """Return an answer as one JSON object."""
    return {
        "question": answer.question,
        "understood_as": answer.understood_as,
        "language": answer.language,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "reason_code": answer.reason_code,
        "headline": headline(answer),
        "statements": statement_records(answer.statements),
        "closest": statement_records(answer.closest),
        "blocks": _with_numbers(answer.blocks),
        "more_cases": [asdict(case) for case in answer.more_cases],
        "parts": _with_numbers(answer.parts),
        "silent_cities": list(answer.silent_cities),
        "left_open": asdict(answer.left_open) if answer.left_open else None,
        "citations": [citation_record(citation) for citation in answer.citations],
        "confidence": answer.confidence,
        "open_questions": [asdict(question) for question in answer.open_questions],
        "nearest_cases": [asdict(case) for case in answer.nearest_cases],
        "figures": _cited_figures(answer),
        "timings_ms": dict(answer.timings_ms),
    }


def _cited_figures(found: Answer | SideBySide) -> list[Record]:
    """Return key figures with the number of the statement that gives each."""
    numbers = {citation.statement_id: citation.n for citation in found.citations}
    return [
        asdict(figure) | {"citation": numbers[figure.statement_id]}
        for figure in found.figures
    ]


def headline(answer: Answer) -> str:
    """Return one plain English sentence that sums up the shape of an answer.

    It counts the cases of an overview with those that it has no room for, and tells
    when only some parts of a question are answered.
    """
    if answer.left_open:
        return f"The sources leave this open: {answer.left_open.text}"
    if answer.reason_code == "no-direct-answer":
        return "No direct answer was found."
    if answer.abstained:
        return "The sources do not answer this."
    if answer.blocks:
        shown: list[AnswerBlock | NearestCase]
        shown = [*answer.blocks, *answer.more_cases]
        cases = _counted(len(shown), "case", "cases")
        cities = _counted(len({case.city for case in shown}), "city", "cities")
        subject, n = f"{cases} in {cities}", len(shown)
    else:
        subject, n = _statements_of_cases(answer.statements), len(answer.statements)
    if answer.parts and not any(part.citations for part in answer.parts):
        verb = "comes" if n == 1 else "come"
        return (
            f"{subject[:1].upper()}{subject[1:]} {verb} closest; no part of this "
            "question is answered on its own."
        )
    if answer.blocks and not answer.parts:
        # The statements of an overview need not answer each by itself.
        return (
            f"{subject[:1].upper()}{subject[1:]} {'is' if n == 1 else 'are'} on this."
        )
    verb = "answers" if n == 1 else "answer"
    return f"{subject[:1].upper()}{subject[1:]} {verb} {_naming_parts(answer.parts)}."


def _statements_of_cases(statements: Collection[AnswerStatement]) -> str:
    counts = _counted(len(statements), "statement", "statements")
    if len(statements) < 2:
        return counts
    cases = {statement.case_id for statement in statements}
    counts = f"{counts} from {_counted(len(cases), 'case', 'cases')}"
    cities = {statement.city for statement in statements}
    return (
        counts
        if len(cases) == 1
        else f"{counts} in {_counted(len(cities), 'city', 'cities')}"
    )


def _naming_parts(parts: Collection[AnswerPart]) -> str:
    n_answered = sum(bool(part.citations) for part in parts)
    if n_answered == len(parts):
        return "this"
    return f"{n_answered} of the {len(parts)} parts of this question"


def _counted(n: int, one: str, many: str) -> str:
    return f"one {one}" if n == 1 else f"{n} {many}"


def _with_numbers(entries: Iterable[AnswerBlock | AnswerPart]) -> list[Record]:
    """Return blocks or parts as JSON objects."""
    return [asdict(e) | {"citations": list(e.citations)} for e in entries]


def statement_records(statements: Iterable[AnswerStatement]) -> list[Record]:
    """Return an answer's statements as JSON objects."""
    return [
        {
            "text": statement.text,
            "citations": list(statement.citations),
            "city": statement.city,
            "case_id": statement.case_id,
            "score": statement.score,
            "subject": statement.subject,
        }
        for statement in statements
    ]


def citation_record(citation: Citation) -> Record:
    """Return a citation as one JSON object."""
    record = asdict(citation) | {"sources": source_records(citation.sources)}
    if citation.why:
        record["why"]["words"] = list(citation.why.words)
    return record


def source_records(sources: Iterable[Source]) -> list[Record]:
    """Return sources as JSON objects with the keys of the corpus's front matter."""
    return [
        {
            "id": source.source_id,
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url,
            "language": source.language,
            "year": source.year,
            "not_before": source.not_before,
        }
        for source in sources
    ]


def year_told(source: Source) -> str:
    """Return in English of which year a source is, as far as that is known."""
    if source.year is None and source.not_before is not None:
        return f"{source.not_before} or later"
    return str(source.year or "year unknown")


def manifest_record(manifest: Manifest) -> Record:
    """Return a manifest as one JSON object, its counts on the first level."""
    record = asdict(manifest)
    counts = record.pop("counts")
    del record["files"]  # hundreds of digits that only the program compares
    names = ("rejected", "warnings", "to_confirm")
    lists = {name: list(record[name]) for name in names}
    return {**record, **counts, **lists}


def problem_records(problems: Iterable[Problem]) -> list[Record]:
    """Return problems as JSON objects."""
    return [asdict(problem) for problem in problems]
