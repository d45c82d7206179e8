"""Networks that onnxruntime runs, and texts in batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from kb.turns import processors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_SLOW_FUSION = "SkipLayerNormFusion"
"""Adds and normalises at once, in four times the time of one after the other
(onnxruntime 1.32: without it a text is read in 85% of the time)."""


class Network:
    """Gives an array for texts as they look to it; safe to share between threads."""

    def __init__(self, session: InferenceSession) -> None:
        """Wrap what runs it."""
        self._session = session

    @classmethod
    def load(
        cls, network: bytes, weights: Mapping[str, NDArray[Any]] | None = None
    ) -> Self:
        """Load a network that runs on the processor.

        Args:
            network: An ONNX file, with inputs ``words`` and ``mask`` and one output.
            weights: What it names as external data, by the name of the file that would
                hold it.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Threads that wait actively would take the cores from other questions.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Otherwise sums of 8-bit products overflow on processors without VNNI, and the
        # same question is answered otherwise there.
        options.add_session_config_entry("session.x64quantprecision", "1")
        options.enable_cpu_mem_arena = False  # it keeps the largest batch for ever
        if weights:
            options.add_external_initializers_from_files_in_memory(
                list(weights),
                [part.reshape(-1).view(np.uint8) for part in weights.values()],
                [part.nbytes for part in weights.values()],
            )
        return cls(
            onnxruntime.InferenceSession(
                network,
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=[_SLOW_FUSION],
            )
        )

    def metadata(self) -> Mapping[str, str]:
        """Return what its file says beside the network."""
        entries: Mapping[str, str] = self._session.get_modelmeta().custom_metadata_map
        return entries

    def run(
        self, words: NDArray[np.float32], mask: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return a row for each text.

        Args:
            words: Embeddings of its subwords, (texts, subwords, dimension).
            mask: 1 where they are no filling, (texts, subwords).
        """
        given: NDArray[np.float32]
        inputs = {"words": words, "mask": mask}
        (given,) = _threads().submit(self._session.run, None, inputs).result()
        return given


@cache
def _threads() -> ThreadPoolExecutor:
    """Return the threads that run all networks, one for each processor.

    A web server asks from a thread for each reader. The GNU C library gives each thread
    a place of its own for what a network needs, and keeps it: after 50 readers that was
    half a gigabyte.
    """
    return ThreadPoolExecutor(processors(), thread_name_prefix="network")


def batches(
    texts: Sequence[Sequence[int]], size: int, pad: int
) -> Iterator[tuple[list[int], NDArray[np.int64], NDArray[np.float32]]]:
    """Yield texts that are about as long as each other, so that little is filled.

    Args:
        texts: Ids of their subwords.
        size: The most texts in a batch.
        pad: The id that fills.

    Yields:
        Numbers of texts, their ids filled to one length, and 1 where they are no
        filling.
    """
    by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for start in range(0, len(by_length), size):
        batch = by_length[start : start + size]
        shape = len(batch), len(texts[batch[-1]])
        ids = np.full(shape, pad, dtype=np.int64)
        mask = np.zeros(shape, dtype=np.float32)
        for row, number in enumerate(batch):
            ids[row, : len(texts[number])] = texts[number]
            mask[row, : len(texts[number])] = 1
        yield batch, ids, mask
