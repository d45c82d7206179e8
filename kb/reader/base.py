"""What a reader is: something that reads a question against a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

ANSWERS, HELPS = 0, 1
"""Columns of what `Reader.read` returns."""


class Reader(Protocol):
    """Says how well texts answer a question, reading both together."""

    @property
    def reader_id(self) -> str:
        """Name under which its calibration is filed."""

    def read(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each text answers, (len(texts), 2) float32.

        The first column says that a text gives what was asked, or a part of it, the
        second that it helps at least. Both are log-odds before calibration: higher is
        better, and only comparable within one reader.

        Args:
            question: In any language that the reader knows.
            texts: Statements with city, case title and section in front.
        """
