"""The JSON shapes of hits, answers and manifests; scripts depend on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from kb.manifest import Manifest
from kb.types import Answer, AnswerStatement, Citation, Hit, Problem, Source

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
        "sources": source_records(hit.sources),
        "path": hit.case.path,
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
        "statements": statement_records(answer.statements),
        "closest": statement_records(answer.closest),
        "citations": [citation_record(citation) for citation in answer.citations],
        "confidence": answer.confidence,
        "open_questions": [asdict(question) for question in answer.open_questions],
        "nearest_cases": [asdict(case) for case in answer.nearest_cases],
        "timings_ms": dict(answer.timings_ms),
    }


def statement_records(statements: Iterable[AnswerStatement]) -> list[Record]:
    """Return an answer's statements as JSON objects."""
    return [
        {
            "text": statement.text,
            "citations": list(statement.citations),
            "city": statement.city,
            "case_id": statement.case_id,
            "score": statement.score,
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
        }
        for source in sources
    ]


def manifest_record(manifest: Manifest) -> Record:
    """Return a manifest as one JSON object, its counts on the first level."""
    record = asdict(manifest)
    counts = record.pop("counts")
    lists = {name: list(record[name]) for name in ("rejected", "warnings")}
    return {**record, **counts, **lists}


def problem_records(problems: Iterable[Problem]) -> list[Record]:
    """Return problems as JSON objects."""
    return [asdict(problem) for problem in problems]
