"""Why a question found a statement: the words and similarities behind its score."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kb.index.lexical import Concept, terms
from kb.search import Ranking, ScoredStatement
from kb.types import Case, Why

_WORD = re.compile(r"\w+")
_DIGITS = 4


def why_found(item: ScoredStatement, case: Case, ranking: Ranking) -> Why:
    """Return why a question found a statement; nothing is searched or embedded again.

    Args:
        item: The statement with its score.
        case: Its case.
        ranking: What the question found.
    """
    statement = item.statement
    return Why(
        words=matched_words(
            (statement.text, statement.section, case.title), ranking.concepts
        ),
        similarity=round(item.similarity, _DIGITS),
        bare_similarity=round(item.bare_similarity, _DIGITS),
        case_similarity=round(item.case_similarity, _DIGITS),
        coverage=round(item.coverage, _DIGITS),
        names_city=case.city in ranking.named_cities,
        question_language=ranking.language,
    )


def matched_words(texts: Iterable[str], concepts: Iterable[Concept]) -> tuple[str, ...]:
    """Return the words of texts that say what is asked for, as they are written.

    A way to say it counts when all its words stand in the texts. Words of one stem come
    once, as written first, in the order of the texts; without any the result is empty.

    Args:
        texts: What belongs together, for example a statement and its case's title.
        concepts: What the question asks for, in the words of the corpus.
    """
    found = [(word, _terms(word)) for text in texts for word in _words(text)]
    present = {term for _, own in found for term in own}
    wanted = {
        term
        for concept in concepts
        for alternative in concept.alternatives
        if present.issuperset(alternative)
        for term in alternative
    }
    matched: dict[frozenset[str], str] = {}
    for word, own in found:
        if wanted & own:
            matched.setdefault(own, word)
    return tuple(matched.values())


def said_in(question: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return those of some words that a question says itself, in their order.

    Another form of a word (``pipes``) counts as the word; a translation does not.

    Args:
        question: The question, in any language.
        words: Words of the corpus, for example `Why.words`.
    """
    asked = set(terms(question))
    return tuple(word for word in words if asked & _terms(word))


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text as they are written; accents stay with their letter."""
    yield from _WORD.findall(unicodedata.normalize("NFC", text))


@lru_cache(maxsize=20_000)
def _terms(word: str) -> frozenset[str]:
    """Return a word's index terms; kept, because stemming takes most of the time."""
    return frozenset(terms(word))
