"""Two runs over the same questions: what differs, and which questions are won."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evals.experiment import RESULTS
from evals.runs import Record, read_records
from evals.statistics import paired_p_value
from evals.summary import HEADLINE
from evals.systems import OURS
from kb.errors import QuestionSetError

_NOTICEABLE = 0.05
"""A question is won or lost when the headline measure moves by more than this."""


@dataclass(frozen=True)
class Difference:
    """One measure of two runs, over the questions that both have it for."""

    measure: str
    a: float
    b: float
    p_value: float
    n: int


@dataclass(frozen=True)
class Changed:
    """A question that the second run does better or worse."""

    qid: str
    text: str
    a: str
    b: str


@dataclass(frozen=True)
class Comparison:
    """Everything that two runs differ in."""

    differences: list[Difference]
    won: list[Changed]
    lost: list[Changed]


def read_results(path: Path) -> list[Record]:
    """Read a results file, or the knowledge base's own in a folder of results.

    Raises:
        QuestionSetError: It cannot be read.
    """
    return read_records(path / RESULTS.format(system=OURS) if path.is_dir() else path)


def compare(a: list[Record], b: list[Record]) -> Comparison:
    """Compare two runs on the questions that they share.

    Raises:
        QuestionSetError: They share none.
    """
    of_a = {record["qid"]: record for record in a}
    of_b = {record["qid"]: record for record in b}
    shared = [qid for qid in of_a if qid in of_b]
    if not shared:
        raise QuestionSetError(
            "the two results share no question.", "Compare runs over the same set."
        )
    need_of = {qid: of_a[qid]["need"] for qid in shared}
    names = {name for record in a for name in record["measures"]}
    differences = []
    for name in sorted(names):
        values_a = _values(of_a, shared, name)
        values_b = _values(of_b, shared, name)
        common = values_a.keys() & values_b.keys()
        if common:
            differences.append(
                Difference(
                    measure=name,
                    a=sum(values_a[qid] for qid in common) / len(common),
                    b=sum(values_b[qid] for qid in common) / len(common),
                    p_value=paired_p_value(values_b, values_a, need_of),
                    n=len(common),
                )
            )
    changed = {qid: _gain(of_a[qid], of_b[qid]) for qid in shared}
    return Comparison(
        differences,
        won=_changed(of_a, of_b, [q for q in shared if changed[q] > _NOTICEABLE]),
        lost=_changed(of_a, of_b, [q for q in shared if changed[q] < -_NOTICEABLE]),
    )


def _values(records: dict[str, Record], qids: list[str], name: str) -> dict[str, float]:
    return {
        qid: records[qid]["measures"][name]
        for qid in qids
        if name in records[qid]["measures"]
    }


def _gain(a: Record, b: Record) -> float:
    """Return what a question gained: a right refusal or answer counts like a rank."""
    return sum(
        float(b["measures"][name]) - float(a["measures"][name])
        for name in (HEADLINE, "decided rightly")
        if name in a["measures"] and name in b["measures"]
    )


def _changed(
    of_a: dict[str, Record], of_b: dict[str, Record], qids: list[str]
) -> list[Changed]:
    return [
        Changed(qid, of_a[qid]["text"], _did(of_a[qid]), _did(of_b[qid]))
        for qid in qids
    ]


def _did(record: Record) -> str:
    if record["answer"] and record["answer"]["abstained"]:
        return f"refused ({record['answer']['reason_code']})"
    value = record["measures"].get(HEADLINE)
    first = record["cases"][0] if record["cases"] else "nothing"
    return first if value is None else f"{first} ({HEADLINE} {value:.2f})"
