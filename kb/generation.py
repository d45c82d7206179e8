"""Index generations: where they live, what they are made of, how one is published.

An index folder looks like this::

    generations/20260301T120000-1a2b3c4d/   one generation, never changed once written
        manifest.json  catalogue.sqlite  chroma/  lexical/  lexical-cases/
    current                                 names the published generation
    cache.sqlite                            vectors by model and text, for ingestion

``current`` is replaced in one atomic step, so that a reader sees either the old
generation or the new one, and a crash leaves the old one published.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from kb.catalogue import Catalogue
from kb.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexNotFoundError,
    KnowledgeBaseError,
)
from kb.lexical import LexicalIndex
from kb.store import (
    BARE_STATEMENTS,
    CASES,
    OPEN_QUESTIONS,
    STATEMENTS,
    VectorStore,
)
from kb.types import Problem

logger = logging.getLogger(__name__)

FORMAT_VERSION = 2
KEPT_GENERATIONS = 2
_REBUILD = "Run `mentorkb ingest` to build the index again."


@dataclass(frozen=True, slots=True)
class Counts:
    """How much one generation holds."""

    cities: int
    cases: int
    passages: int
    statements: int
    open_questions: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from, and when."""

    generation: str
    format_version: int
    created_at: str
    """ISO 8601, UTC."""
    seconds: float
    """How long its ingestion took."""
    model_id: str
    backend: str
    multilingual: bool
    dimension: int
    splitter_version: int
    passage_tokens: int
    corpus_digest: str
    counts: Counts
    rejected: tuple[Problem, ...]
    """What kept files of the corpus out of the index."""


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

    def close(self) -> None:
        """Release the files."""
        self.catalogue.close()
        self.store.close()


def generations_dir(index_dir: Path) -> Path:
    """Return the folder that holds all generations of an index."""
    return index_dir / "generations"


def current_name(index_dir: Path) -> str | None:
    """Return the name of the published generation, or None when there is none.

    Raises:
        IndexDamagedError: The file that names it cannot be read.
    """
    try:
        name = (index_dir / "current").read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise IndexDamagedError(
            f"the name of the published index cannot be read ({exc}).",
            _REBUILD,
            path=str(index_dir / "current"),
        ) from exc
    return name or None


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest.

    Raises:
        IndexDamagedError: It is missing or does not parse.
        IndexMismatchError: It was written in another format.
    """
    try:
        values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        version = values["format_version"]
        if version != FORMAT_VERSION:
            raise IndexMismatchError(
                f"the index has format {version}, this program reads {FORMAT_VERSION}.",
                _REBUILD,
            )
        values["counts"] = Counts(**values["counts"])
        values["rejected"] = tuple(Problem(**p) for p in values["rejected"])
        return Manifest(**values)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise IndexDamagedError(
            f"the index's manifest cannot be read ({exc}).", _REBUILD, path=str(folder)
        ) from exc


def published_manifest(index_dir: Path) -> Manifest:
    """Return the manifest of the published generation.

    Raises:
        IndexNotFoundError: Nothing is published.
        IndexDamagedError: The published generation is damaged.
    """
    return read_manifest(published_folder(index_dir))


def open_published(index_dir: Path) -> Generation:
    """Open the published generation.

    Raises:
        IndexNotFoundError: Nothing is published.
        IndexDamagedError: The published generation is damaged.
        IndexMismatchError: It was written in another format.
    """
    return open_generation(published_folder(index_dir))


def open_generation(folder: Path) -> Generation:
    """Open the generation in a folder and compare its parts with its manifest.

    Raises:
        IndexDamagedError: A part is missing or holds another number of records.
        IndexMismatchError: It was written in another format.
    """
    manifest = read_manifest(folder)
    if not (folder / "chroma").is_dir():  # opening it would create an empty one
        raise IndexDamagedError(
            "the vectors of the index are missing.", _REBUILD, path=str(folder)
        )
    generation = _open_parts(folder, manifest)
    try:
        _compare_counts(generation, folder)
    except KnowledgeBaseError:
        generation.close()
        raise
    return generation


def _open_parts(folder: Path, manifest: Manifest) -> Generation:
    catalogue = Catalogue(folder / "catalogue.sqlite")
    try:
        lexical = LexicalIndex.load(folder / "lexical")
        lexical_cases = LexicalIndex.load(folder / "lexical-cases")
        store = VectorStore.open(folder / "chroma")
    except KnowledgeBaseError:
        catalogue.close()
        raise
    return Generation(manifest, catalogue, lexical, lexical_cases, store)


def _compare_counts(generation: Generation, folder: Path) -> None:
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
            f"the index holds {', '.join(wrong)}.", _REBUILD, path=str(folder)
        )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a generation's manifest: the last file of a generation."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def publish(index_dir: Path, name: str) -> None:
    """Make a complete generation the one that readers use, in one atomic step."""
    pointer = index_dir / "current"
    temporary = index_dir / "current.new"
    with temporary.open("w", encoding="ascii") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(pointer)
    logger.info("published generation %s", name)


def remove_old_generations(index_dir: Path) -> None:
    """Keep the published generation and the one before it; remove the rest."""
    current = current_name(index_dir)
    complete: list[Path] = []
    for folder in sorted(generations_dir(index_dir).iterdir()):
        if (folder / "manifest.json").is_file():
            complete.append(folder)
        elif folder.name != current:
            shutil.rmtree(folder)
    others = [folder for folder in complete if folder.name != current]
    for folder in others[: max(0, len(others) - (KEPT_GENERATIONS - 1))]:
        shutil.rmtree(folder)


def published_folder(index_dir: Path) -> Path:
    """Return the folder of the published generation.

    Raises:
        IndexNotFoundError: Nothing is published.
    """
    name = current_name(index_dir)
    if name is None:
        raise IndexNotFoundError(
            f"there is no index in {str(index_dir)!r}.",
            "Run `mentorkb ingest` first.",
        )
    return generations_dir(index_dir) / name
