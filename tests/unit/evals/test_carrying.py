"""Judgements follow statements that are edited, and only to what says the same."""

from __future__ import annotations

import json

import pytest

from evals.carrying import (
    OpenGrade,
    Succession,
    carry,
    find_successions,
    read_open_grades,
    read_successions,
    write_open_grades,
    write_successions,
)
from evals.errors import QuestionSetError

BEFORE = {
    "exampleton/skur-38#costs.1": "It cost EUR 3 million in 2019.",
    "exampleton/skur-38#costs.2": "The grant paid half; the city lent EUR 2 million.",
    "exampleton/skur-38#results.3": "Emissions fell by 12%.",
    "exampleton/skur-38#results.4": "Nobody complained about noise.",
    "exampleton/skur-38#results.5": "Tenants pay less.",
}
AFTER = {
    "exampleton/skur-38#costs.a": "Skur 38 cost EUR 3 million in 2019.",
    "exampleton/skur-38#costs.b": "The grant paid half of Skur 38.",
    "exampleton/skur-38#costs.c": "The city lent EUR 2 million to Skur 38.",
    "exampleton/skur-38#results.d": "Emissions of Skur 38 fell by 21%.",
    "exampleton/skur-38#results.5": "Tenants pay less.",
    "exampleton/skur-38#lessons.e": "Start with permits.",
}
SAME, CUT, DOUBTFUL, GONE = (
    Succession("exampleton/skur-38#costs.1", ("exampleton/skur-38#costs.a",), "same"),
    Succession(
        "exampleton/skur-38#costs.2",
        ("exampleton/skur-38#costs.b", "exampleton/skur-38#costs.c"),
        "cut",
    ),
    Succession(
        "exampleton/skur-38#results.3", ("exampleton/skur-38#results.d",), "doubtful"
    ),
    Succession("exampleton/skur-38#results.4", (), "gone"),
)


def test_find_successions():
    """Each changed text finds its own; a figure that no name brings is doubtful."""
    assert find_successions(BEFORE, AFTER) == [SAME, CUT, DOUBTFUL, GONE]


def test_successions_are_read_as_written(tmp_path):
    """What is written for reading is read again, texts or not."""
    path = tmp_path / "successors.tsv"
    for texts in (BEFORE | AFTER, None):
        write_successions([SAME, CUT, DOUBTFUL, GONE], path, texts)
        assert read_successions(path) == [SAME, CUT, DOUBTFUL, GONE]


@pytest.mark.parametrize(
    "line", ["a/b#c.1\ta/b#c.2\tsimilar", "a/b#c.1\t\tsame", "a/b#c.1\ta/b#c.2\tgone"]
)
def test_read_successions_when_a_line_is_none(tmp_path, line):
    """The line is named, with what to write."""
    path = tmp_path / "successors.tsv"
    path.write_text(f"before\tafter\thow\n{line}\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match="is no succession") as caught:
        read_successions(path)
    assert caught.value.line == 2


@pytest.fixture
def folder(tmp_path):
    """Question sets with judgements of all of them."""
    question = {"qid": "q1", "text": "Who paid?", "must_hold": ["EUR 2 million"]}
    (tmp_path / "dev.jsonl").write_text(json.dumps(question) + "\n", encoding="utf-8")
    grades = zip(BEFORE, (0, 2, 1, 1, 2), strict=True)
    qrels = "".join(f"q1 0 {name} {grade}\n" for name, grade in grades)
    (tmp_path / "dev.statements.qrels").write_text(qrels, encoding="utf-8")
    learnt = {
        "qid": "x-1",
        "text": "Was kostete es?",
        "answers": {"exampleton/skur-38#costs.1": 2, "exampleton/skur-38#results.5": 1},
        "must": ["EUR 3 million"],
        "open": ["exampleton/skur-38#open-questions.9"],
    }
    (tmp_path / "reader").mkdir()
    (tmp_path / "reader" / "x.jsonl").write_text(json.dumps(learnt) + "\n", "utf-8")
    return tmp_path


def test_carry(folder):
    """Grades go to the same, a part with what must stand in it, and those given."""
    part = OpenGrade("dev.statements.qrels", "q1", "exampleton/skur-38#costs.b", 2)
    settled = [SAME, CUT, GONE]
    first = carry(settled, folder, AFTER)
    assert first.open_grades == [part]
    carried = carry(settled, folder, AFTER, {part: 1})
    assert (carried.open_grades, carried.n_grades) == ([], 3)
    assert carried.texts[folder / "dev.statements.qrels"].splitlines() == [
        "q1 0 exampleton/skur-38#costs.a 0",
        "q1 0 exampleton/skur-38#costs.b 1",
        "q1 0 exampleton/skur-38#costs.c 2",
        "q1 0 exampleton/skur-38#results.3 1",
        "q1 0 exampleton/skur-38#results.5 2",
    ]
    learnt = json.loads(carried.texts[folder / "reader" / "x.jsonl"])
    assert learnt["answers"] == {
        "exampleton/skur-38#costs.a": 2,
        "exampleton/skur-38#results.5": 1,
    }
    assert learnt["open"] == ["exampleton/skur-38#open-questions.9"]


def test_carry_when_somebody_has_to_read_first(folder):
    """Nothing moves to a text with other figures before it was read."""
    with pytest.raises(QuestionSetError, match="1 successions are doubtful"):
        carry([SAME, DOUBTFUL], folder, AFTER)


def test_open_grades_are_read_as_filled_in(tmp_path):
    """Somebody fills in the column; a line without a grade is named."""
    path = tmp_path / "to-judge.tsv"
    part = OpenGrade("dev.statements.qrels", "q1", "exampleton/skur-38#costs.b", 2)
    write_open_grades({part: 1}, path, AFTER)
    assert read_open_grades(path) == {part: 1}
    write_open_grades({part: None}, path, AFTER)
    with pytest.raises(QuestionSetError, match="has no grade") as caught:
        read_open_grades(path)
    assert caught.value.line == 2
