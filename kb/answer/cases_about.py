"""Which cases are about a question as a whole, by likeness alone."""

from __future__ import annotations

from collections.abc import Collection

from kb.search import Ranking
from kb.settings import Settings
from kb.types import city_of

# A case is about the question when its best statement stands at least this high on a
# scale from 0, what the question is like everyday topics, to 1, the best statement of
# all cities, compared or not. Chosen on the development questions that name no city
# (244 questions, 75 needs): 72% of the columns shown hold a case that answers and 83%
# one that answers or helps; 88% of the cities with a case that answers are shown. Test
# questions (252, 96 needs): 61%, 76% and 76%. At .85 instead of .88, a fixed distance
# to the best statement has a precision of .66 instead of .76, a regression over seven
# signals of .71.
_ABOUT = 0.78
# Similarities of any two texts are high, so that 0 is a bit lower than it seems.
_EVERYDAY = 0.95
# Further cases of a city count only this near to its best one: 82% of these answer or
# help, but 38% of all further ones that stand high enough.
_NEARLY_AS_NEAR = 0.95


# Of a city that is named, all cases are wanted. Of 16 questions like those of
# `broad-dev`, read one by one, .7 keeps the cases on the topic and few others.
_ABOUT_IN = 0.7
# Of several cities none is to be called silent that has a case that may be on it.
_ABOUT_IN_SEVERAL = 0.6


def cases_about(ranking: Ranking, settings: Settings) -> list[str]:
    """Return the ids of the cases that are about a question, best first.

    Args:
        ranking: What the question found in all cities, none of them favoured.
        settings: The weights that the scores were made with.
    """
    zero = _everyday(ranking, settings)
    best = best_scores(ranking)
    height = max(best.values(), default=zero) - zero
    best_of: dict[str, float] = {}
    about = []
    for case_id, score in best.items():
        of_city = best_of.setdefault(city_of(case_id), score)
        least = max(height * _ABOUT, (of_city - zero) * _NEARLY_AS_NEAR)
        if score - zero >= least > 0:
            about.append(case_id)
    return about


def cases_about_in(
    cities: Collection[str], ranking: Ranking, settings: Settings
) -> list[str]:
    """Return the ids of all cases of some cities that are about a question, best first.

    They are measured by the best case of all cities, so that a city without a case on
    the question has none.

    Args:
        cities: Slugs.
        ranking: Of the question without the cities' names: with them, whatever a city
            has is near.
        settings: The weights that the scores were made with.
    """
    zero = _everyday(ranking, settings)
    best = best_scores(ranking)
    height = max(best.values(), default=zero) - zero
    share = _ABOUT_IN if len(cities) == 1 else _ABOUT_IN_SEVERAL
    return [
        case_id
        for case_id, score in best.items()
        if city_of(case_id) in cities and score - zero >= height * share > 0
    ]


def _everyday(ranking: Ranking, settings: Settings) -> float:
    """Return the score of what is like the question as everyday topics are."""
    weights = settings.context_weight + settings.bare_weight + settings.case_weight
    return _EVERYDAY * weights * ranking.everyday_similarity


def best_scores(ranking: Ranking) -> dict[str, float]:
    """Return the score of each case's best statement, best first."""
    best: dict[str, float] = {}
    for item in ranking.statements:
        best.setdefault(item.statement.case_id, item.score)
    return best
