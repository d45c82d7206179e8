"""Any sentence-transformers cross-encoder as a reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from kb.errors import ReaderUnavailableError, shown

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderReader:
    """See `kb.reader.base.Reader`; its one score stands for both columns."""

    def __init__(self, model: CrossEncoder, reader_id: str) -> None:
        """Wrap a loaded model."""
        self._model = model
        self.reader_id = reader_id

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a model by its name on the hub, or from a local path.

        Raises:
            ReaderUnavailableError: It cannot be found, fetched or read.
        """
        from sentence_transformers import CrossEncoder

        try:
            return cls(CrossEncoder(name), name)
        except Exception as exc:  # hub, file and format errors share no root
            raise ReaderUnavailableError(
                f"the cross-encoder {shown(name)} cannot be loaded "
                f"({type(exc).__name__}).",
                "Check the name and the connection, or name the folder of a downloaded "
                "model.",
            ) from exc

    def read(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Reader.read`."""
        import torch

        if not texts:
            return np.empty((0, 2), dtype=np.float32)
        scores = self._model.predict(
            [(question, text) for text in texts],
            activation_fn=torch.nn.Identity(),  # log-odds: squashed ones make ties
            show_progress_bar=False,
        )
        column = np.asarray(scores, dtype=np.float32).reshape(len(texts), -1)[:, :1]
        return np.repeat(column, 2, axis=1)
