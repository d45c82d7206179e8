"""Lexical search and coverage: the only module that imports bm25s."""

from __future__ import annotations

import logging
from collections.abc import Sequence
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
            return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False))
        except (OSError, ValueError, KeyError, EOFError) as exc:
            raise IndexDamagedError(
                f"the lexical index cannot be read ({exc}).",
                "Run `mentorkb ingest` to build the index again.",
            ) from exc

    def coverage(self, query: str) -> NDArray[np.float32]:
        """Return, for each text, how much of the query its words cover, 0 to 1.

        Coverage is the BM25 score divided by the sum over the query's words of the
        highest score that the word could give. It stays near 0 when the words do not
        match, for example in a question asked in another language, and grows when a
        name matches. A query without any word gives zeros.

        Returns:
            (n_texts,) float32.
        """
        query_terms = sorted(set(terms(query)))
        bound = sum(
            self._upper_bounds.get(term, self._unseen_bound) for term in query_terms
        )
        seen = [term for term in query_terms if term in self._upper_bounds]
        if not seen:
            return np.zeros(self.n_texts, dtype=np.float32)
        scores = np.asarray(self._bm25.get_scores(seen), dtype=np.float32)
        return scores / np.float32(bound)


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
