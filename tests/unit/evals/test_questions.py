"""Question sets: what is read, and what is refused with its line."""

from __future__ import annotations

import pytest

from evals import read_questions
from kb.errors import QuestionSetError

GOOD = '{"qid": "q1", "lang": "en", "text": "Why?", "cases": {"a/b": 2}}'


def test_read_questions_when_lines_are_good(tmp_path):
    """Questions come in the order of the file; blank lines are passed over."""
    path = tmp_path / "set.jsonl"
    other = GOOD.replace("q1", "q2").replace('{"a/b": 2}', "{}")
    path.write_text(f"{GOOD}\n\n{other}\n", encoding="utf-8")
    first, second = read_questions(path)
    assert (first.qid, first.is_answerable) == ("q1", True)
    assert (second.qid, second.is_answerable) == ("q2", False)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Invalid JSON"),
        (GOOD.replace('"a/b": 2', '"a/b": 3'), "less than or equal to 2"),
        (GOOD.replace('"en"', '"english"'), "lang"),
        (GOOD.replace('"Why?"', '""'), "text"),
        (GOOD.replace('"qid"', '"id"'), "qid"),
    ],
    ids=["not json", "grade 3", "language", "empty text", "unknown key"],
)
def test_read_questions_when_a_line_is_bad(tmp_path, line, reason):
    """A bad line is named with its number and what does not fit."""
    path = tmp_path / "set.jsonl"
    path.write_text(f"{GOOD.replace('q1', 'q0')}\n{line}\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match=reason) as caught:
        read_questions(path)
    assert caught.value.line == 2


def test_read_questions_when_an_id_is_repeated(tmp_path):
    """Two questions with one id are refused."""
    path = tmp_path / "set.jsonl"
    path.write_text(f"{GOOD}\n{GOOD}\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match="'q1' is given twice"):
        read_questions(path)


def test_read_questions_when_the_file_is_missing(tmp_path):
    """A missing file is named."""
    with pytest.raises(QuestionSetError, match="cannot be read"):
        read_questions(tmp_path / "none.jsonl")
