"""What is wrong with an installation, part by part, and what to do about it."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from ingest import corpus_digest
from kb import KnowledgeBase
from kb.errors import KnowledgeBaseError, shown
from kb.index.embed import ENGLISH_ONLY_WARNING, load_embedder
from kb.index.manifest import Manifest, require_same_model, require_same_splitting
from kb.reader import calibration_of, load_reader
from kb.settings import Settings
from kb.storage import lineage, published, published_manifest, storage_of
from ui.feedback.database import FILE, FeedbackError, holds_feedback, is_damage

logger = logging.getLogger(__name__)

Verdict = Literal["ok", "note", "wrong"]

_MEGABYTE = 1_000_000
_LEAST_FREE = 200 * _MEGABYTE
"""Bytes that an ingestion of the shipped corpus leaves free, or an open index needs."""
_FAR_MS = 50
_EVERYBODY = 0o077
_ASIDE = "The app puts it aside and begins anew; its log names the file."

_IN_THE_WAY = "Check that it is a file, its permissions, and that no program holds it."


@dataclass(frozen=True)
class Finding:
    """What a part is like."""

    part: str
    verdict: Verdict
    told: str
    remedy: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what is found of each part, as soon as it is known; nothing is changed.

    Args:
        settings: Where everything is.
    """
    sound = True
    for part, check in _CHECKS.items():
        if part == "question" and not sound:
            continue  # it would only say again what is wrong
        for finding in _found(part, check, settings):
            sound = sound and finding.verdict != "wrong"
            yield finding


def finding_text(finding: Finding) -> str:
    """Return a finding as a line: verdict, part, what is found, what to do."""
    verdict = finding.verdict.upper() if finding.verdict == "wrong" else finding.verdict
    line = f"{verdict:6} {finding.part:11} {finding.told} {finding.remedy}"
    return line.rstrip()


def finding_records(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return findings as JSON objects."""
    return [asdict(finding) for finding in findings]


def _found(part: str, check: Check, settings: Settings) -> Iterator[Finding]:
    try:
        yield from check(settings)
    except sqlite3.DatabaseError as exc:
        remedy = _ASIDE if is_damage(exc) else _IN_THE_WAY
        yield Finding(part, "wrong", f"the feedback cannot be read ({exc}).", remedy)
    except KnowledgeBaseError as exc:
        place = f"{exc.path}: " if exc.path else ""
        yield Finding(part, "wrong", f"{place}{exc.reason}", exc.remedy)
    except Exception as exc:  # one part must not hide the others
        logger.debug("%s cannot be examined", part, exc_info=exc)
        told = f"it cannot be examined ({shown(exc)})."
        yield Finding(
            part, "wrong", told, "Run `mentorkb --debug doctor` to see where."
        )


def _corpus(settings: Settings) -> Iterator[Finding]:
    folder = settings.corpus_dir
    if settings.chroma_url and not folder.exists():
        yield Finding("corpus", "ok", "there is none here; the server has the index.")
        return
    digest = corpus_digest(settings)
    if not os.access(folder, os.W_OK):
        yield Finding("corpus", "note", f"{folder} may only be read: no curating here.")
    manifest = _manifest(settings)
    if manifest and manifest.corpus_digest == digest:
        yield Finding("corpus", "ok", f"{folder} is what is published.")
        return
    yield Finding(
        "corpus",
        "note",
        f"{folder} can be read, and is not what is published.",
        "`mentorkb check --changed` shows problems, `mentorkb ingest` publishes it.",
    )


def _index(settings: Settings) -> Iterator[Finding]:
    with closing(storage_of(settings)) as storage:
        published(storage)  # says so where there is none
        newest, *older = lineage(storage)
        with closing(storage.open(newest)) as generation:
            manifest = generation.manifest
        require_same_splitting(manifest, settings)
        yield Finding("index", "ok", f"every file is whole, {_told_of(manifest)}.")
        if manifest.rejected:
            yield Finding(
                "index",
                "note",
                f"{len(manifest.rejected)} problems keep files out of it.",
                "`mentorkb check` names them.",
            )
        for name in older:
            try:
                storage.open(name).close()
            except KnowledgeBaseError as exc:
                yield Finding(
                    "index",
                    "note",
                    f"one cannot go back to generation {name}: {exc.reason}",
                    "The next ingestions remove it.",
                )


def _manifest(settings: Settings) -> Manifest | None:
    """Return that of the published index; None where the index is told to be wrong."""
    try:
        return published_manifest(settings)
    except KnowledgeBaseError:
        return None


def _told_of(manifest: Manifest) -> str:
    counts = manifest.counts
    partial = ", of a part of the corpus" if manifest.is_partial else ""
    return (
        f"{counts.cases} cases, {counts.statements} statements{partial}, made "
        f"{manifest.created_at[:16]}"
    )


def _model(settings: Settings) -> Iterator[Finding]:
    embedder = load_embedder(settings.model)
    embedder.embed_query("heat")
    if not embedder.multilingual:
        yield Finding("model", "note", ENGLISH_ONLY_WARNING)
    if manifest := _manifest(settings):
        require_same_model(manifest, embedder)
    yield Finding("model", "ok", f"{embedder.model_id} computes vectors.")


def _reader(settings: Settings) -> Iterator[Finding]:
    reader = load_reader(settings.reader)
    if reader is None:
        yield Finding("reader", "note", "it is switched off: answers are by likeness.")
        return
    calibration_of(reader.reader_id)
    reader.read("heat?", ["Heat."])
    yield Finding("reader", "ok", f"{reader.reader_id} reads.")


def _server(settings: Settings) -> Iterator[Finding]:
    if not settings.chroma_url:
        return
    with closing(storage_of(settings)) as storage:
        storage.current()
        started = time.perf_counter()
        storage.current()
        ms = round((time.perf_counter() - started) * 1000)
        far = ms > _FAR_MS
        yield Finding(
            "server",
            "note" if far else "ok",
            f"{storage.place} answers in {ms} ms.",
            "Each question takes about six such ways: run it nearer." if far else "",
        )


def _disk(settings: Settings) -> Iterator[Finding]:
    places = {
        "index": settings.index_dir,
        "feedback": settings.feedback_dir,
        "temporary": Path(tempfile.gettempdir()),
    }
    for name, folder in places.items():
        free = shutil.disk_usage(_there(folder)).free
        told = f"{free // _MEGABYTE:,} MB are free for {name} files ({folder})."
        if free < _LEAST_FREE:
            remedy = "Free some space, or name another folder (docs/operations.md)."
            yield Finding("disk", "wrong", told, remedy)
        else:
            yield Finding("disk", "ok", told)


def _permissions(settings: Settings) -> Iterator[Finding]:
    if not settings.chroma_url and not os.access(_there(settings.index_dir), os.W_OK):
        told = f"{settings.index_dir} may only be read: no ingestion here."
        yield Finding("permissions", "note", told)
    if not settings.feedback:
        return
    folder = settings.feedback_dir
    if not os.access(_there(folder), os.W_OK):
        yield Finding(
            "permissions",
            "wrong",
            f"feedback cannot be kept in {folder}.",
            "Let the program write there, or set KB_FEEDBACK_DIR or KB_FEEDBACK=off.",
        )
    elif folder.exists() and folder.stat().st_mode & _EVERYBODY:
        yield Finding(
            "permissions",
            "wrong",
            f"others on this computer can read the questions in {folder}.",
            f"Run `chmod -R go= {folder}`.",
        )
    else:
        yield Finding("permissions", "ok", "what is written can be written.")


def _there(folder: Path) -> Path:
    """Return a folder, or the nearest above it that is there."""
    absolute = folder.absolute()
    return next(each for each in (absolute, *absolute.parents) if each.exists())


def _feedback(settings: Settings) -> Iterator[Finding]:
    if not settings.feedback:
        yield Finding("feedback", "ok", "it is switched off.")
        return
    path = settings.feedback_dir / FILE
    if not path.exists():
        yield Finding("feedback", "ok", "there is none yet.")
        return
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        (state,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise FeedbackError(f"the feedback is damaged ({state}).", _ASIDE)
        if not holds_feedback(db, path):
            yield Finding("feedback", "ok", "there is none yet.")
            return
        (count,) = db.execute("SELECT COUNT(*) FROM entries").fetchone()
    yield Finding("feedback", "ok", f"{count} entries can be read.")


def _question(settings: Settings) -> Iterator[Finding]:
    with KnowledgeBase(settings) as kb:
        kb.probe()
        started = time.perf_counter()
        kb.probe()
        seconds = time.perf_counter() - started
    yield Finding("question", "ok", f"one is answered in {seconds:.2f} s.")


_CHECKS: dict[str, Check] = {
    "server": _server,
    "index": _index,
    "corpus": _corpus,
    "model": _model,
    "reader": _reader,
    "disk": _disk,
    "permissions": _permissions,
    "feedback": _feedback,
    "question": _question,
}
"""In the order in which one part needs the others."""
