"""Plainly invented records of the knowledge base; every part can be replaced."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from kb.index.manifest import FORMAT_VERSION, SPLITTER_VERSION, Counts, Manifest
from kb.reader.calibration import Calibration, Logistic, Provenance
from kb.search import Ranking, ScoredStatement
from kb.types import (
    Answer,
    AnswerBlock,
    AnswerStatement,
    Case,
    Citation,
    City,
    Condition,
    KeyFigure,
    NearestCase,
    OpenQuestion,
    Passage,
    Problem,
    Query,
    Review,
    Source,
    Statement,
    Step,
)

SOURCE = Source(
    source_id="S1",
    title="Warm biscuits, warm homes",
    publisher="Exampleton Heat",
    url="https://heat.exampleton.example/biscuits",
    language="en",
    year=2021,
)
CASE = Case(
    case_id="exampleton/biscuit-heat",
    city="exampleton",
    title="Waste heat from the biscuit factory",
    themes=("district-heating",),
    period="2018-2021",
    actors=("Crumbly Biscuits", "Exampleton Heat"),
    summary="Exampleton warms homes with a biscuit factory.",
    sources=(SOURCE,),
    review=Review(),
    path="exampleton/biscuit-heat.md",
)
PASSAGE = Passage(
    passage_id="exampleton/biscuit-heat#costs",
    case_id="exampleton/biscuit-heat",
    section="Costs",
    page=None,
    start=0,
    end=31,
    text="The pipe cost 7 million crowns.",
)
STATEMENT = Statement(
    statement_id="exampleton/biscuit-heat#costs.1",
    passage_id="exampleton/biscuit-heat#costs",
    case_id="exampleton/biscuit-heat",
    section="Costs",
    start=0,
    end=31,
    text="The pipe cost 7 million crowns.",
    source_ids=("S1",),
)
FIGURE = KeyFigure(
    statement_id=STATEMENT.statement_id,
    quote="7 million crowns",
    kind="investment",
    what="the pipe",
    value=7_000_000,
    unit="SEK",
    year=2019,
    state="realised",
    who="Exampleton Heat",
)
CONDITION = Condition(
    key="heat-network",
    says="the homes had a network",
    role="required",
    ask="Is there a network?",
    statement_ids=(STATEMENT.statement_id,),
)
STEP = Step("2019", "Lay the pipe", (STATEMENT.statement_id,))
CITATION = Citation(
    n=1,
    statement_id=STATEMENT.statement_id,
    passage_id=PASSAGE.passage_id,
    case_id=CASE.case_id,
    title=CASE.title,
    city=CASE.city,
    section=PASSAGE.section,
    page=None,
    passage=PASSAGE.text,
    start=STATEMENT.start,
    end=STATEMENT.end,
    sources=(SOURCE,),
    review_status="draft",
)
OPEN_QUESTION = OpenQuestion(
    question_id="exampleton/biscuit-heat#open-questions.1",
    case_id="exampleton/biscuit-heat",
    text="What the factory is paid is not published.",
)
CITY = City(
    slug="exampleton",
    name="Exampleton",
    country="Fictonia",
    country_code="XA",
    aliases=("Beispielstadt",),
    population=12_345,
    population_year=None,
    population_source=SOURCE,
    latitude=1.5,
    longitude=-2.5,
    mentor_theme="district-heating",
    mission_status="Invented for tests.",
    mission_sources=(SOURCE,),
)
MANIFEST = Manifest(
    generation="20260301T120000-1a2b3c4d",
    format_version=FORMAT_VERSION,
    created_at="2026-03-01T12:00:00+00:00",
    seconds=1.5,
    model_id="fake",
    backend="words",
    multilingual=True,
    dimension=64,
    splitter_version=SPLITTER_VERSION,
    passage_tokens=300,
    corpus_digest="0123456789abcdef",
    counts=Counts(cities=2, cases=4, passages=11, statements=18, open_questions=2),
    rejected=(Problem("a/b.md", 3, "date", "error", "no date.", "Add it."),),
    warnings=(Problem("a/c.pdf", None, "scan", "warning", "no text.", "Scan it."),),
)


def changed_manifest(text: str, **changes: object) -> str:
    """Return a manifest's text as if its ingestion had written other values."""
    values = json.loads(text) | changes
    values.pop("sha256", None)
    canonical = json.dumps(values, ensure_ascii=False, sort_keys=True)
    values["sha256"] = hashlib.sha256(canonical.encode()).hexdigest()
    return json.dumps(values)


CALIBRATION = Calibration(
    answers=Logistic(weights={"answers": 1.0}, intercept=0.0),
    helps=Logistic(weights={"helps": 1.0}, intercept=0.0),
    open_question=Logistic(weights={"answers": 1.0}, intercept=0.0),
    decision=Logistic(weights={"best": 1.0}, intercept=0.0),
    least_confidence=0.5,
    least_answers=0.5,
    least_helps=0.5,
    least_open=0.5,
    provenance=Provenance(
        fitted_on="invented questions",
        date="2026-03-01",
        command="mentorkb eval fit --write",
        answerable=60,
        unanswerable=50,
        false_refusal_rate=0.0,
    ),
)
"""Takes log-odds as they are and draws every line at even odds."""


def case(case_id: str, **changes: Any) -> Case:
    """Return a case whose city is the first part of its id."""
    city = case_id.partition("/")[0]
    return replace(
        CASE, **{"case_id": case_id, "city": city, "path": f"{case_id}.md", **changes}
    )


def statement(statement_id: str, text: str, **changes: Any) -> Statement:
    """Return a statement whose case is the part of its id before the ``#``."""
    return replace(
        STATEMENT,
        **{
            "statement_id": statement_id,
            "case_id": statement_id.partition("#")[0],
            "passage_id": statement_id.rpartition(".")[0],
            "text": text,
            "end": len(text),
            **changes,
        },
    )


def city(name: str, *aliases: str) -> City:
    """Return a city with the name in lower case as its slug."""
    return replace(CITY, slug=name.lower(), name=name, aliases=aliases)


def cited(n: int, text: str, case_id: str = CASE.case_id, **changes: Any) -> Citation:
    """Return a citation of a statement that is a passage of its own."""
    passage_id = f"{case_id}#costs-{n}"
    return replace(
        CITATION,
        **{
            "n": n,
            "statement_id": f"{passage_id}.1",
            "passage_id": passage_id,
            "case_id": case_id,
            "title": f"The case {case_id}",
            "city": case_id.partition("/")[0],
            "passage": text,
            "end": len(text),
            **changes,
        },
    )


def stated(citation: Citation, subject: str = "") -> AnswerStatement:
    """Return the statement of an answer that a citation stands behind."""
    return AnswerStatement(citation, 1.0 / citation.n, subject)


def answered(*citations: Citation, **changes: Any) -> Answer:
    """Return an answer that shows every citation's statement."""
    return replace(
        Answer(
            question="What did the pipe cost?",
            language="en",
            abstained=False,
            reason="",
            reason_code="",
            statements=tuple(map(stated, citations)),
            confidence=0.75,
        ),
        **changes,
    )


def left_open(*closest: Citation) -> Answer:
    """Return the answer to what the sources leave open, with what comes closest."""
    return answered(
        *closest,
        abstained=True,
        reason="The sources leave this open.",
        reason_code="open-question",
        statements=(),
        closest=tuple(map(stated, closest)),
        open_questions=(OPEN_QUESTION,),
        left_open=OPEN_QUESTION,
    )


def block(citation: Citation, *numbers: int) -> AnswerBlock:
    """Return the block of a citation's case, with further numbers."""
    return AnswerBlock(
        case_id=citation.case_id,
        title=citation.title,
        city=citation.city,
        summary=f"What happened in {citation.case_id}.",
        citations=(citation.n, *numbers),
    )


def near(case_id: str) -> NearestCase:
    """Return a case that is near a question."""
    city_slug = case_id.partition("/")[0]
    return NearestCase(case_id, f"The case {case_id}", city_slug, 0.5)


def scored(
    case_id: str,
    score: float,
    text: str,
    *,
    similarity: float = 0.0,
    bare_similarity: float = 0.0,
    coverage: float = 0.0,
    case_coverage: float = 0.0,
    number: int = 1,
    start: int = 0,
) -> ScoredStatement:
    """Return a statement of a case's results with its score."""
    return ScoredStatement(
        statement=statement(f"{case_id}#results.{number}", text, start=start),
        score=score,
        similarity=similarity,
        bare_similarity=bare_similarity,
        case_similarity=0.0,
        coverage=coverage,
        case_coverage=case_coverage,
    )


def ranking(
    statements: Iterable[ScoredStatement],
    *,
    question: str = "what did the pipe cost?",
    language: str = "en",
    named_cities: Sequence[str] = (),
    open_questions: dict[str, float] | None = None,
    everyday_similarity: float = 0.0,
) -> Ranking:
    """Return what a question found."""
    return Ranking(
        query=Query(question),
        language=language,
        statements=list(statements),
        open_questions=open_questions or {},
        everyday_similarity=everyday_similarity,
        named_cities=frozenset(named_cities),
        timings_ms={},
    )
