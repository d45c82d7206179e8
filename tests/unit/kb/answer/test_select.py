"""The choice of the statements of an answer, and their order for reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.answer.select import (
    CANDIDATES,
    MIN_STATEMENTS,
    reading_order,
    select_statements,
)
from kb.settings import Settings
from tests.support.made_up import ranking, scored, statement

SETTINGS = Settings(answer_margin=0.05, city_penalty=0.01)
PLAIN = Settings(answer_margin=0.05, city_penalty=0.0)
ANIMALS = ["ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "owl"]


def _texts(items):
    return [item.statement.text for item in items]


def _of_one_city(scores):
    """Return statements of one city with nothing in common but their case."""
    return [
        scored("exampleton/zoo", score, f"{animal} house", number=number)
        for number, (score, animal) in enumerate(zip(scores, ANIMALS, strict=False))
    ]


def test_select_when_nothing_was_found():
    """An empty ranking gives no statements."""
    assert select_statements(ranking([]), SETTINGS) == []


def test_select_when_fewer_than_the_least_number():
    """A corpus of two statements can give no more than two."""
    found = _of_one_city([0.9, 0.1])
    assert select_statements(ranking(found), SETTINGS) == found


def test_select_takes_at_least_three():
    """Three are chosen even if the second and third are beyond the margin."""
    found = _of_one_city([0.9, 0.5, 0.4, 0.3])
    assert select_statements(ranking(found), SETTINGS) == found[:MIN_STATEMENTS]


def test_select_stops_at_the_margin():
    """From the fourth on, a statement must stay within the margin of the best."""
    # The margin ends at .90 - .05 = .85.
    found = _of_one_city([0.90, 0.89, 0.88, 0.86, 0.84])
    assert select_statements(ranking(found), PLAIN) == found[:4]


def test_select_takes_at_most_eight():
    """However many are equally good, eight are enough."""
    found = _of_one_city([0.9] * 9)
    assert select_statements(ranking(found), PLAIN) == found[:8]


def test_select_when_a_statement_repeats_another():
    """A statement that shares seven tenths of its words with a better one is left."""
    found = [
        scored("exampleton/zoo", 0.9, "ant bee cat dog eel fox gnu hen"),
        scored("sampleby/zoo", 0.89, "ant bee cat dog eel fox gnu"),  # 7 of 8
        scored("sampleby/zoo", 0.88, "ant bee cat dog", number=2),  # 4 of 8
        scored("sampleby/zoo", 0.87, "yak", number=3),
    ]
    chosen = select_statements(ranking(found), PLAIN)
    assert chosen == [found[0], found[2], found[3]]


def _with_a_second_city():
    """Return three statements of Exampleton and, second by score, one of Sampleby."""
    found = _of_one_city([0.90, 0.89, 0.87])
    return [*found[:2], scored("sampleby/zoo", 0.885, "yak"), *found[2:]]


def test_select_when_several_cities_are_asked_about():
    """A city that is not yet heard comes before a further statement of another."""
    asked = ranking(_with_a_second_city(), question="which cities keep a zoo?")
    # With the penalty, .89 - .01 = .88 stands behind Sampleby's .885.
    assert _texts(select_statements(asked, SETTINGS)) == [
        "ant house",
        "yak",
        "bee house",
        "cat house",
    ]


@pytest.mark.parametrize("named", [[], ["exampleton"]], ids=["no city", "one city"])
def test_select_when_nothing_is_compared(named):
    """A question that compares no cities is answered by score alone."""
    found = _with_a_second_city()
    asked = ranking(found, question="who feeds the hen?", named_cities=named)
    assert select_statements(asked, SETTINGS) == found


def test_select_when_two_cities_are_named():
    """A question about two cities hears both before it hears one twice."""
    asked = ranking(_with_a_second_city(), named_cities=["exampleton", "sampleby"])
    assert _texts(select_statements(asked, SETTINGS))[1] == "yak"


def test_select_when_a_weak_statement_of_another_city_comes_first():
    """One beyond the margin does not keep others within it out of the answer."""
    # After four of Exampleton, .96 - .04 = .92 stands behind Sampleby's .94, which is
    # beyond the margin (1.00 - .05 = .95); .96 itself is within it.
    found = [
        *_of_one_city([1.00, 0.99, 0.98, 0.97, 0.96]),
        scored("sampleby/zoo", 0.94, "yak"),
    ]
    asked = ranking(found, question="which cities keep a zoo?")
    assert select_statements(asked, SETTINGS) == found[:5]


def test_select_when_scores_are_equal():
    """Equal scores are taken in the order of the ranking, which is that of the ids."""
    found = _of_one_city([0.9, 0.9, 0.9])
    assert select_statements(ranking(found), SETTINGS) == found


def test_select_looks_at_a_limited_number():
    """Only the first sixty of a ranking can enter an answer."""
    repeated = [
        scored("exampleton/zoo", 0.9, "ant", number=number)
        for number in range(CANDIDATES)
    ]
    found = [*repeated, scored("sampleby/zoo", 0.9, "yak")]
    assert select_statements(ranking(found), PLAIN) == [repeated[0]]


def test_select_leaves_the_ranking_alone():
    """Choosing takes nothing away from the ranking itself."""
    asked = ranking(_of_one_city([0.9, 0.8, 0.7, 0.6]))
    select_statements(asked, SETTINGS)
    assert len(asked.statements) == 4


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([], []),
        (["a/one", "b/two", "a/one"], [0, 2, 1]),
        (["a/one", "a/two", "a/one"], [0, 2, 1]),
        (["b/two", "a/one", "b/three", "a/one", "b/two"], [0, 4, 2, 1, 3]),
    ],
    ids=["nothing", "by city", "by case", "best city and case first"],
)
def test_reading_order_of_cities_and_cases(chosen, expected):
    """Statements are grouped by city, then by case, in the order of the best one."""
    items = [
        scored(case_id, 1 - number / 10, f"text {number}", number=number)
        for number, case_id in enumerate(chosen)
    ]
    assert reading_order(items) == [items[position] for position in expected]


def test_reading_order_inside_a_section():
    """Statements of one section stand as in the case, whatever their scores."""
    best = scored("exampleton/zoo", 0.9, "Then it grew.", start=40)
    second = scored("exampleton/zoo", 0.8, "It began.", start=0, number=2)
    assert reading_order([best, second]) == [second, best]


def test_reading_order_of_sections():
    """The section with the best statement comes first, even if it is the later one."""
    results = scored("exampleton/zoo", 0.9, "It grew.", start=0)
    costs = replace(
        results, statement=statement("exampleton/zoo#costs.1", "It cost much.")
    )
    later = scored("exampleton/zoo", 0.7, "It shrank.", start=20, number=3)
    assert reading_order([results, costs, later]) == [results, later, costs]
