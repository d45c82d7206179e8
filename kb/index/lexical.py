"""Lexical search and coverage: the only module that imports bm25s."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.errors import IndexDamagedError
from kb.words import words

if TYPE_CHECKING:
    from bm25s import BM25
    from numpy.typing import NDArray

_K1 = 1.2
_B = 0.75
_STRAY = 0.1
"""What a word counts that neither glossary nor corpus knows, in parts of the weight of
an unseen word: in other languages than English most of them only ask."""
_STEEPNESS = 3


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a query asks for, in the words that a text may have for it."""

    alternatives: tuple[tuple[str, ...], ...]
    """Ways to say it; each is one or more index terms, which a text must all hold."""
    counts_when_unknown: bool = True
    """Whether it weighs against every text when no text of the index knows it."""


class LexicalIndex:
    """BM25 over texts, as a share of the best score that a query could reach."""

    def __init__(self, bm25: BM25) -> None:
        """Wrap a filled index."""
        self._bm25 = bm25
        self._upper_bounds = _upper_bounds(bm25)
        n_texts = int(bm25.scores["num_docs"])
        # A word that no text holds could have weighed as much as the rarest word.
        self._unseen_bound = float(np.log(1 + (n_texts + 0.5) / 0.5))
        self.n_texts = n_texts

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index texts; their position is their id.

        Source: BM25 as in Lucene (bm25s, Lù 2024), English stemming and stop words,
        because the corpus is written in English.
        """
        import bm25s

        # It logs every step at DEBUG and sets its own level to let that through.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        bm25 = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        bm25.index(
            [terms(text) for text in texts],
            create_empty_token=False,
            show_progress=False,
        )
        return cls(bm25)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        self._bm25.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read an index that `save` wrote.

        Raises:
            IndexDamagedError: A file is missing or unreadable.
        """
        import bm25s

        try:
            # Whole: a mapped file that is cut later would end the process.
            return cls(bm25s.BM25.load(str(folder), mmap=False, show_progress=False))
        except (OSError, ValueError, KeyError, EOFError) as exc:
            raise IndexDamagedError(
                f"the lexical index cannot be read ({exc}).",
                "Run `mentorkb ingest` to build the index again.",
            ) from exc

    def coverage(self, concepts: Sequence[Concept]) -> NDArray[np.float32]:
        """Return, for each text, how much of a query its words cover, 0 to 1.

        Coverage is the BM25 score divided by the highest score that the query could
        reach; a concept scores as its best alternative. It stays near 0 when the words
        do not match and grows when a name matches. A query without any known concept
        gives zeros.

        The share says little where the texts know little of the query: the one word of
        a foreign question that they know by chance would be covered wholly. So it is
        damped by m³ / (1 + m³), where m is what they know of it, in weights of a word
        as rare as can be.

        Returns:
            (n_texts,) float32.
        """
        total = np.zeros(self.n_texts, dtype=np.float32)
        known = bound = 0.0
        for concept in concepts:
            best, weight = self._score(concept)
            total += best
            known += weight if best.any() else 0.0
            bound += weight or _STRAY * self._unseen_bound
        if not known:
            return total
        evidence = (known / self._unseen_bound) ** _STEEPNESS
        return total * np.float32(evidence / (1 + evidence) / bound)

    def _score(self, concept: Concept) -> tuple[NDArray[np.float32], float]:
        """Return a concept's score for each text, and the most it could be."""
        best = np.zeros(self.n_texts, dtype=np.float32)
        bound = 0.0
        for alternative in concept.alternatives:
            if not all(term in self._upper_bounds for term in alternative):
                continue
            postings = [self._postings(term) for term in alternative]
            rows, scores = postings[0]
            for more_rows, more_scores in postings[1:]:
                rows, here, there = np.intersect1d(
                    rows, more_rows, assume_unique=True, return_indices=True
                )
                scores = scores[here] + more_scores[there]
            best[rows] = np.maximum(best[rows], scores)
            bound = max(bound, sum(self._upper_bounds[term] for term in alternative))
        if not bound and concept.counts_when_unknown:
            bound = self._unseen_bound
        return best, bound

    def _postings(self, term: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the positions of the texts that hold a term, and its scores there."""
        scores = self._bm25.scores
        column = self._bm25.vocab_dict[term]
        start, end = int(scores["indptr"][column]), int(scores["indptr"][column + 1])
        return np.asarray(scores["indices"][start:end]), np.asarray(
            scores["data"][start:end]
        )


def terms(text: str) -> list[str]:
    """Return a text's index terms: folded, without English stop words, stemmed."""
    import Stemmer

    # A stemmer object must not be shared between threads, and making one is cheap.
    stem = Stemmer.Stemmer("english").stemWord
    stop_words = _stop_words()
    return [
        stem(word)
        for word in words(text)
        if word not in stop_words and (len(word) > 1 or word.isdigit())
    ]


@cache
def _stop_words() -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_EN_PLUS

    return frozenset(STOPWORDS_EN_PLUS)


def _upper_bounds(bm25: BM25) -> dict[str, float]:
    """Return the highest score that each indexed term gives to any text."""
    data = np.asarray(bm25.scores["data"])
    indptr = np.asarray(bm25.scores["indptr"])
    bounds: dict[str, float] = {}
    for term, column in bm25.vocab_dict.items():
        start, end = int(indptr[column]), int(indptr[column + 1])
        if end > start:
            bounds[term] = float(data[start:end].max())
    return bounds
