"""The choice of the few statements that answer best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kb.index.lexical import terms
from kb.question.comparing import asks_for_comparison
from kb.search import Ranking, ScoredStatement
from kb.settings import Settings

MIN_STATEMENTS = 3
MAX_STATEMENTS = 8
CANDIDATES = 60
# Two statements that share this part of their words say the same thing. Vectors do not
# tell: the shared context draws all statements of one section together.
_SAME = 0.7


def select_statements(ranking: Ranking, settings: Settings) -> list[ScoredStatement]:
    """Choose 3 to 8 statements from a ranking, without repetition, best first.

    A statement is chosen while its score stays within the answer margin of the best
    one. When the question asks about several cities, each further statement of a city
    pays a small penalty, so that more cities are heard (maximal marginal relevance,
    Carbonell and Goldstein, 1998, with the city as what repeats).

    Args:
        ranking: What the question found.
        settings: Holds margin and penalty.
    """
    candidates = list(ranking.statements[:CANDIDATES])
    if not candidates:
        return []
    comparing = asks_for_comparison(ranking.query.text, ranking.named_cities)
    penalty = settings.city_penalty if comparing else 0.0
    least = candidates[0].score - settings.answer_margin
    chosen: list[ScoredStatement] = []
    per_city: Counter[str] = Counter()
    while candidates and len(chosen) < MAX_STATEMENTS:
        best = max(
            candidates,
            key=lambda item: item.score - penalty * per_city[item.statement.city],
        )
        candidates.remove(best)
        if len(chosen) >= MIN_STATEMENTS and best.score < least:
            continue  # a better one may still wait behind its city's penalty
        if repeats(best, chosen):
            continue
        chosen.append(best)
        per_city[best.statement.city] += 1
    return chosen


def reading_order(chosen: Sequence[ScoredStatement]) -> list[ScoredStatement]:
    """Order chosen statements for reading.

    Cities, their cases and the cases' sections follow their best statement; inside a
    section statements stand as in the case.

    Args:
        chosen: Best first.
    """
    first: dict[str, int] = {}
    for position, item in enumerate(chosen):
        for group in _groups(item):
            first.setdefault(group, position)
    return sorted(
        chosen,
        key=lambda item: (
            *(first[group] for group in _groups(item)),
            item.statement.start,
        ),
    )


def _groups(item: ScoredStatement) -> tuple[str, str, str]:
    """Return names for the city, case and passage that a statement stands in."""
    statement = item.statement
    return (
        f"city {item.statement.city}",
        f"case {statement.case_id}",
        statement.passage_id,
    )


def repeats(item: ScoredStatement, chosen: Sequence[ScoredStatement]) -> bool:
    """Say whether a statement says in nearly the same words what is chosen already."""
    own = set(terms(item.statement.text))
    return any(
        _overlap(own, set(terms(other.statement.text))) >= _SAME for other in chosen
    )


def _overlap(left: set[str], right: set[str]) -> float:
    """Return the Jaccard similarity of two sets; 1 for two empty ones."""
    union = left | right
    return len(left & right) / len(union) if union else 1.0
