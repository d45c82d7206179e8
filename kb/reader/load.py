"""Readers by name."""

from __future__ import annotations

import logging
from functools import cache

from kb.errors import NoWordEmbeddingsError
from kb.reader.base import Reader

AUTO, OFF = "auto", "off"
logger = logging.getLogger(__name__)


@cache
def load_reader(name: str = AUTO) -> Reader | None:
    """Load a reader, once in a process; None when none can or shall read.

    The packaged reader takes its word embeddings from the packaged embedder, which has
    no build for every computer, else from the hub: without both, nothing reads. A
    damaged file is no reason to go on without a reader: it is told.

    Args:
        name: ``auto`` for the packaged one, ``off``, or the name or local path of a
            sentence-transformers cross-encoder.

    Raises:
        ReaderUnavailableError: It cannot be loaded; of the packaged one, a file is
            missing or was changed.
    """
    if name == OFF:
        return None
    if name == AUTO:
        from kb.reader.packaged import PackagedReader

        try:
            return PackagedReader.load()
        except NoWordEmbeddingsError as exc:
            logger.warning("%s Answers are chosen by likeness alone.", exc)
            return None
    from kb.reader.cross_encoder import CrossEncoderReader

    return CrossEncoderReader.load(name)
