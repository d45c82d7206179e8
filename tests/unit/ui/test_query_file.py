"""Files of queries: one JSON object a line."""

from __future__ import annotations

import json

import pytest

from kb.errors import QueryError
from kb.types import Query
from ui.terminal.query_file import read_queries


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file of queries and gives back its path."""

    def write_file(content: str | bytes):
        path = tmp_path / "queries.jsonl"
        raw = content.encode() if isinstance(content, str) else content
        path.write_bytes(raw)
        return path

    return write_file


def test_read_queries_with_filters(write):
    """A line gives a query with its id, text and filters, in the order of the file."""
    path = write(
        '{"qid": "q1", "text": "bricks?", "cities": ["sampleby"], '
        '"themes": ["financing", "circular-construction"]}\n'
        '{"qid": "q2", "text": "heat?"}\n'
    )
    assert list(read_queries(path)) == [
        Query("bricks?", ("sampleby",), ("financing", "circular-construction"), "q1"),
        Query("heat?", (), (), "q2"),
    ]


def test_read_queries_when_filters_are_null(write):
    """A filter of null means everything, like a missing one."""
    path = write('{"qid": "q1", "text": "heat?", "cities": null, "themes": []}')
    assert list(read_queries(path)) == [Query("heat?", query_id="q1")]


def test_read_queries_when_a_question_goes_on(write):
    """A line may name the question that was asked before."""
    path = write('{"qid": "q1", "text": "and who paid?", "after": "Where is heat?"}')
    (query,) = read_queries(path)
    assert query == Query("and who paid?", query_id="q1", after="Where is heat?")


def test_read_queries_when_keys_are_unknown(write):
    """Further keys, such as a question set's judgements, are passed over."""
    path = write('{"qid": "q1", "text": "heat?", "language": "en"}')
    assert list(read_queries(path)) == [Query("heat?", query_id="q1")]


@pytest.mark.parametrize(
    "content", [b"", b"\n \n\n", b"\xef\xbb\xbf"], ids=["empty", "blank", "mark only"]
)
def test_read_queries_when_the_file_is_empty(write, content):
    """A file without queries gives none."""
    assert list(read_queries(write(content))) == []


def test_read_queries_when_saved_on_windows(write):
    """A byte order mark and Windows line ends do no harm; blank lines are skipped."""
    path = write(
        b'\xef\xbb\xbf{"qid": "q1", "text": "a"}\r\n\r\n{"qid": "q2", "text": "b"}\r\n'
    )
    assert [query.query_id for query in read_queries(path)] == ["q1", "q2"]


@pytest.mark.parametrize(
    "sign", ["\u2028", "\u2029", "\x85"], ids=["U+2028", "U+2029", "U+0085"]
)
def test_read_queries_when_text_holds_a_unicode_line_end(write, sign):
    """Only a line feed ends a line: JSON may hold Unicode's other line ends as is."""
    text = f"heat?{sign}And what did it cost?"
    line = json.dumps({"qid": "q1", "text": text}, ensure_ascii=False)
    assert list(read_queries(write(line))) == [Query(text, query_id="q1")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", r"not JSON \(Expecting value\)"),
        ('{"qid": "q1", "text": ', "not JSON"),
        ('["q1", "heat?"]', r"\['q1', 'heat\?'\] is not an object"),
        ('"heat?"', "'heat\\?' is not an object"),
        ('{"text": "heat?"}', "qid and text must both be given"),
        ('{"qid": "q1"}', "qid and text must both be given"),
        ('{"qid": 1, "text": "heat?"}', "qid and text .* as strings"),
        (
            '{"qid": "q1", "text": "x", "cities": "lund"}',
            "cities = 'lund' is not a list",
        ),
        (
            '{"qid": "q1", "text": "x", "themes": [7]}',
            r"themes = \[7\] is not a list of slugs",
        ),
        ('{"qid": "q1", "text": "x", "after": 7}', "after = 7 is not a question"),
    ],
    ids=[
        "no json",
        "cut off",
        "a list",
        "a string",
        "no qid",
        "no text",
        "number as qid",
        "city without list",
        "number as theme",
        "number as question before",
    ],
)
def test_read_queries_when_a_line_is_bad(write, line, reason):
    """A bad line is named with file, line number, the value and an example."""
    path = write(f'{{"qid": "q0", "text": "fine"}}\n\n{line}\n')
    queries = read_queries(path)
    assert next(queries).query_id == "q0"
    with pytest.raises(
        QueryError, match=rf'queries\.jsonl:3: .*{reason}.*\{{"qid": "q1", "text"'
    ):
        next(queries)


def test_read_queries_when_there_is_no_file(tmp_path):
    """A missing file is an error with its path and what to name instead."""
    with pytest.raises(
        QueryError, match=r"none\.jsonl: .*No such file.*Name a JSON lines file"
    ):
        list(read_queries(tmp_path / "none.jsonl"))


def test_read_queries_when_not_utf8(write):
    """A file in another encoding is an error that names the right one."""
    path = write('{"qid": "q1", "text": "Fernwärme"}'.encode("latin-1"))
    with pytest.raises(QueryError, match="cannot be read .*UTF-8"):
        list(read_queries(path))
