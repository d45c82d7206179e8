"""Measures of an answer, question by question; ours, so each is defined here.

All are shares between 0 and 1. Where a measure says nothing about a question (no phrase
to look for, no statement shown), the question is left out of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection as Some
from collections.abc import Iterator
from typing import TYPE_CHECKING

from evals.qrels import RELEVANT, Grades, Judgements
from evals.ranking import PerQuestion
from evals.runs import Run
from evals.summary import SourceLanguages
from kb.types import city_of
from kb.words import fold

if TYPE_CHECKING:
    from evals.collection import Collection
    from evals.questions import Question
    from kb.types import Answer

ANSWER_MEASURES = {
    "statement precision": "of the statements shown, the share judged 1 or 2; a "
    "statement that nobody judged counts as 0",
    "statement recall": "of the statements judged 2, the share shown; a refusal shows "
    "none",
    "first statement answers": "of the answers, the share whose first statement is "
    "judged 2; a refusal has none",
    "statements unjudged": "of the statements shown, the share that nobody judged",
    "must-hold recall": "of the figures and phrases that a right answer must hold, the "
    "share found in the statements shown; a refusal finds none",
    "must-hold in passages": "the same, found in the cited passages",
    "citation precision": "of the cited passages, the share judged 1 or 2",
    "citation recall": "of the cases judged 2, the share cited; a refusal cites none",
    "citation support": "of the statements shown, the share that stands word for word "
    "at the cited place and names at least one public source",
    "decided rightly": "1 for an answerable question that was answered and for an "
    "unanswerable one that was refused",
    "cities covered": "of the cities that a good answer covers, the share cited",
    "named cities answered": "the same of questions that name these cities: a named "
    "city without a statement is not answered, whatever is said of it",
    "parts answered": "of the parts that an answer takes a question into, the share "
    "that gets a statement; a question that is not taken apart is left out",
}


def measure_answers(
    run: Run, judgements: Judgements, collection: Collection
) -> PerQuestion:
    """Return every answer measure of a run over its answerable questions."""
    values: PerQuestion = {name: {} for name in ANSWER_MEASURES}
    for question, answer in _answered(run):
        measured = _measure(question, answer, judgements, collection)
        for name, value in measured.items():
            if value is not None:
                values[name][question.qid] = value
    return values


def _answered(run: Run) -> Iterator[tuple[Question, Answer]]:
    """Yield the answerable questions with what a system answered."""
    for entry in run.entries:
        if entry.response.answer is not None and entry.question.is_answerable:
            yield entry.question, entry.response.answer


def _measure(
    question: Question, answer: Answer, judgements: Judgements, collection: Collection
) -> dict[str, float | None]:
    statements = judgements.statements.get(question.qid, {})
    passages = judgements.passages.get(question.qid, {})
    # A refusal may show what comes closest, with citations; it answers nothing by them.
    citations = () if answer.abstained else answer.citations
    shown = [citation.statement_id for citation in citations]
    cited = list(dict.fromkeys(citation.passage_id for citation in citations))
    cases = {citation.case_id for citation in citations}
    wanted = _graded(judgements.cases.get(question.qid, {}), RELEVANT)
    texts = [statement.text for statement in answer.statements]
    passage_texts = [collection.passages[passage_id].text for passage_id in cited]
    judged = bool(statements)
    answering = _graded(statements, RELEVANT)
    cities = _share(question.covers, {city_of(case_id) for case_id in cases})
    return {
        "statement precision": _share(shown, _graded(statements, 1))
        if judged
        else None,
        "statement recall": _share(answering, shown),
        "first statement answers": _share(shown[:1], answering) if judged else None,
        "statements unjudged": 1 - share
        if judged and (share := _share(shown, statements)) is not None
        else None,
        "must-hold recall": _share_held(question.must_hold, texts),
        "must-hold in passages": _share_held(question.must_hold, passage_texts),
        "citation precision": _share(cited, _graded(passages, 1)) if passages else None,
        "citation recall": _share(wanted, cases),
        "citation support": _supported(answer, collection),
        "cities covered": cities,
        "named cities answered": cities if question.names_city else None,
        "parts answered": _share(
            [part.text for part in answer.parts],
            {p.text for p in answer.parts if p.citations and not answer.abstained},
        ),
    }


def _graded(grades: Grades, at_least: int) -> set[str]:
    return {doc_id for doc_id, grade in grades.items() if grade >= at_least}


def _share(items: Some[str], right: Some[str]) -> float | None:
    """Return the share of items that are among the right ones; None without items."""
    return sum(item in right for item in items) / len(items) if items else None


def _share_held(phrases: list[str], texts: list[str]) -> float | None:
    whole = [_plain(text) for text in texts]
    found = [any(_holds(text, _plain(phrase)) for text in whole) for phrase in phrases]
    return sum(found) / len(found) if found else None


def _holds(text: str, phrase: str) -> bool:
    """Say whether a text holds a phrase as whole words: not 8 million in 28 million."""
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", fold(text)).strip()


def _supported(answer: Answer, collection: Collection) -> float | None:
    if answer.abstained:
        return None
    statements = collection.statements
    supported = [
        citation.statement == statements[citation.statement_id].text
        and bool(citation.sources)
        for citation in answer.citations
    ]
    return sum(supported) / len(supported) if supported else None


def source_languages(
    run: Run, judgements: Judgements, collection: Collection
) -> SourceLanguages:
    """Compare the languages of cited sources with those of the right ones.

    A source counts once for each statement that it stands behind.
    """
    cited: list[bool] = []
    judged: list[bool] = []
    for question, answer in _answered(run):
        for citation in () if answer.abstained else answer.citations:
            cited += [source.language != "en" for source in citation.sources]
        grades = judgements.statements.get(question.qid, {})
        for statement_id in _graded(grades, RELEVANT):
            statement = collection.statements[statement_id]
            judged += [
                source.language != "en"
                for source in collection.cases[statement.case_id].sources
                if source.source_id in statement.source_ids
            ]
    return SourceLanguages(_mean(cited), _mean(judged))


def _mean(flags: list[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
