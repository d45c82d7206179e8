"""Plainly invented questions, collections and answers to measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evals.collection import Collection
from evals.qrels import Judgements, Qrels
from evals.questions import Question
from evals.runs import Run, RunEntry
from evals.summary import RunConditions
from evals.systems import Response
from kb.types import AbstentionReason, Answer, AnswerStatement, Citation, Source
from tests.support.made_up import PASSAGE, SOURCE, case, cited, statement

FICTONIAN = replace(SOURCE, source_id="S2", language="fi")
CONDITIONS = RunConditions(
    set="dev",
    command="mentorkb eval run",
    settings_digest="5e77",
    index="20260301T120000-1a2b3c4d",
    corpus_digest="c0de",
    model="fake (words)",
)
HEAT, TRAM, PARK = "exampleton/heat", "mockville/tram", "mockville/park"


def _collection(texts: Mapping[str, str]) -> Collection:
    statements = {
        statement_id: statement(statement_id, text, source_ids=("S1",))
        for statement_id, text in texts.items()
    }
    passages = {
        passage_id: replace(
            PASSAGE,
            passage_id=passage_id,
            case_id=passage_id.partition("#")[0],
            text=" ".join(
                s.text for s in statements.values() if s.passage_id == passage_id
            ),
        )
        for passage_id in dict.fromkeys(s.passage_id for s in statements.values())
    }
    case_ids = dict.fromkeys(p.case_id for p in passages.values())
    cases = {c: case(c, sources=(SOURCE, FICTONIAN)) for c in case_ids}
    return Collection(cases, passages, statements)


COLLECTION = _collection(
    {
        f"{HEAT}#costs.1": "The pipe cost 28 million crowns.",
        f"{HEAT}#costs.2": "The pump cost 1 million crowns.",
        f"{HEAT}#results.1": "It warms 300 homes.",
        f"{TRAM}#costs.1": "The tram cost 5 acorns.",
        f"{PARK}#costs.1": "The park cost 9 acorns.",
    }
)


def question(qid: str, **changes: Any) -> Question:
    return Question(**{"qid": qid, "lang": "en", "text": f"Why {qid}?", **changes})


def judgements(
    cases: Qrels | None = None,
    passages: Qrels | None = None,
    statements: Qrels | None = None,
) -> Judgements:
    return Judgements(cases or {}, passages or {}, statements or {})


def citation(
    statement_id: str, n: int = 1, *, sources: Sequence[Source] = (SOURCE,)
) -> Citation:
    found = COLLECTION.statements[statement_id]
    passage = COLLECTION.passages[found.passage_id]
    start = passage.text.index(found.text)
    return cited(
        n,
        passage.text,
        found.case_id,
        statement_id=statement_id,
        passage_id=passage.passage_id,
        section=found.section,
        start=start,
        end=start + len(found.text),
        sources=tuple(sources),
    )


def answer(
    *statement_ids: str,
    reason_code: AbstentionReason = "",
    confidence: float = 0.8,
    sources: Sequence[Source] = (SOURCE,),
    **changes: Any,
) -> Answer:
    """Return an answer of these statements; with a reason they are the closest."""
    statements = tuple(
        AnswerStatement(citation(statement_id, n, sources=sources), 1.0)
        for n, statement_id in enumerate(statement_ids, start=1)
    )
    plain = Answer(
        question="Why?",
        language="en",
        abstained=bool(reason_code),
        reason="For a reason." if reason_code else "",
        reason_code=reason_code,
        statements=() if reason_code else statements,
        closest=statements if reason_code else (),
        confidence=confidence,
    )
    return replace(plain, **changes)


def entry(
    asked: Question,
    cases: Iterable[str] = (),
    answered: Answer | None = None,
    *,
    passages: Iterable[str] = (),
    ms: float = 10.0,
    timings_ms: dict[str, float] | None = None,
) -> RunEntry:
    response = Response(list(passages), list(cases), answered, timings_ms or {})
    return RunEntry(asked, response, ms)


def run(*entries: RunEntry, system: str = "ours") -> Run:
    return Run(system, list(entries))
