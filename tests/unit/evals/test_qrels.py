"""Judgements: TREC files, derived levels, shared needs."""

from __future__ import annotations

import pytest

from evals.errors import QuestionSetError
from evals.qrels import read_judgements, read_qrels, write_qrels
from tests.unit.evals.made_up_runs import (
    COLLECTION,
    HEAT,
    PARK,
    TRAM,
    judgements,
    question,
)


@pytest.fixture
def read(tmp_path):
    """Return a function that writes each text to a file and reads them all."""

    def read_all(*texts):
        paths = [tmp_path / f"{n}.qrels" for n, _ in enumerate(texts)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        return read_judgements(paths, COLLECTION)

    return read_all


def test_read_qrels_when_lines_are_good(tmp_path):
    """Columns are parted by any blanks; empty lines and carriage returns do no harm."""
    path = tmp_path / "a.qrels"
    path.write_bytes(b"\xef\xbb\xbfq1 0 a/x 2\r\n\r\nq1\t0\ta/y  0\r\nq2 0 a/x 1")
    assert read_qrels(path) == {"q1": {"a/x": 2, "a/y": 0}, "q2": {"a/x": 1}}


def test_read_qrels_when_a_grade_is_negative(tmp_path):
    """TREC writes junk as -1 or -2; it counts as read and not relevant."""
    path = tmp_path / "a.qrels"
    path.write_text("q1 0 a/x -2\n", encoding="utf-8")
    assert read_qrels(path) == {"q1": {"a/x": 0}}


@pytest.mark.parametrize(
    "line",
    ["q1 a/x 2", "q1 0 a/x 2 more", "q1 0 a/x two", "q1 0 a/x 1.5"],
    ids=["three columns", "five columns", "no number", "no whole number"],
)
def test_read_qrels_when_a_line_is_bad(tmp_path, line):
    """A bad line is shown with its number and what belongs there."""
    path = tmp_path / "a.qrels"
    path.write_text(f"q0 0 a/x 1\n\n{line}\n", encoding="utf-8")
    with pytest.raises(
        QuestionSetError, match=f"'{line}' is no.*document id"
    ) as caught:
        read_qrels(path)
    assert caught.value.line == 3


@pytest.mark.parametrize("content", [None, b"q1 0 P\xe9cs 2"], ids=["none", "latin-1"])
def test_read_qrels_when_the_file_cannot_be_read(tmp_path, content):
    """A missing file and one in another encoding are named."""
    path = tmp_path / "a.qrels"
    if content:
        path.write_bytes(content)
    with pytest.raises(QuestionSetError, match="cannot be read.*in UTF-8") as caught:
        read_qrels(path)
    assert caught.value.path == str(path)


def test_write_qrels_sorts_and_reads_back(tmp_path):
    """The same judgements make the same file, and nothing is left beside it."""
    path = tmp_path / "a.qrels"
    qrels = {"q2": {"a/x": 1}, "q1": {"b/y": 0, "a/x": 2}}
    write_qrels(qrels, path)
    assert path.read_text() == "q1 0 a/x 2\nq1 0 b/y 0\nq2 0 a/x 1\n"
    assert read_qrels(path) == qrels
    assert list(tmp_path.iterdir()) == [path]


def test_read_judgements_when_only_statements_are_judged(read):
    """A passage is graded as its best statement, a case as its best passage."""
    found = read(
        f"q1 0 {HEAT}#costs.1 0\n"
        f"q1 0 {HEAT}#costs.2 1\n"
        f"q1 0 {HEAT}#results.1 2\n"
        f"q1 0 {TRAM}#costs.1 0\n"
    )
    # costs = max(0, 1); results = 2; the case = max(1, 2).
    assert found.passages == {
        "q1": {f"{HEAT}#costs": 1, f"{HEAT}#results": 2, f"{TRAM}#costs": 0}
    }
    assert found.cases == {"q1": {HEAT: 2, TRAM: 0}}


def test_read_judgements_when_only_passages_are_judged(read):
    """Cases are derived from passages; nothing is said of statements."""
    found = read(f"q1 0 {HEAT}#costs 1\nq1 0 {TRAM}#costs 2\n")
    assert found.cases == {"q1": {HEAT: 1, TRAM: 2}}
    assert found.statements == {}


def test_read_judgements_when_a_case_has_its_own_grade(read):
    """A case's own grade stands, whatever its statements say."""
    found = read(f"q1 0 {HEAT} 1\n", f"q1 0 {HEAT}#costs.1 2\n")
    assert found.cases == {"q1": {HEAT: 1}}
    assert found.passages == {"q1": {f"{HEAT}#costs": 2}}


def test_read_judgements_when_another_case_has_its_own_grade(read):
    """A case without a grade of its own is graded as its best passage all the same."""
    found = read(f"q1 0 {HEAT} 1\n", f"q1 0 {TRAM}#costs.1 2\n")
    assert found.cases == {"q1": {HEAT: 1, TRAM: 2}}


def test_read_judgements_when_some_ids_are_unknown(read):
    """Ids that the corpus no longer holds are passed over."""
    found = read(f"q1 0 {HEAT} 2\nq1 0 gone/case 2\n")
    assert found.cases == {"q1": {HEAT: 2}}


def test_read_judgements_when_no_id_is_known(read):
    """A file of another corpus is refused, even if the other files fit."""
    with pytest.raises(QuestionSetError, match="none of its ids.*mentorkb search") as e:
        read(f"q1 0 {HEAT} 2\n", "q1 0 gone/case 2\n")
    assert str(e.value.path).endswith("1.qrels")


def test_within_when_questions_share_a_need():
    """Judgements are filed under each question's own id; other ones fall away."""
    judged = judgements(
        cases={"q1": {HEAT: 2}, "q3": {PARK: 2}}, statements={"q1": {"s": 1}}
    )
    asked = [question("q1"), question("q1-fi", need="q1"), question("q2")]
    assert judged.within(asked) == judgements(
        cases={"q1": {HEAT: 2}, "q1-fi": {HEAT: 2}},
        statements={"q1": {"s": 1}, "q1-fi": {"s": 1}},
    )


def test_within_when_questions_can_be_read_only_once():
    """A generator of questions serves all three levels."""
    judged = judgements({"q1": {"c": 2}}, {"q1": {"p": 2}}, {"q1": {"s": 2}})
    assert judged.within(question(qid) for qid in ["q1"]) == judged
