"""Statements that stand in more than one case, word for word or nearly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.check.statements import PlacedStatement
from kb.errors import shown
from kb.types import Problem
from kb.words import words

# Shorter ones are captions and running headers of reports, not statements.
_MIN_WORDS = 6
# Share of common words (Jaccard). On the shipped corpus the pairs of different cases
# above 0.5 are all repetitions; with 0.6 one altered word in ten is still found.
_NEAR = 0.6
# The signatures' own threshold lies lower, so that none above _NEAR is missed.
_CANDIDATE = 0.5
_SIGNATURE = 128
# A false alarm costs one exact comparison, a miss is never found.
_MISSES_OVER_FALSE_ALARMS = (0.2, 0.8)


def repeated_statements(statements: Iterable[PlacedStatement]) -> Iterator[Problem]:
    """Yield each statement that another case has made before, once.

    Capitals, accents, punctuation and (for near repetitions) the order of words do not
    matter. Repetition inside one file is not reported here.

    Source: MinHash signatures with locality-sensitive hashing (Broder, 1997; Leskovec,
    Rajaraman and Ullman, Mining of Massive Datasets, chapter 3), as in ``datasketch``,
    then the exact Jaccard similarity of the sets of words.
    """
    firsts: dict[tuple[str, ...], PlacedStatement] = {}
    for statement in statements:
        key = tuple(words(statement.text))
        if len(key) < _MIN_WORDS:
            continue
        first = firsts.setdefault(key, statement)
        if first.path != statement.path:
            yield statement.problem(
                "duplicate-statement",
                "warning",
                f"the statement {shown(statement.text)} stands also in {first.place}.",
                "Keep it in the case that it belongs to, and remove the other.",
                first.path,
            )
    yield from _near_repetitions(
        [(frozenset(key), first) for key, first in firsts.items()]
    )


def _near_repetitions(
    statements: list[tuple[frozenset[str], PlacedStatement]],
) -> Iterator[Problem]:
    from datasketch import MinHash, MinHashLSH  # it loads scipy

    near = MinHashLSH(
        threshold=_CANDIDATE, num_perm=_SIGNATURE, weights=_MISSES_OVER_FALSE_ALARMS
    )
    signatures = MinHash.generator(
        ([word.encode() for word in sorted(found)] for found, _ in statements),
        num_perm=_SIGNATURE,
    )
    for index, signature in enumerate(signatures):
        found, statement = statements[index]
        earlier = _nearest(found, statements, sorted(near.query(signature)))
        if earlier is None:
            near.insert(index, signature)
        elif earlier.path != statement.path:
            # It is not inserted: the first of its kind stands for all of them, so that
            # a thousand variants of one sentence take a thousand steps, not a million.
            yield statement.problem(
                "near-duplicate-statement",
                "hint",
                f"the statement {shown(statement.text)} says nearly the same as "
                f"{earlier.place}: {shown(earlier.text)}.",
                "Compare the two: keep one, or make clear how they differ.",
                earlier.path,
            )


def _nearest(
    found: frozenset[str],
    statements: list[tuple[frozenset[str], PlacedStatement]],
    candidates: list[int],
) -> PlacedStatement | None:
    """Return the candidate that shares most words, the first of equals, if enough."""

    def share(index: int) -> float:
        other, _ = statements[index]
        return len(found & other) / len(found | other)

    best = max(candidates, key=share, default=None)
    return None if best is None or share(best) < _NEAR else statements[best][1]
