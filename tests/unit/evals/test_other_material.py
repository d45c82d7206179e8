"""Other material: the paragraphs, their questions, and how the gate compares."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

import evals.other_material as other
from evals.gate import check_likeness
from evals.other_material import LANGUAGES, MEASURES, FoundElsewhere
from evals.qrels import read_qrels
from evals.questions import read_questions

QUESTIONS = read_questions(other.QUESTIONS)


def test_every_need_is_asked_in_each_language():
    """A question and its translations differ in language alone."""
    languages = defaultdict(list)
    for question in QUESTIONS:
        languages[question.judged_as].append(question.lang)
    assert {tuple(asked) for asked in languages.values()} == {LANGUAGES}
    assert len({question.text for question in QUESTIONS}) == len(QUESTIONS)


def test_every_paragraph_is_asked_for():
    """Each file is a right answer to two needs, and each need has one right answer."""
    qrels = read_qrels(other.QUESTIONS.with_suffix(".cases.qrels"))
    assert qrels.keys() == {question.judged_as for question in QUESTIONS}
    found = Counter(case for grades in qrels.values() for case in grades)
    files = (path.relative_to(other.CORPUS) for path in other.CORPUS.rglob("*.txt"))
    assert found == {path.with_suffix("").as_posix(): 2 for path in files}


def found(ours: float, by_likeness: float, n: int = 6) -> FoundElsewhere:
    """Return what came first for n questions in each language."""

    def values(value: float) -> dict[str, dict[str, float]]:
        return {name: {f"q{i}": value for i in range(n)} for name in MEASURES}

    return FoundElsewhere(values(ours), values(by_likeness))


@pytest.mark.parametrize(
    ("ours", "by_likeness", "n", "is_worse"),
    [(0, 1, 6, True), (0, 1, 5, False), (1, 1, 6, False), (1, 0, 6, False)],
    ids=["worse", "few questions", "alike", "better"],
)
def test_check_likeness(ours, by_likeness, n, is_worse):
    """Finding is worse when it falls below likeness more often than by chance."""
    checks = check_likeness(found(ours, by_likeness, n))
    assert [check.measure for check in checks] == [
        f"beside likeness, {language}" for language in LANGUAGES
    ]
    assert {(check.before, check.now) for check in checks} == {(by_likeness, ours)}
    assert {check.is_worse for check in checks} == {is_worse}
