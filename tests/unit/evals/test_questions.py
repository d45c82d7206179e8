"""Question sets: what is read, and what is refused with its line."""

from __future__ import annotations

import pytest

from evals.errors import QuestionSetError
from evals.questions import (
    UNANSWERABLE,
    Question,
    Split,
    falls_to_test,
    read_questions,
    split_file,
)

GOOD = '{"qid": "q1", "lang": "en", "text": "Why?", "kind": "vague"}'


def test_read_questions_when_lines_are_good(tmp_path):
    """Questions come in the order of the file; blank lines are passed over."""
    path = tmp_path / "set.jsonl"
    path.write_text(f"{GOOD.replace('q1', 'q2')}\n\n{GOOD}\n", encoding="utf-8")
    assert [question.qid for question in read_questions(path)] == ["q2", "q1"]


def test_read_questions_when_windows_wrote_the_file(tmp_path):
    """A byte order mark and carriage returns do no harm."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + f"{GOOD}\r\n\r\n".encode())
    assert [question.qid for question in read_questions(path)] == ["q1"]


def test_read_questions_when_a_text_holds_a_line_separator(tmp_path):
    """Only a line feed ends a question; U+2028 and U+0085 are part of its text."""
    path = tmp_path / "set.jsonl"
    path.write_text(GOOD.replace("Why?", "Why\u2028so\x85?"), encoding="utf-8")
    assert read_questions(path)[0].text == "Why\u2028so\x85?"


def test_read_questions_when_only_id_and_text_are_given(tmp_path):
    """A foreign set needs no more than ids and texts; it asks for everything."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"qid": "q1", "text": "Why?"}', encoding="utf-8")
    (question,) = read_questions(path)
    assert (question.lang, question.cities, question.themes) == ("", [], [])
    assert question.is_answerable


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "the line = '{' does not fit: Invalid JSON"),
        (GOOD.replace('"en"', '"english"'), "lang = 'english' does not fit"),
        (GOOD.replace('"Why?"', '""'), "text = '' does not fit"),
        (GOOD.replace('"q1"', '"q 1"'), "qid = 'q 1' does not fit"),
        (GOOD.replace('"vague"', '"vague", "must_hold": "7"'), "must_hold = '7'"),
        (GOOD.replace('"vague"', '"vague", "cases": {}'), "cases = {} does not fit"),
        (GOOD.replace('"text"', '"txt"'), "text = "),
    ],
    ids=[
        "not json",
        "language",
        "empty text",
        "blank in the id",
        "not a list",
        "key of the old format",
        "misspelt key",
    ],
)
def test_read_questions_when_a_line_is_bad(tmp_path, line, reason):
    """A bad line is named with its number, the value and where the format is shown."""
    path = tmp_path / "set.jsonl"
    path.write_text(f"{GOOD.replace('q1', 'q0')}\n{line}\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match=r"evals/README\.md") as caught:
        read_questions(path)
    assert caught.value.reason.startswith(reason)
    assert caught.value.line == 2


def test_read_questions_when_an_id_is_repeated(tmp_path):
    """Two questions with one id are refused, at the second one's line."""
    path = tmp_path / "set.jsonl"
    path.write_text(f"{GOOD}\n\n{GOOD}\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match="'q1' is given twice.*own id") as caught:
        read_questions(path)
    assert caught.value.line == 3


@pytest.mark.parametrize("content", [b"", b"\n \n"], ids=["empty", "blank lines"])
def test_read_questions_when_there_is_none(tmp_path, content):
    """A file without a question is refused."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(content)
    with pytest.raises(QuestionSetError, match="is empty.*Write a question"):
        read_questions(path)


def test_read_questions_when_the_file_is_missing(tmp_path):
    """A missing file is named."""
    path = tmp_path / "none.jsonl"
    with pytest.raises(QuestionSetError, match="cannot be read.*JSON lines") as caught:
        read_questions(path)
    assert caught.value.path == str(path)


def test_read_questions_when_the_file_is_not_utf8(tmp_path):
    """A file in another encoding is refused, not guessed."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(GOOD.replace("Why?", "Pécs?").encode("latin-1"))
    with pytest.raises(QuestionSetError, match="cannot be read.*in UTF-8"):
        read_questions(path)


@pytest.mark.parametrize("kind", UNANSWERABLE)
def test_is_answerable_when_the_kind_says_no(kind):
    """The kinds without an answer are not answerable."""
    assert not Question(qid="q1", text="Why?", kind=kind).is_answerable


@pytest.mark.parametrize("kind", ["specific", "compare", ""])
def test_is_answerable_when_the_kind_says_how_it_is_asked(kind):
    """Every other kind is answerable, and so is a question without a kind."""
    assert Question(qid="q1", text="Why?", kind=kind).is_answerable


def test_judged_as_when_a_question_is_a_translation():
    """A translation shares the judgements of its original."""
    assert Question(qid="q1-fi", text="Miksi?", need="q1").judged_as == "q1"
    assert Question(qid="q1", text="Why?").judged_as == "q1"


def test_falls_to_test_by_the_digest():
    """An odd SHA-256 falls to the test: that of q1 ends in b, that of q4 in a."""
    assert falls_to_test("q1")
    assert not falls_to_test("q4")


@pytest.mark.parametrize("split", list(Split))
def test_split_file_has_qrels_beside_it(split):
    """Each shipped set has its judgements of cases and statements beside it."""
    path = split_file(split)
    assert path.is_file()
    assert path.with_suffix(".cases.qrels").is_file()
    assert path.with_suffix(".statements.qrels").is_file()
