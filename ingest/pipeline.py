"""The order of the steps: read, split, embed, write, verify, publish."""

from __future__ import annotations

import hashlib
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout

from ingest.cache import VectorCache
from ingest.check import duplicate_case_ids, problem_from, unusable_case
from ingest.context import case_text, open_question_text, statement_text
from ingest.registry import (
    CITIES_FILE,
    THEMES_FILE,
    Registry,
    list_case_files,
    read_registry,
    sidecar_of,
)
from ingest.report import IngestReport
from kb.catalogue import write_catalogue
from kb.embed import AUTO, Embedder, load_embedder
from kb.errors import (
    DocumentError,
    IndexDamagedError,
    IndexLockedError,
    IndexNotFoundError,
    KnowledgeBaseError,
    shown,
)
from kb.generation import (
    FORMAT_VERSION,
    Counts,
    Manifest,
    generations_dir,
    open_generation,
    publish,
    published_manifest,
    remove_old_generations,
    write_manifest,
)
from kb.lexical import LexicalIndex
from kb.settings import Settings
from kb.store import (
    CASES,
    EVERYDAY_TOPICS,
    OPEN_QUESTIONS,
    STATEMENTS,
    MetadataValue,
    VectorStore,
)
from kb.types import Case, City, OpenQuestion, Passage, Problem, Statement
from kb.words import words

if TYPE_CHECKING:
    from ingest.split import SplitDocument

logger = logging.getLogger(__name__)

# Raise it whenever the same corpus would be split or embedded differently.
LAYOUT_VERSION = 1
_EVERYDAY_TOPICS_FILE = Path(__file__).with_name("everyday_topics.txt")
_PROBES = 5


class Progress(Protocol):
    """Where an ingestion tells how far it is."""

    def start(self, step: str, total: int) -> None:
        """A step of ``total`` parts begins."""

    def advance(self, n: int) -> None:
        """``n`` more parts of the step are done."""


@dataclass
class _Content:
    """Everything that one generation will hold."""

    registry: Registry
    cases: list[Case] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    open_questions: list[OpenQuestion] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)

    def add(self, split: SplitDocument) -> None:
        self.cases.append(split.case)
        self.passages += split.passages
        self.statements += split.statements
        self.open_questions += split.open_questions

    def counts(self) -> Counts:
        return Counts(
            cities=len({case.city for case in self.cases}),
            cases=len(self.cases),
            passages=len(self.passages),
            statements=len(self.statements),
            open_questions=len(self.open_questions),
        )


def ingest(settings: Settings, progress: Progress) -> IngestReport:
    """Build a generation from the corpus and publish it.

    A file that cannot be used is reported and left out; the rest is published. When the
    published generation already holds this corpus, nothing is written.

    Raises:
        CorpusError: The corpus folder, its cities or its themes cannot be used.
        EmbedderUnavailableError: The model cannot be loaded.
        IndexLockedError: Another ingestion holds the index folder.
        IndexDamagedError: The generation just written fails its verification.
    """
    started = time.monotonic()
    registry = read_registry(settings.corpus_dir)
    files = list_case_files(settings.corpus_dir)
    digest = _corpus_digest(settings.corpus_dir, files)
    with _only_writer(settings.index_dir):
        published = _published(settings.index_dir)
        if published and _is_current(published, digest, settings):
            return _unchanged(published, len(files), started)
        content = _read(settings, registry, files, progress)
        if not content.statements:
            return _nothing(content, len(files), started)
        embedder = load_embedder(settings.model)
        generation, embedded, total = _write(
            settings, content, embedder, digest, started, progress
        )
        publish(settings.index_dir, generation.generation)
        remove_old_generations(settings.index_dir)
    return IngestReport(
        generation=generation.generation,
        unchanged=False,
        counts=generation.counts,
        files=len(files),
        rejected=content.rejected,
        embedded=embedded,
        from_cache=total - embedded,
        model_id=embedder.model_id,
        multilingual=embedder.multilingual,
        seconds=time.monotonic() - started,
    )


def _corpus_digest(corpus_dir: Path, files: list[Path]) -> str:
    """Return 16 hex digits over the paths and bytes of everything that is read."""
    digest = hashlib.sha256()
    registry = [corpus_dir / CITIES_FILE, corpus_dir / THEMES_FILE]
    sidecars = [s for path in files if (s := sidecar_of(path)).is_file()]
    for path in [*registry, *files, *sidecars]:
        digest.update(path.relative_to(corpus_dir).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@contextmanager
def _only_writer(index_dir: Path) -> Iterator[None]:
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        generations_dir(index_dir).mkdir(exist_ok=True)
        with FileLock(index_dir / "ingest.lock", timeout=0):
            yield
    except Timeout as exc:
        raise IndexLockedError(
            f"another ingestion is writing to {shown(str(index_dir))}.",
            "Wait until it has finished, then try again.",
        ) from exc
    except OSError as exc:
        raise KnowledgeBaseError(
            f"the index folder {shown(str(index_dir))} cannot be written ({exc}).",
            "Check its permissions and the free space, or name another with --index.",
        ) from exc


def _published(index_dir: Path) -> Manifest | None:
    try:
        return published_manifest(index_dir)
    except IndexNotFoundError:
        return None
    except KnowledgeBaseError as exc:
        logger.warning("the published index is replaced: %s", exc)
        return None


def _is_current(manifest: Manifest, digest: str, settings: Settings) -> bool:
    # With "auto", a better model may have become available since; the English-only
    # fallback is therefore never taken as final.
    same_model = (
        manifest.multilingual
        if settings.model == AUTO
        else manifest.model_id == settings.model
    )
    return (
        same_model
        and manifest.corpus_digest == digest
        and manifest.splitter_version == LAYOUT_VERSION
        and manifest.passage_tokens == settings.passage_tokens
    )


def _unchanged(manifest: Manifest, n_files: int, started: float) -> IngestReport:
    return IngestReport(
        generation=manifest.generation,
        unchanged=True,
        counts=manifest.counts,
        files=n_files,
        rejected=list(manifest.rejected),
        embedded=0,
        from_cache=0,
        model_id=manifest.model_id,
        multilingual=manifest.multilingual,
        seconds=time.monotonic() - started,
    )


def _nothing(content: _Content, n_files: int, started: float) -> IngestReport:
    return IngestReport(
        generation=None,
        unchanged=False,
        counts=None,
        files=n_files,
        rejected=content.rejected,
        embedded=0,
        from_cache=0,
        model_id="",
        multilingual=True,
        seconds=time.monotonic() - started,
    )


def _read(
    settings: Settings, registry: Registry, files: list[Path], progress: Progress
) -> _Content:
    """Read and split every file; collect a problem for each that cannot be used."""
    # These import llama-index, which takes a second that an unchanged corpus can save.
    from ingest.readers import read_file
    from ingest.split import split_document

    content = _Content(registry)
    taken = {p.path: p for p in duplicate_case_ids(files, settings.corpus_dir)}
    progress.start("Reading files", len(files))
    for path in files:
        shown_path = path.relative_to(settings.corpus_dir).as_posix()
        try:
            if shown_path in taken:
                content.rejected.append(taken[shown_path])
                continue
            document = read_file(path, settings.corpus_dir)
            errors = [p for p in document.problems if p.severity == "error"]
            errors += unusable_case(document, registry)
            if errors or document.case is None:
                content.rejected += errors
                continue
            content.add(
                split_document(document, document.case, settings.passage_tokens)
            )
        except DocumentError as exc:
            content.rejected.append(problem_from(exc))
        except Exception as exc:  # one bad file never stops the others
            logger.exception("cannot ingest %s", shown_path)
            content.rejected.append(
                Problem(
                    shown_path,
                    None,
                    "unreadable",
                    "error",
                    f"the file cannot be read ({type(exc).__name__}: {exc}).",
                    "Save it again in its program, or report this file to us.",
                )
            )
        finally:
            progress.advance(1)
    return content


def _write(
    settings: Settings,
    content: _Content,
    embedder: Embedder,
    digest: str,
    started: float,
    progress: Progress,
) -> tuple[Manifest, int, int]:
    """Write and verify a generation.

    Returns:
        Its manifest, how many texts were embedded anew, and how many in all.
    """
    now = datetime.now(UTC)
    name = f"{now:%Y%m%dT%H%M%S%f}-{digest[:8]}"
    folder = generations_dir(settings.index_dir) / name
    folder.mkdir()
    try:
        embedded, total = _write_parts(
            folder, settings.index_dir, content, embedder, progress
        )
        manifest = Manifest(
            generation=name,
            format_version=FORMAT_VERSION,
            created_at=now.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - started, 2),
            model_id=embedder.model_id,
            backend=embedder.backend,
            multilingual=embedder.multilingual,
            dimension=embedder.dimension,
            splitter_version=LAYOUT_VERSION,
            passage_tokens=settings.passage_tokens,
            corpus_digest=digest,
            counts=content.counts(),
            rejected=tuple(content.rejected),
        )
        write_manifest(folder, manifest)
        _verify(folder, content)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return manifest, embedded, total


def _write_parts(
    folder: Path,
    index_dir: Path,
    content: _Content,
    embedder: Embedder,
    progress: Progress,
) -> tuple[int, int]:
    cities = content.registry.cities
    cases = {case.case_id: case for case in content.cases}

    def place(case_id: str) -> tuple[Case, City]:
        case = cases[case_id]
        return case, cities[case.city]

    def tags(case_id: str) -> dict[str, MetadataValue]:
        case = cases[case_id]
        return {"city": case.city, "themes": list(case.themes)}

    statements, questions = content.statements, content.open_questions
    statement_texts = [statement_text(s, *place(s.case_id)) for s in statements]
    case_texts = [case_text(*place(case_id)) for case_id in cases]
    question_texts = [open_question_text(q, *place(q.case_id)) for q in questions]
    topics = _everyday_topics()
    texts = statement_texts + case_texts + question_texts + topics
    ids = [s.statement_id for s in statements]
    ids += [*cases, *(q.question_id for q in questions), *topics]
    case_ids = [s.case_id for s in statements]
    case_ids += [*cases, *(q.case_id for q in questions)]
    metadatas = [tags(case_id) for case_id in case_ids]
    metadatas += [{"topic": topic} for topic in topics]

    progress.start("Computing vectors", len(texts))
    cache = VectorCache(index_dir / "cache.sqlite")
    try:
        vectors, embedded = cache.embed(texts, embedder, progress.advance)
    finally:
        cache.close()

    progress.start("Writing the index", 3)
    store = VectorStore.open(folder / "chroma")
    try:
        first = 0
        for collection, n in (
            (STATEMENTS, len(statements)),
            (CASES, len(cases)),
            (OPEN_QUESTIONS, len(questions)),
            (EVERYDAY_TOPICS, len(topics)),
        ):
            part = slice(first, first + n)
            store.write(collection, ids[part], vectors[part], metadatas[part])
            first += n
    finally:
        store.close()
    progress.advance(1)
    LexicalIndex.build(statement_texts).save(folder / "lexical")
    progress.advance(1)
    write_catalogue(
        folder / "catalogue.sqlite",
        cities=cities.values(),
        themes=content.registry.themes.values(),
        cases=content.cases,
        passages=content.passages,
        statements=statements,
        open_questions=questions,
        vocabulary=_vocabulary(content),
    )
    progress.advance(1)
    return embedded, len(texts)


def _everyday_topics() -> list[str]:
    lines = _EVERYDAY_TOPICS_FILE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _vocabulary(content: _Content) -> set[str]:
    """Return every word that the corpus uses, folded."""
    texts: list[str] = []
    for city in content.registry.cities.values():
        texts += [city.name, city.country, *city.aliases]
    for case in content.cases:
        texts += [case.title, case.summary, *case.actors]
        texts += [f"{source.title} {source.publisher}" for source in case.sources]
    texts += [passage.text for passage in content.passages]
    texts += [question.text for question in content.open_questions]
    return {word for text in texts for word in words(text)}


def _verify(folder: Path, content: _Content) -> None:
    """Open the generation as a reader would, and find a sample by its own vectors.

    Raises:
        IndexDamagedError: A count differs or a statement is not found.
    """
    generation = open_generation(folder)
    try:
        step = max(1, len(content.statements) // _PROBES)
        for statement in content.statements[::step]:
            wanted = statement.statement_id
            vector = generation.store.vectors(STATEMENTS, [wanted])[wanted]
            nearest = generation.store.search(STATEMENTS, vector, 1)
            found = generation.store.vectors(STATEMENTS, list(nearest))
            if not any((v == vector).all() for v in found.values()):
                raise IndexDamagedError(
                    f"the statement {wanted!r} is not found by its own vector.",
                    "Run `mentorkb ingest` again; if it fails again, report it to us.",
                )
    finally:
        generation.close()
