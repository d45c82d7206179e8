"""Calibration: whether a confidence of 0.8 is right in eight of ten questions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evals.runs import Run
from evals.summary import Reliability, ReliabilityBin

_BINS = 10
_LEAST = 10
"""Questions that a bin should have; with fewer questions there are fewer bins."""
_PERMUTATIONS = 2_000
_SEED = 20_260_301


def confidences(run: Run) -> dict[str, float]:
    """Return the confidence of every answer by question id."""
    return {
        entry.question.qid: entry.response.answer.confidence
        for entry in run.entries
        if entry.response.answer
    }


def measure_reliability(
    confidence: Mapping[str, float], truth: Mapping[str, bool]
) -> Reliability | None:
    """Return the expected calibration error and what it is made of; None of nothing.

    Source: expected calibration error (Naeini, Cooper and Hauskrecht, 2015) with bins
    of equal counts: the distance between mean confidence and share of answerable
    questions, weighed by the size of the bin. Equal confidences share a bin.

    Args:
        confidence: Estimated chance of an answer, by question id.
        truth: Whether there is one, by question id.
    """
    if not confidence:
        return None
    estimated = np.array(list(confidence.values()))
    real = np.array([truth[qid] for qid in confidence], dtype=float)
    bins = _bins(estimated, real)
    return Reliability(_error(estimated, real), bins)


def error_p_value(
    now: Mapping[str, float], before: Mapping[str, float], truth: Mapping[str, bool]
) -> float:
    """Return how likely chance alone moves the calibration error that far.

    Two-sided paired permutation test: each question's two confidences change places.

    Args:
        now: Confidence by question id.
        before: The same of another state, of the same questions.
        truth: Whether each has an answer.
    """
    from scipy.stats import permutation_test

    real = np.array([truth[qid] for qid in now], dtype=float)
    after, earlier = (np.array([one[qid] for qid in now]) for one in (now, before))
    if len(real) < 2 or np.array_equal(after, earlier):
        return 1.0
    result = permutation_test(
        (after, earlier),
        lambda a, b: _error(a, real) - _error(b, real),
        permutation_type="samples",
        n_resamples=_PERMUTATIONS,
        rng=np.random.default_rng(_SEED),
    )
    return float(result.pvalue)


def _bins(
    estimated: NDArray[np.float64], real: NDArray[np.float64]
) -> list[ReliabilityBin]:
    found = []
    which = _bin_of(estimated)
    for number in np.unique(which):
        inside = which == number
        found.append(
            ReliabilityBin(
                float(estimated[inside].mean()),
                float(real[inside].mean()),
                int(inside.sum()),
            )
        )
    return found


def _bin_of(estimated: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the bin of each value: as many in each as equal values allow."""
    n_bins = max(1, min(_BINS, len(estimated) // _LEAST))
    edges = np.quantile(estimated, np.linspace(0, 1, n_bins + 1)[1:-1])
    return np.searchsorted(edges, estimated, side="right")


def _error(estimated: NDArray[np.float64], real: NDArray[np.float64]) -> float:
    # The bins' sizes cancel out: sums of differences are weighed by them already.
    apart = np.bincount(_bin_of(estimated), weights=estimated - real)
    return float(np.abs(apart).sum() / len(estimated))
