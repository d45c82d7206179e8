"""One generation of the index, open for reading: its parts, and that they fit together.

Where generations live, and how one is published, is the business of `kb.storage`.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import IndexDamagedError
from kb.index.catalogue import Catalogue
from kb.index.lexical import LexicalIndex
from kb.index.manifest import REBUILD, Manifest
from kb.index.vectors import (
    BARE_STATEMENTS,
    CASES,
    OPEN_QUESTIONS,
    STATEMENTS,
    VectorStore,
)

CATALOGUE = "catalogue.sqlite"
LEXICAL = "lexical"
LEXICAL_CASES = "lexical-cases"
FILES = (CATALOGUE, LEXICAL, LEXICAL_CASES)
"""What a generation holds beside its vectors and its manifest."""


@dataclass(frozen=True)
class Generation:
    """One published index, open for reading."""

    manifest: Manifest
    catalogue: Catalogue
    lexical: LexicalIndex
    """Of statements in their context, at their positions in the catalogue."""
    lexical_cases: LexicalIndex
    """Of whole cases, in the order of their ids."""
    store: VectorStore
    held: ExitStack = field(default_factory=ExitStack)
    """What is released with it: a lock, temporary copies of its files."""

    def close(self) -> None:
        """Release the files."""
        self.catalogue.close()
        self.store.close()
        self.held.close()


def open_parts(
    manifest: Manifest, folder: Path, store: VectorStore, held: ExitStack
) -> Generation:
    """Open a generation's files and compare them, and its vectors, with its manifest.

    When that fails, the store and what is held are released.

    Args:
        manifest: What it should be.
        folder: Where its `FILES` lie.
        store: Its vectors.
        held: What to release with the generation.

    Raises:
        IndexDamagedError: A part is missing or holds another number of records.
    """
    with ExitStack() as undo:
        undo.callback(held.close)
        undo.callback(store.close)
        catalogue = Catalogue(folder / CATALOGUE)
        undo.callback(catalogue.close)
        generation = Generation(
            manifest,
            catalogue,
            LexicalIndex.load(folder / LEXICAL),
            LexicalIndex.load(folder / LEXICAL_CASES),
            store,
            held,
        )
        _compare_counts(generation)
        undo.pop_all()
    return generation


def _compare_counts(generation: Generation) -> None:
    counts = generation.manifest.counts
    expected = {
        "statements in the catalogue": counts.statements,
        "statements in the lexical index": counts.statements,
        "cases in the lexical index": counts.cases,
        "statement vectors": counts.statements,
        "bare statement vectors": counts.statements,
        "case vectors": counts.cases,
        "open-question vectors": counts.open_questions,
    }
    store = generation.store
    found = {
        "statements in the catalogue": generation.catalogue.count("statements"),
        "statements in the lexical index": generation.lexical.n_texts,
        "cases in the lexical index": generation.lexical_cases.n_texts,
        "statement vectors": store.count(STATEMENTS),
        "bare statement vectors": store.count(BARE_STATEMENTS),
        "case vectors": store.count(CASES),
        "open-question vectors": store.count(OPEN_QUESTIONS),
    }
    wrong = [
        f"{found[name]} {name} instead of {n}"
        for name, n in expected.items()
        if found[name] != n
    ]
    if wrong:
        raise IndexDamagedError(
            f"the index holds {', '.join(wrong)}.",
            REBUILD,
            path=generation.manifest.generation,
        )
