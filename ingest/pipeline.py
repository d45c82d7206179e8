"""The order of the steps: read, split, embed, write, verify, publish."""

from __future__ import annotations

import hashlib
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from ingest.check import duplicate_case_ids, problem_from, unusable_case
from ingest.progress import Progress
from ingest.registry import (
    CITIES_FILE,
    THEMES_FILE,
    Registry,
    list_case_files,
    read_registry,
    sidecar_of,
)
from ingest.report import IngestReport
from ingest.write import Content, everyday_topics, verify, write_parts
from kb.embed import AUTO, Embedder, load_embedder
from kb.errors import (
    DocumentError,
    IndexLockedError,
    IndexNotFoundError,
    KnowledgeBaseError,
    shown,
)
from kb.generation import (
    FORMAT_VERSION,
    Manifest,
    generations_dir,
    open_published,
    publish,
    remove_old_generations,
    write_manifest,
)
from kb.settings import Settings
from kb.types import Problem

if TYPE_CHECKING:
    pass

logger = logging.getLogger(__name__)

# Raise it whenever the same corpus would be split or embedded differently.
LAYOUT_VERSION = 1


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
    digest.update("\n".join(everyday_topics()).encode())
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
    """Return the published manifest if its generation is whole, or None."""
    try:
        generation = open_published(index_dir)
    except IndexNotFoundError:
        return None
    except KnowledgeBaseError as exc:
        logger.warning("the published index is replaced: %s", exc)
        return None
    generation.close()
    return generation.manifest


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


def _nothing(content: Content, n_files: int, started: float) -> IngestReport:
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
) -> Content:
    """Read and split every file; collect a problem for each that cannot be used."""
    # These import llama-index, which takes a second that an unchanged corpus can save.
    from ingest.readers import read_file
    from ingest.split import split_document

    content = Content(registry)
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
    content: Content,
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
        embedded, total = write_parts(
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
        verify(folder, content)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return manifest, embedded, total
