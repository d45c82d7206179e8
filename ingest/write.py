"""A generation's parts on disk: vectors, lexical index, catalogue; and their probe."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.progress import Progress
from ingest.registry import Registry
from kb.context import case_text, open_question_text, statement_text
from kb.errors import IndexDamagedError
from kb.index.catalogue import TextRecord
from kb.index.catalogue_writing import write_catalogue
from kb.index.generation import CATALOGUE, LEXICAL, LEXICAL_CASES, Generation
from kb.index.lexical import LexicalIndex
from kb.index.vectors import (
    BARE_STATEMENTS,
    CASES,
    EVERYDAY_TOPICS,
    OPEN_QUESTIONS,
    STATEMENTS,
    MetadataValue,
)
from kb.storage import GenerationDraft
from kb.types import Case, City, Statement, case_id_of
from kb.words import words

if TYPE_CHECKING:
    from ingest.documents import Units

_EVERYDAY_TOPICS_FILE = Path(__file__).with_name("everyday_topics.txt")
_PROBES = 5
Embed = Callable[[Sequence[str], Callable[[int], None]], NDArray[np.float32]]


@dataclass(frozen=True)
class Contents:
    """What one generation holds."""

    registry: Registry
    """The cities and themes of the corpus."""
    units: Units
    """What it was split into."""
    files: Mapping[str, str]
    """Digest of each file that they were read from, by its path."""
    texts: Mapping[str, TextRecord]
    """What is remembered of the text of each, by the same."""


def write_parts(
    draft: GenerationDraft,
    contents: Contents,
    embed: Embed,
    progress: Progress,
) -> int:
    """Write everything but the manifest of a generation.

    Args:
        draft: Where to.
        contents: What it holds.
        embed: Returns the vectors of texts; it calls its second argument with the
            number of texts that were just finished.
        progress: Told how far it is.

    Returns:
        How many texts it has.
    """
    units = contents.units
    collections = _collections(contents.registry, units)
    texts = [text for records in collections.values() for text in records.texts]
    progress.start("Computing vectors", len(texts))
    vectors = embed(texts, progress.advance)

    ends = np.cumsum([len(records.ids) for records in collections.values()])
    vectors_of = dict(zip(collections, np.split(vectors, ends[:-1]), strict=True))
    vectors_of[CASES] = _whole_case_vectors(
        vectors_of[CASES], vectors_of[BARE_STATEMENTS], units
    )

    progress.start("Writing the index", len(texts))
    for name, records in collections.items():
        draft.store.write(
            name, records.ids, vectors_of[name], records.metadatas, progress.advance
        )
    statements = collections[STATEMENTS].texts
    LexicalIndex.build(statements).save(draft.folder / LEXICAL)
    LexicalIndex.build(_whole_cases(units)).save(draft.folder / LEXICAL_CASES)
    _write_catalogue(draft.folder / CATALOGUE, contents)
    return len(texts)


def texts_by_case(contents: Contents) -> dict[str, list[str]]:
    """Return every text whose vector a generation holds, by the id of its case.

    Those that belong to no case have the empty id.
    """
    found: dict[str, list[str]] = {}
    for name, records in _collections(contents.registry, contents.units).items():
        for unit_id, text in zip(records.ids, records.texts, strict=True):
            case_id = "" if name == EVERYDAY_TOPICS else case_id_of(unit_id)
            found.setdefault(case_id, []).append(text)
    return found


@dataclass(frozen=True)
class _Records:
    """What one collection will hold: ids, texts and metadata of the same length."""

    ids: list[str]
    texts: list[str]
    metadatas: list[dict[str, MetadataValue]]


def _collections(registry: Registry, units: Units) -> dict[str, _Records]:
    cities = registry.cities
    cases = {case.case_id: case for case in units.cases}
    tags: dict[str, dict[str, MetadataValue]] = {
        case.case_id: {"city": case.city, "themes": list(case.themes)}
        for case in units.cases
    }

    def place(case_id: str) -> tuple[Case, City]:
        return cases[case_id], cities[cases[case_id].city]

    statements, questions = units.statements, units.open_questions
    topics = everyday_topics()
    return {
        STATEMENTS: _Records(
            [s.statement_id for s in statements],
            [statement_text(s, *place(s.case_id)) for s in statements],
            [tags[s.case_id] for s in statements],
        ),
        BARE_STATEMENTS: _Records(
            [s.statement_id for s in statements],
            [s.text for s in statements],
            [tags[s.case_id] for s in statements],
        ),
        CASES: _Records(
            list(cases),
            [case_text(*place(case_id)) for case_id in cases],
            [tags[case_id] for case_id in cases],
        ),
        OPEN_QUESTIONS: _Records(
            [q.question_id for q in questions],
            [open_question_text(q, *place(q.case_id)) for q in questions],
            [tags[q.case_id] for q in questions],
        ),
        EVERYDAY_TOPICS: _Records(
            topics, topics, [{"topic": topic} for topic in topics]
        ),
    }


def _whole_case_vectors(
    named: NDArray[np.float32], said: NDArray[np.float32], units: Units
) -> NDArray[np.float32]:
    """Return a vector for each case: what title and summary name, and what it says.

    A title and a summary can be thin ("Annual report 2023"): then only the statements
    tell one case from another. Both halves weigh the same.

    Args:
        named: Of titles and summaries, (cases, dimension), unit length.
        said: Of bare statements, (statements, dimension).
        units: Whose vectors they are, in their order.

    Returns:
        (cases, dimension), unit length.
    """
    row_of = {case.case_id: row for row, case in enumerate(units.cases)}
    sums = np.zeros_like(named)
    np.add.at(sums, [row_of[s.case_id] for s in units.statements], said)
    return _unit(named + _unit(sums))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors of length 1; what has no direction stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(lengths > 0, lengths, 1)
    return unit.astype(np.float32)


def _whole_cases(units: Units) -> list[str]:
    """Return everything that each case says, in the order of the cases' ids.

    A section's name stands once in it: what lies under "Obstacles" is an answer to
    "what went wrong", whatever its words are.
    """
    texts = {case.case_id: [case.title, case.summary] for case in units.cases}
    for case_id, section in dict.fromkeys(
        (statement.case_id, statement.section) for statement in units.statements
    ):
        texts[case_id].append(section)
    for statement in units.statements:
        texts[statement.case_id].append(statement.text)
    return [" ".join(texts[case_id]) for case_id in sorted(texts)]


def everyday_topics() -> list[str]:
    """Return questions that have nothing to do with the corpus."""
    lines = _EVERYDAY_TOPICS_FILE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _write_catalogue(path: Path, contents: Contents) -> None:
    registry, units = contents.registry, contents.units
    write_catalogue(
        path,
        cities=registry.cities.values(),
        themes=registry.themes.values(),
        cases=units.cases,
        passages=units.passages,
        statements=units.statements,
        open_questions=units.open_questions,
        figures=units.figures,
        conditions=units.conditions,
        steps=units.steps,
        vocabulary=_vocabulary(registry, units),
        files=contents.files,
        texts=contents.texts,
    )


def _vocabulary(registry: Registry, units: Units) -> set[str]:
    """Return every word that the corpus uses, folded."""
    texts: list[str] = []
    for city in registry.cities.values():
        texts += [city.name, city.country, *city.aliases]
    for case in units.cases:
        texts += [case.title, case.summary, *case.actors]
        texts += [f"{source.title} {source.publisher}" for source in case.sources]
    texts += [passage.text for passage in units.passages]
    texts += [question.text for question in units.open_questions]
    return {word for text in texts for word in words(text)}


def verify(generation: Generation, statements: Sequence[Statement]) -> None:
    """Find a sample of statements by their own vectors, as a reader would.

    Raises:
        IndexDamagedError: A statement is not found.
    """
    step = max(1, len(statements) // _PROBES)
    for statement in statements[::step]:
        wanted = statement.statement_id
        vector = generation.store.vectors(STATEMENTS, [wanted])[wanted]
        nearest = generation.store.search(STATEMENTS, vector, 1)
        found = generation.store.vectors(STATEMENTS, list(nearest))
        if not any((v == vector).all() for v in found.values()):
            raise IndexDamagedError(
                f"the statement {wanted!r} is not found by its own vector.",
                "Run `mentorkb ingest` again; if it fails again, report it to us.",
            )
