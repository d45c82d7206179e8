"""What a generation was built from, and when: the record that describes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from kb.errors import IndexDamagedError, IndexMismatchError
from kb.index.embed import Embedder
from kb.settings import Settings
from kb.types import Problem

FORMAT_VERSION = 7
"""Raise it whenever the files of a generation change their shape."""
SPLITTER_VERSION = 7
"""Raise it whenever the same corpus would be read, split or embedded differently."""
_DIGEST = "sha256"
REBUILD = "Run `mentorkb ingest` to build the index again."


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
    warnings: tuple[Problem, ...]
    """What of the other files could not be read."""
    to_confirm: tuple[Problem, ...] = ()
    """What an expert has to say again of texts that had changed."""
    previous: str | None = None
    """The generation that was published before; None of the first one."""
    is_partial: bool = False
    """True while the rest of its corpus is still being computed."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of every file in its folder, by its path there; empty on a server."""


def dump_manifest(manifest: Manifest) -> str:
    """Return a manifest as JSON text, with a digest of itself."""
    values = asdict(manifest)
    values[_DIGEST] = _digest(values)
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def parse_manifest(text: str, place: str) -> Manifest:
    """Read a manifest's JSON text.

    Args:
        text: What `dump_manifest` returned.
        place: Where it was found, for messages.

    Raises:
        IndexDamagedError: It does not parse.
        IndexMismatchError: It was written in another format.
    """
    try:
        values = json.loads(text)
        version = values["format_version"]
        if version != FORMAT_VERSION:
            raise IndexMismatchError(
                f"the index has format {version}, this program reads {FORMAT_VERSION}.",
                REBUILD,
            )
        if values.pop(_DIGEST) != _digest(values):
            raise ValueError("it has changed since it was written")  # noqa: TRY301
        values["counts"] = Counts(**values["counts"])
        values.setdefault("to_confirm", [])
        for name in ("rejected", "warnings", "to_confirm"):
            values[name] = tuple(Problem(**p) for p in values[name])
        return Manifest(**values)
    except (ValueError, KeyError, TypeError) as exc:
        raise IndexDamagedError(
            f"the index's manifest cannot be read ({exc}).", REBUILD, path=place
        ) from exc


def _digest(values: Mapping[str, object]) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def require_same_model(manifest: Manifest, embedder: Embedder) -> None:
    """Refuse an index whose vectors another model made.

    Raises:
        IndexMismatchError: It did.
    """
    built = (manifest.model_id, manifest.dimension)
    if built != (embedder.model_id, embedder.dimension):
        raise IndexMismatchError(
            f"the index was built with the model {manifest.model_id!r} "
            f"({manifest.dimension} dimensions), the running one is "
            f"{embedder.model_id!r} ({embedder.dimension}).",
            "Run `mentorkb ingest` to build the index again, or set KB_MODEL back.",
        )


def require_same_splitting(manifest: Manifest, settings: Settings) -> None:
    """Refuse an index that was split otherwise than this program would.

    Raises:
        IndexMismatchError: It was.
    """
    if manifest.splitter_version != SPLITTER_VERSION:
        raise IndexMismatchError(
            f"the index was built by another version of the program (splitter "
            f"{manifest.splitter_version}, the running one is {SPLITTER_VERSION}).",
            REBUILD,
        )
    if manifest.passage_tokens != settings.passage_tokens:
        raise IndexMismatchError(
            f"the index has passages of up to {manifest.passage_tokens} tokens, the "
            f"settings ask for {settings.passage_tokens}.",
            "Run `mentorkb ingest` to build the index again, or set KB_PASSAGE_TOKENS "
            "back.",
        )
