"""The gate: a stored baseline that a change must not undercut beyond noise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.experiment import QuestionSet
from evals.ranking import PerQuestion
from evals.statistics import paired_p_value
from kb.errors import QuestionSetError

BASELINE_FILE = Path(__file__).with_name("baseline.json")
GATED = (
    "case nDCG@10",
    "case R(rel=2)@5",
    "passage nDCG@10",
    "must-hold recall",
    "statement precision",
    "decided rightly",
)
"""Measures that may not fall."""
_DIGITS = 4
_NOISE = 0.05
"""A fall counts when chance explains it with a smaller probability than this."""


@dataclass(frozen=True)
class Check:
    """One gated measure, before and now, over the questions that both have."""

    measure: str
    before: float
    now: float
    p_value: float

    @property
    def has_fallen(self) -> bool:
        """Whether it is lower than noise explains."""
        return self.now < self.before and self.p_value < _NOISE


def gate_questions(question_set: QuestionSet) -> QuestionSet:
    """Return the questions of a set that are no translations: enough for a gate."""
    own = [question for question in question_set.questions if not question.need]
    return QuestionSet(question_set.name, own, question_set.judgements)


def store_baseline(values: PerQuestion, path: Path, about: dict[str, str]) -> None:
    """Write the gated measures of a run as the new baseline."""
    measures = {
        name: {qid: round(v, _DIGITS) for qid, v in sorted(values[name].items())}
        for name in GATED
    }
    text = json.dumps({**about, "measures": measures}, indent=0, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def check_against(values: PerQuestion, path: Path) -> Sequence[Check]:
    """Compare a run with the stored baseline.

    Raises:
        QuestionSetError: There is no baseline, or it holds other questions.
    """
    remedy = "Run `mentorkb eval gate --update` on a state that you trust."
    try:
        measures = json.loads(path.read_text(encoding="utf-8"))["measures"]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise QuestionSetError(
            f"the baseline cannot be read ({exc}).", remedy, path=str(path)
        ) from exc
    checks = []
    for name in GATED:
        before = measures.get(name, {})
        now = {qid: round(v, _DIGITS) for qid, v in values.get(name, {}).items()}
        if before.keys() != now.keys():
            raise QuestionSetError(
                f"the baseline of {name!r} was measured on other questions.",
                remedy,
                path=str(path),
            )
        checks.append(
            Check(
                name,
                before=sum(before.values()) / len(before),
                now=sum(now.values()) / len(now),
                # The gate asks no translations, so that each question is its own need.
                p_value=paired_p_value(now, before, {}),
            )
        )
    return checks
