"""The summary's tables as Markdown: which values, how they are written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.markdown import tables
from evals.measuring import measure
from evals.summarise import summarise
from tests.unit.evals.made_up_runs import (
    COLLECTION,
    CONDITIONS,
    HEAT,
    PARK,
    answer,
    entry,
    judgements,
    question,
    run,
)

JUDGED = judgements({"q1": {HEAT: 2}, "q2": {HEAT: 2}})
Q1, Q2 = question("q1", must_hold=["28 million"]), question("q2", lang="fi")
Q3 = question("q3", kind="near-miss")
OURS = run(
    entry(Q1, [HEAT], answer(f"{HEAT}#costs.1"), ms=10),
    entry(Q2, [PARK, HEAT], answer(reason_code="off-topic"), ms=10),
    entry(Q3, [PARK], answer(f"{HEAT}#costs.1"), ms=10),
)
BM25 = run(entry(Q1, [HEAT]), entry(Q2, [HEAT]), entry(Q3, [PARK]), system="bm25")


@pytest.fixture(scope="module")
def lines():
    measured = [measure(run, JUDGED, COLLECTION) for run in (OURS, BM25)]
    summary = summarise(
        measured, JUDGED, COLLECTION, baseline="bm25", conditions=CONDITIONS
    )
    twinned = replace(
        summary.systems["ours"], without_near_twins=summary.systems["bm25"].all
    )
    systems = summary.systems | {"ours": twinned}
    return tables(replace(summary, systems=systems, near_twins={"q1": "k1"})).split(
        "\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        # RR of 1 and 1/2 beside 1 and 1; both have Recall@5 of 1.
        "| ours | **1.000** | **1.000** | **1.000** | 0.815 | 0.750 | **0.200** |",
        "| bm25 | **1.000** | **1.000** | **1.000** | **1.000** | **1.000** "
        "| **0.200** |",
        "| fi | 1 | 1.000 [1.00, 1.00] | 1.000 [1.00, 1.00] | 0.631 [0.63, 0.63] | – |",
        "| must-hold recall | 1.000 [1.00, 1.00] |",
        "| measure | all | without 1 near twins |",
        "| answerable | refused | 1 | 2 | 50% |",
        "| near-miss | answered | 1 | 1 | 100% |",
        "| fi | 1 | 1 | 100% | 0 | 0 | – |",
        "| ours | search and answer | 10 | 10 |",
        "| bm25 | search | 10 | 10 |",
    ],
)
def test_line(lines, line):
    """The best is bold, a mean has its interval, a count its whole and its share."""
    assert line in lines
