"""The JSON shapes that scripts depend on: key by key."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kb.records import (
    answer_record,
    citation_record,
    full_case_record,
    headline,
    hit_record,
    manifest_record,
    problem_records,
    source_records,
    statement_records,
)
from kb.types import (
    Answer,
    AnswerPart,
    AnswerStatement,
    FullCase,
    Hit,
    KeyFigure,
    NearestCase,
    Why,
)
from tests.support.made_up import (
    CASE,
    CITATION,
    CONDITION,
    FIGURE,
    MANIFEST,
    OPEN_QUESTION,
    PASSAGE,
    SOURCE,
    STATEMENT,
    STEP,
    answered,
    block,
    cited,
    left_open,
    near,
)

SOURCE_RECORD = {
    "id": "S1",
    "title": "Warm biscuits, warm homes",
    "publisher": "Exampleton Heat",
    "url": "https://heat.exampleton.example/biscuits",
    "language": "en",
    "year": 2021,
    "not_before": None,
}
ANSWER = Answer(
    question="What did it cost?",
    language="en",
    abstained=False,
    reason="",
    reason_code="",
    statements=(AnswerStatement(CITATION, 1.25),),
    confidence=0.75,
    open_questions=(OPEN_QUESTION,),
    timings_ms={"embed": 4.5, "total": 10.0},
)


def test_hit_record():
    """A hit has exactly the keys of the contract, in its order."""
    hit = Hit(rank=2, score=1.23456789, passage=PASSAGE, case=CASE, sources=(SOURCE,))
    record = hit_record(hit)
    assert record == {
        "rank": 2,
        "score": 1.234568,
        "passage_id": "exampleton/biscuit-heat#costs",
        "case_id": "exampleton/biscuit-heat",
        "title": "Waste heat from the biscuit factory",
        "city": "exampleton",
        "themes": ["district-heating"],
        "section": "Costs",
        "page": None,
        "text": "The pipe cost 7 million crowns.",
        "uncertain": False,
        "sources": [SOURCE_RECORD],
        "path": "exampleton/biscuit-heat.md",
    }
    assert list(record)[:3] == ["rank", "score", "passage_id"]


def test_hit_record_when_the_passage_has_a_page():
    """The page of a PDF is a number from 1."""
    passage = replace(PASSAGE, page=2, section="")
    hit = Hit(rank=1, score=1.0, passage=passage, case=CASE, sources=())
    assert hit_record(hit)["page"] == 2


def test_answer_record():
    """An answer has every key of the contract, with plain JSON values."""
    record = answer_record(ANSWER)
    assert {
        "question": "What did it cost?",
        "language": "en",
        "abstained": False,
        "reason": "",
        "confidence": 0.75,
        "timings_ms": {"embed": 4.5, "total": 10.0},
    }.items() <= record.items()
    assert record["statements"][0]["text"] == STATEMENT.text
    assert record["statements"][0]["citations"] == [1]
    assert record["open_questions"][0]["text"] == OPEN_QUESTION.text


def test_answer_record_when_abstaining():
    """An abstention has empty lists, a reason and the nearest cases."""
    abstention = replace(
        ANSWER,
        abstained=True,
        reason="Not covered.",
        reason_code="off-topic",
        statements=(),
        nearest_cases=(NearestCase(CASE.case_id, CASE.title, "exampleton", 0.5),),
    )
    record = answer_record(abstention)
    assert (record["abstained"], record["reason"]) == (True, "Not covered.")
    assert record["statements"] == record["closest"] == record["citations"] == []
    assert record["nearest_cases"] == [
        {
            "case_id": "exampleton/biscuit-heat",
            "title": "Waste heat from the biscuit factory",
            "city": "exampleton",
            "score": 0.5,
        }
    ]


def test_answer_record_when_no_statement_answers_directly():
    """The closest statements look as those of an answer, which has none itself."""
    nearly = replace(
        ANSWER,
        abstained=True,
        reason="No statement answers this directly.",
        reason_code="no-direct-answer",
        statements=(),
        closest=ANSWER.statements,
    )
    record = answer_record(nearly)
    assert record["reason_code"] == "no-direct-answer"
    assert record["statements"] == []
    assert record["closest"] == answer_record(ANSWER)["statements"]
    assert [citation["n"] for citation in record["citations"]] == [1]


PIPE = cited(1, "The pipe cost 7 million crowns.")
PUMP = cited(2, "The pump cost 2 million.", "sampleby/pump")
OVEN = cited(3, "The oven cost nothing.")
PAID = AnswerPart("what did it cost", (1, 2))
OWNED = AnswerPart("who owns it", ())


def test_answer_record_when_the_question_is_broad():
    """An overview names its blocks with their numbers, and the cases left over."""
    more = near("sampleby/straw")
    record = answer_record(
        answered(PIPE, PUMP, blocks=(block(PIPE), block(PUMP)), more_cases=(more,))
    )
    assert record["headline"] == "3 cases in 2 cities are on this."
    assert record["blocks"][1] == {
        "case_id": "sampleby/pump",
        "title": "The case sampleby/pump",
        "city": "sampleby",
        "summary": "What happened in sampleby/pump.",
        "citations": [2],
    }
    assert [case["case_id"] for case in record["more_cases"]] == ["sampleby/straw"]
    assert json.loads(json.dumps(record)) == record


def test_answer_record_when_the_question_has_parts():
    """Each part has the numbers that answer it; a city without any is named."""
    record = answer_record(
        answered(PIPE, PUMP, parts=(PAID, OWNED), silent_cities=("oslo",))
    )
    assert record["parts"] == [
        {"text": "what did it cost", "citations": [1, 2]},
        {"text": "who owns it", "citations": []},
    ]
    assert record["silent_cities"] == ["oslo"]
    assert json.loads(json.dumps(record)) == record


def test_answer_record_when_the_sources_leave_it_open():
    """The open question that was asked stands apart; it is null in any other answer."""
    record = answer_record(left_open(PIPE))
    assert record["left_open"] == {
        "question_id": OPEN_QUESTION.question_id,
        "case_id": OPEN_QUESTION.case_id,
        "text": OPEN_QUESTION.text,
    }
    assert answer_record(ANSWER)["left_open"] is None


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (answered(PIPE), "One statement answers this."),
        (answered(PIPE, OVEN), "2 statements from one case answer this."),
        (answered(PIPE, PUMP), "2 statements from 2 cases in 2 cities answer this."),
        (answered(PIPE, blocks=(block(PIPE),)), "One case in one city is on this."),
        (
            answered(PIPE, parts=(PAID, OWNED)),
            "One statement answers 1 of the 2 parts of this question.",
        ),
        (answered(PIPE, parts=(PAID, PAID)), "One statement answers this."),
        (
            answered(PIPE, parts=(OWNED, OWNED)),
            "One statement comes closest; no part of this question is answered on its "
            "own.",
        ),
        (left_open(), f"The sources leave this open: {OPEN_QUESTION.text}"),
        (
            answered(abstained=True, reason_code="off-topic"),
            "The sources do not answer this.",
        ),
        (
            answered(abstained=True, reason_code="no-direct-answer"),
            "No direct answer was found.",
        ),
    ],
)
def test_headline(answer, told):
    """One sentence counts what answers, and never claims more than was found."""
    assert headline(answer) == told


def test_answer_record_when_a_follow_up_was_understood():
    """How a follow-up was read stands beside what was typed; otherwise it is empty."""
    read = replace(ANSWER, understood_as="What did the pipe cost → and who paid?")
    record = answer_record(read)
    assert record["question"] == ANSWER.question
    assert record["understood_as"] == "What did the pipe cost → and who paid?"
    assert answer_record(ANSWER)["understood_as"] == ""


def test_answer_record_leaves_the_signals_out():
    """What the evidence looked like is for the evaluation, not part of the contract."""
    assert "signals" not in answer_record(replace(ANSWER, signals={"held": 1.0}))


def test_statement_records():
    """A statement has its text, citation numbers, city, case, score and subject."""
    assert statement_records(ANSWER.statements) == [
        {
            "text": "The pipe cost 7 million crowns.",
            "citations": [1],
            "city": "exampleton",
            "case_id": "exampleton/biscuit-heat",
            "score": 1.25,
            "subject": "",
        }
    ]


def test_citation_record():
    """A citation has every key of the contract; its span slices its passage."""
    record = citation_record(CITATION)
    assert {
        "n": 1,
        "case_id": "exampleton/biscuit-heat",
        "title": "Waste heat from the biscuit factory",
        "city": "exampleton",
        "section": "Costs",
        "page": None,
        "passage": "The pipe cost 7 million crowns.",
        "sources": [SOURCE_RECORD],
    }.items() <= record.items()
    assert record["passage"][record["start"] : record["end"]] == STATEMENT.text


def test_citation_record_with_why_it_was_found():
    """Why a question found a statement is an object of plain JSON values."""
    why = Why(
        ("pipe", "cost"), 0.9, 0.8, 0.7, 0.5, names_city=True, question_language="fi"
    )
    record = citation_record(replace(CITATION, why=why))
    assert record["why"] == {
        "words": ["pipe", "cost"],
        "similarity": 0.9,
        "bare_similarity": 0.8,
        "case_similarity": 0.7,
        "coverage": 0.5,
        "names_city": True,
        "question_language": "fi",
    }
    assert json.loads(json.dumps(record)) == record
    assert citation_record(CITATION)["why"] is None


def test_records_tell_what_was_compared():
    """A citation and the statements of a case tell when they were compared."""
    checked = replace(CITATION, review_status="checked", checked_on="2026-11-30")
    record = citation_record(checked)
    assert (record["review_status"], record["checked_on"]) == ("checked", "2026-11-30")
    statements = [STATEMENT, replace(STATEMENT, checked_on="2026-11-30")]
    full = full_case_record(FullCase(CASE, [PASSAGE], statements, []))
    assert [s["checked_on"] for s in full["statements"]] == [None, "2026-11-30"]


def test_records_tell_which_pages_were_hard_to_read():
    """A passage's doubt goes to its hit, its statements and their citations."""
    doubtful = replace(PASSAGE, page=2, uncertain=True)
    hit = Hit(rank=1, score=1.0, passage=doubtful, case=CASE, sources=())
    full = full_case_record(FullCase(CASE, [doubtful], [STATEMENT], []))
    assert hit_record(hit)["uncertain"]
    assert full["statements"][0]["uncertain"]
    assert citation_record(replace(CITATION, uncertain=True))["uncertain"]


def test_full_case_record_with_what_is_read_from_its_statements():
    """Figures, conditions and steps keep every field and name their statements."""
    full = FullCase(CASE, [], [STATEMENT], [], (FIGURE,), (CONDITION,), (STEP,))
    record = json.loads(json.dumps(full_case_record(full)))
    assert KeyFigure(**record["figures"][0]) == FIGURE
    assert record["conditions"][0]["statement_ids"] == [STATEMENT.statement_id]
    assert record["steps"] == [
        {
            "when": "2019",
            "what": "Lay the pipe",
            "statement_ids": [STATEMENT.statement_id],
        }
    ]


def test_source_records_when_there_is_no_year():
    """A source without a year says null, not a made-up number."""
    (record,) = source_records([replace(SOURCE, year=None)])
    assert record == SOURCE_RECORD | {"year": None}
    (record,) = source_records([replace(SOURCE, year=None, not_before=2022)])
    assert record == SOURCE_RECORD | {"year": None, "not_before": 2022}


def test_manifest_record():
    """A manifest shows its counts on the first level, and all problems."""
    record = manifest_record(MANIFEST)
    assert "counts" not in record
    assert (record["cases"], record["statements"]) == (4, 18)
    assert record["generation"] == "20260301T120000-1a2b3c4d"
    assert record["rejected"][0]["path"] == "a/b.md"
    assert record["warnings"][0]["path"] == "a/c.pdf"
    assert record["to_confirm"] == []


def test_problem_records():
    """A problem has path, line, rule, severity, reason, remedy and a second path."""
    assert problem_records(MANIFEST.rejected) == [
        {
            "path": "a/b.md",
            "line": 3,
            "rule": "date",
            "severity": "error",
            "reason": "no date.",
            "remedy": "Add it.",
            "other": None,
        }
    ]


@pytest.mark.parametrize(
    "record",
    [
        hit_record(Hit(1, 1.0, PASSAGE, CASE, (SOURCE,))),
        answer_record(ANSWER),
        manifest_record(MANIFEST),
        problem_records(MANIFEST.rejected),
    ],
    ids=["hit", "answer", "manifest", "problems"],
)
def test_record_survives_json(record):
    """Written as JSON and read again, every record is the same."""
    assert json.loads(json.dumps(record)) == record
