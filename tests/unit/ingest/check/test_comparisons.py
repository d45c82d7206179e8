"""Marks of statements that were compared with their sources."""

from __future__ import annotations

from ingest.check.comparisons import checked_marks
from ingest.documents import Document, Units
from ingest.split import split_document
from tests.unit.ingest.check.written import CASE, HEADER, read_case

BODY = "## Costs\n\n- The pipe cost 7 crowns. [^S1]\n- It is long. [^S2]\n"
PIPE, LONG = "costs.52e7d7ab", "costs.6c3c32c5"
REVIEW = "review: {status: draft, by: null, 'on': null}"


def found(corpus, *marks: str, status: str = "draft", body: str = BODY):
    """Return the findings about a case with marks of one day."""
    listed = ", ".join(marks)
    checked = f"\n  checked:\n    2026-11-30: [{listed}]" if marks else ""
    header = HEADER.replace(REVIEW, f"review:\n  status: {status}{checked}")
    document = read_case(corpus, body, header=header)
    assert document.case, document.problems
    return list(checked_marks(document, split_document(document, document.case, 300)))


def test_marks_that_hold_are_no_problem(tmp_path):
    """Some statements of a draft, or all of a checked case, may bear marks."""
    assert found(tmp_path) == []
    assert found(tmp_path, PIPE) == []
    assert found(tmp_path, PIPE, LONG, status="checked") == []


def test_mark_when_its_statement_was_changed(tmp_path):
    """A mark goes with the words; the day it stands under and the remedy are told."""
    (problem,) = found(tmp_path, PIPE, LONG, body=BODY.replace("7", "8"))
    day_line = HEADER.count("\n", 0, HEADER.index(REVIEW)) + 4
    assert (problem.path, problem.line) == (CASE, day_line)
    assert (problem.rule, problem.severity) == ("checked-mark", "error")
    assert f"{PIPE!r} names no statement" in problem.reason
    assert "Remove the mark, or compare the statement again" in problem.remedy


def test_checked_case_when_a_statement_has_no_mark(tmp_path):
    """A case is called checked only when every statement is; the others are named."""
    (problem,) = found(tmp_path, PIPE, status="checked")
    assert problem.line == HEADER.count("\n", 0, HEADER.index(REVIEW)) + 2
    assert problem.rule == "checked-mark"
    assert problem.reason == (
        f"the case is called checked, but 1 of 2 statements have no mark: {LONG}."
    )
    assert len(found(tmp_path, status="checked")) == 1


def test_marks_when_the_file_was_rejected():
    """Of a file that cannot be read nothing is said."""
    assert list(checked_marks(Document(CASE, None), None)) == []
    assert list(checked_marks(Document(CASE, None), Units())) == []
