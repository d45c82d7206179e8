"""Answers as the terminal shows them, line by line."""

from __future__ import annotations

from dataclasses import replace

from kb.types import AnswerPart
from tests.support.made_up import (
    OPEN_QUESTION,
    SOURCE,
    answered,
    block,
    cited,
    left_open,
    near,
    stated,
)
from ui.terminal.output import answer_text

NAMES = {"exampleton": "Exampleton", "sampleby": "Sampleby"}
PIPE = cited(1, "The pipe cost 7 million crowns.")
PUMP = cited(2, "The pump cost 2 million.", "sampleby/pump")


def lines(answer) -> list[str]:
    return answer_text(answer, NAMES).splitlines()


def test_answer_when_the_question_is_narrow():
    """The shape comes first, then statements by city, then their sources."""
    shown = lines(answered(PIPE, PUMP))
    assert shown[:6] == [
        "2 statements from 2 cases in 2 cities answer this.",
        "",
        "Exampleton",
        "- The pipe cost 7 million crowns. [1]",
        "",
        "Sampleby",
    ]
    assert shown.index("Sources") > shown.index("- The pump cost 2 million. [2]")


def test_answer_when_a_statement_was_compared():
    """How many were compared stands above; behind each that nobody approved it."""
    compared = replace(PIPE, review_status="checked", checked_on="2026-11-30")
    shown = lines(answered(compared, PUMP))
    assert shown[1] == (
        "1 of 2 statements was compared with a stored copy of its source; no expert or "
        "city has approved it."
    )
    (pipe,) = [line for line in shown if line.startswith("[1]")]
    assert pipe.endswith(", compared with its source on 2026-11-30, not approved)")
    (pump,) = [line for line in shown if line.startswith("[2]")]
    assert pump.endswith(", draft)")


def test_citation_when_no_source_tells_a_year():
    """The years of the statement are told as its own, below its sources."""
    undated = (replace(SOURCE, year=None),)
    shown = lines(answered(cited(1, "The pipe was laid in 2019.", sources=undated)))
    assert shown[-2].startswith("    Exampleton Heat, year unknown (en): ")
    assert shown[-1] == "    The statement itself speaks of 2019."
    assert "speaks of" not in "\n".join(lines(answered(cited(1, "Laid in 2019."))))


def test_answer_when_a_statement_leans_on_its_case():
    """What a statement is about stands before it, outside its words."""
    shown = lines(answered(PIPE, statements=(stated(PIPE, "The biscuit pipe"),)))
    at = shown.index("- About: The biscuit pipe")
    assert shown[at + 1] == "  The pipe cost 7 million crowns. [1]"


def test_answer_when_the_question_is_broad():
    """An overview goes case by case, with summaries, and ends in further cases."""
    broad = answered(
        PIPE,
        PUMP,
        blocks=(block(PUMP), block(PIPE)),
        more_cases=(near("sampleby/straw"),),
    )
    shown = lines(broad)
    assert shown[:6] == [
        "3 cases in 2 cities are on this.",
        "",
        "Sampleby: The case sampleby/pump (sampleby/pump)",
        "  The case in short: What happened in sampleby/pump.",
        "- The pump cost 2 million. [2]",
        "",
    ]
    at = shown.index("More cases")
    assert shown[at + 1] == "- Sampleby: The case sampleby/straw (sampleby/straw)"


def test_answer_when_the_question_has_parts():
    """Parts are told with their numbers; a part or city without any is named."""
    parts = (AnswerPart("what did it cost", (1,)), AnswerPart("who owns it", ()))
    shown = lines(answered(PIPE, parts=parts, silent_cities=("sampleby",)))
    assert "- what did it cost: [1]" in shown
    assert "- who owns it: not answered by the statements found" in shown
    assert "For Sampleby, no statement found answers this." in shown
    assert shown.index("Exampleton") > shown.index("- what did it cost: [1]")


def test_answer_when_the_sources_leave_it_open():
    """The open question comes first with its case, once; then what is closest."""
    shown = lines(left_open(PIPE))
    assert shown[:5] == [
        f"The sources leave this open: {OPEN_QUESTION.text}",
        f"({OPEN_QUESTION.case_id})",
        "",
        "The closest statements",
        "",
    ]
    assert sum(OPEN_QUESTION.text in line for line in shown) == 1


def test_answer_when_there_is_none():
    """An abstention says so, gives its reason and the nearest cases with their ids."""
    refused = replace(
        answered(abstained=True, reason_code="elsewhere", reason="Not about Nowhere."),
        nearest_cases=(near("sampleby/pump"),),
    )
    assert lines(refused) == [
        "The sources do not answer this.",
        "Not about Nowhere.",
        "",
        "The nearest cases",
        "- Sampleby: The case sampleby/pump (sampleby/pump)",
    ]
