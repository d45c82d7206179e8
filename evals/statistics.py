"""Confidence intervals and significance, by way of scipy.

Questions that ask the same in several languages are no independent observations, so
both work on the means of information needs, not on single questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from evals.summary import Estimate

_RESAMPLES = 2_000
_PERMUTATIONS = 9_999
_SEED = 20_260_301


def estimate(
    values: Mapping[str, float], need_of: Mapping[str, str]
) -> Estimate | None:
    """Return the mean over questions with its interval; None without questions.

    Source: percentile bootstrap (Efron and Tibshirani, 1993) over information needs.

    Args:
        values: Value by question id.
        need_of: Information need by question id.
    """
    from scipy.stats import bootstrap

    if not values:
        return None
    mean = float(np.mean(list(values.values())))
    by_need = _group(values, need_of)
    sums = np.array([sum(group) for group in by_need])
    sizes = np.array([len(group) for group in by_need])
    if len(by_need) < 2 or np.ptp(sums / sizes) == 0:
        return Estimate(mean, mean, mean, len(values))

    def ratio(total: np.ndarray, count: np.ndarray, axis: int = -1) -> np.ndarray:
        return np.asarray(total.sum(axis=axis) / count.sum(axis=axis))

    interval = bootstrap(
        (sums, sizes),
        ratio,
        paired=True,
        vectorized=True,
        n_resamples=_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return Estimate(mean, float(interval.low), float(interval.high), len(values))


def paired_p_value(
    ours: Mapping[str, float],
    theirs: Mapping[str, float],
    need_of: Mapping[str, str],
) -> float:
    """Return the two-sided p-value of a paired permutation test; 1.0 without pairs.

    Source: Smucker, Allan and Carterette, 2007, for retrieval experiments.

    Args:
        ours: Value by question id.
        theirs: The same measure of another system; only common questions count.
        need_of: Information need by question id.
    """
    from scipy.stats import permutation_test

    differences = {qid: ours[qid] - theirs[qid] for qid in ours.keys() & theirs.keys()}
    by_need = _group(differences, need_of)
    means = np.array([np.mean(group) for group in by_need])
    if len(means) < 2 or not means.any():
        return 1.0
    result = permutation_test(
        (means,),
        lambda sample, axis: np.mean(sample, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_PERMUTATIONS,
        rng=np.random.default_rng(_SEED),
    )
    return float(result.pvalue)


def _group(
    values: Mapping[str, float], need_of: Mapping[str, str]
) -> list[list[float]]:
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for qid in sorted(values):
        groups[need_of.get(qid, qid)].append(values[qid])
    return list(groups.values())
