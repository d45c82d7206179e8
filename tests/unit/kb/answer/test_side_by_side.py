"""A comparison's rules: what can be compared, which cases count, what a cell holds."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from kb.answer.cases_about import cases_about, cases_about_in
from kb.answer.side_by_side import check_comparison, row_by_row
from kb.errors import QueryError
from kb.sections import STATED
from kb.settings import Settings
from kb.types import Query
from tests.support.made_up import city, ranking, scored

# Weights that add up to 1, so that a score of .95 is what everyday topics reach.
SETTINGS = Settings(context_weight=0.5, bare_weight=0.2, case_weight=0.3)
NAMES = ("Exampleton", "Sampleby", "Mockton", "Fakestad", "Dummyville")
CATALOGUE: Any = SimpleNamespace(
    cities={c.slug: c for c in map(city, NAMES)}, themes={"financing": None}
)


@pytest.mark.parametrize("n", [2, 4])
def test_check_when_two_to_four_cities_are_chosen(n):
    """Two to four cities can be compared."""
    check_comparison(Query("bonds", tuple(CATALOGUE.cities)[:n]), CATALOGUE)


@pytest.mark.parametrize(
    ("cities", "count"),
    [
        ((), "cities is 0"),
        (("mockton",), "cities is 1"),
        (("mockton", "mockton"), "cities is 1"),
        (tuple(CATALOGUE.cities), "cities is 5"),
    ],
    ids=["none", "one", "one twice", "five"],
)
def test_check_when_the_number_of_cities_is_wrong(cities, count):
    """Fewer or more are refused with the number, the limits and the choice."""
    with pytest.raises(QueryError, match=rf"{count}.*two to four of exampleton, "):
        check_comparison(Query("bonds", cities), CATALOGUE)


@pytest.mark.parametrize("text", ["Mockton", "Mockton, Sampleby?"])
def test_check_when_the_question_names_only_cities(text):
    """Names of cities alone say nothing that could be compared."""
    with pytest.raises(
        QueryError, match=r"'Mockton.*nothing but cities.*Say"
    ) as raised:
        check_comparison(Query(text, ("mockton", "sampleby")), CATALOGUE)
    assert raised.value.fault == "only-cities"


def test_check_refuses_what_cannot_be_searched():
    """The rules for every question hold here as well."""
    with pytest.raises(QueryError, match=r"no city 'nowhere'.*exampleton"):
        check_comparison(Query("bonds", ("mockton", "nowhere")), CATALOGUE)


def _about(*scores, everyday=0.0):
    """Return the cases about a question, from pairs of case id and best score."""
    found = [scored(case_id, score, "It is.") for case_id, score in scores]
    return cases_about(ranking(found, everyday_similarity=everyday), SETTINGS)


def test_cases_about_when_a_city_stays_behind():
    """A case counts from .78 of the best score on."""
    found = _about(("mockton/a", 1.0), ("sampleby/b", 0.781), ("fakestad/c", 0.779))
    assert found == ["mockton/a", "sampleby/b"]


def test_cases_about_counts_from_what_everyday_topics_reach():
    """Only the height above everyday topics counts: all texts are somewhat similar."""
    # Zero is .95 x .8 = .76, so that .92 reaches (.92 - .76) / (1 - .76) = .67 only.
    found = _about(("mockton/a", 1.0), ("sampleby/b", 0.92), everyday=0.8)
    assert found == ["mockton/a"]


def test_cases_about_takes_a_second_case_of_a_city_when_it_is_as_near():
    """A further case of a city must come within a twentieth of the city's best."""
    found = _about(
        ("mockton/a", 1.0),
        ("mockton/b", 0.96),
        ("mockton/c", 0.94),
        ("sampleby/d", 0.9),
        ("sampleby/e", 0.86),
        ("sampleby/f", 0.85),
    )
    assert found == ["mockton/a", "mockton/b", "sampleby/d", "sampleby/e"]


def test_cases_about_in_a_city_go_by_the_best_of_all():
    """Of a named city all cases count from .7 of the best score of any city on."""
    found = ranking(
        [
            scored("mockton/a", 1.0, "It is."),
            scored("sampleby/b", 0.9, "It is."),
            scored("sampleby/c", 0.71, "It is."),
            scored("sampleby/d", 0.69, "It is."),
        ],
        everyday_similarity=0.0,
    )
    assert cases_about_in(["sampleby"], found, SETTINGS) == ["sampleby/b", "sampleby/c"]
    assert cases_about_in(["fakestad"], found, SETTINGS) == []


def test_cases_about_in_several_cities_need_less():
    """Of several named cities none is silent that has a case that may be on it."""
    found = ranking(
        [
            scored("mockton/a", 1.0, "It is."),
            scored("sampleby/b", 0.61, "It is."),
            scored("sampleby/c", 0.59, "It is."),
        ],
        everyday_similarity=0.0,
    )
    cities = ["mockton", "sampleby"]
    about = cases_about_in(cities, found, SETTINGS)
    assert about == ["mockton/a", "sampleby/b"]


@pytest.mark.parametrize(
    ("scores", "everyday"),
    [([], 0.8), ([("mockton/a", 0.7)], 0.8)],
    ids=["nothing", "not above everyday topics"],
)
def test_cases_about_when_there_are_none(scores, everyday):
    """Without a statement nearer than everyday topics no case counts."""
    assert _about(*scores, everyday=everyday) == []


def _stated(case_id, score, text, section, *, start=0):
    item = scored(case_id, score, text, start=start)
    return replace(item, statement=replace(item.statement, section=section))


def _places(found, *cities):
    return [
        (item.statement.case_id, item.statement.section, item.statement.text)
        for item in row_by_row(found, cities)
    ]


def test_row_by_row_orders_rows_before_cities():
    """The table is read row by row, in each row city by city, as they were chosen."""
    found = [
        _stated("mockton/a", 0.9, "ant", "Results"),
        _stated("sampleby/b", 0.8, "bee", "What was done"),
        _stated("mockton/a", 0.7, "cat", "What was done"),
    ]
    assert _places(found, "sampleby", "mockton") == [
        ("sampleby/b", "What was done", "bee"),
        ("mockton/a", "What was done", "cat"),
        ("mockton/a", "Results", "ant"),
    ]


def test_row_by_row_takes_the_best_three_in_reading_order():
    """A cell holds the three best statements, as they stand in the case."""
    texts = ["ant", "bee", "cat", "dog"]
    found = [
        _stated("mockton/a", 1 - n / 10, text, "Costs", start=10 - n)
        for n, text in enumerate(texts)
    ]
    assert [text for _, _, text in _places(found, "mockton")] == ["cat", "bee", "ant"]


def test_row_by_row_counts_a_subsection_with_its_section():
    """What stands under a sub-heading belongs to the row of the heading."""
    found = [
        _stated("mockton/a", 0.9, "ant", "Costs › Running costs"),
        _stated("mockton/a", 0.8, "bee", "What was done"),
    ]
    assert [text for _, _, text in _places(found, "mockton")] == ["bee", "ant"]


def test_row_by_row_puts_headings_of_reports_last():
    """Statements under other headings are not lost: they have a row of their own."""
    found = [
        _stated("mockton/a", 0.9, "ant", "Foreword"),
        _stated("mockton/a", 0.8, "bee", STATED[-1]),
    ]
    assert [text for _, _, text in _places(found, "mockton")] == ["bee", "ant"]


def test_row_by_row_does_not_repeat_itself():
    """In one cell, what is said in nearly the same words comes once."""
    found = [
        _stated("mockton/a", 0.9, "ant bee cat dog eel fox gnu hen", "Costs"),
        _stated("mockton/b", 0.8, "ant bee cat dog eel fox gnu", "Costs"),
        _stated("mockton/b", 0.7, "ant bee cat dog eel fox gnu", "Results"),
    ]
    assert [(case, section) for case, section, _ in _places(found, "mockton")] == [
        ("mockton/a", "Costs"),
        ("mockton/b", "Results"),
    ]


def test_row_by_row_when_nothing_was_found():
    """Without statements there is nothing to order."""
    assert _places([], "mockton", "sampleby") == []
