"""The gate: a stored baseline that a change must not undercut beyond noise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from evals.calibration import confidences, error_p_value, measure_reliability
from evals.errors import QuestionSetError
from evals.experiment import QuestionSet
from evals.measuring import MeasuredRun
from evals.other_material import LANGUAGES, MEASURES, NAME, FoundElsewhere
from evals.ranking import PerQuestion
from evals.statistics import paired_p_value

BASELINE_FILE = Path(__file__).with_name("baseline.json")
GATED = (
    "case nDCG@10",
    "case R(rel=2)@5",
    "passage nDCG@10",
    "must-hold recall",
    "statement precision",
    "statement recall",
    "first statement answers",
    "citation recall",
    "named cities answered",
    "decided rightly",
    *MEASURES,
)
"""Measures that may not fall, where a set has them."""
CALIBRATION = "calibration error"
"""The measure that may not rise."""
REMEDY = "Run `mentorkb eval gate --update` on a state that you trust."
_DIGITS = 4
_NOISE = 0.05
"""A change for the worse counts when chance explains it with a smaller probability."""


@dataclass(frozen=True)
class Gated:
    """What the gate looks at of one set of questions."""

    values: PerQuestion
    """The measures of `GATED`."""
    confidence: dict[str, float] = field(default_factory=dict)
    """By question id; empty in a baseline of before it was kept."""
    answerable: dict[str, bool] = field(default_factory=dict)
    """Whether the corpus answers it, by question id."""

    @classmethod
    def of(cls, measured: MeasuredRun) -> Self:
        """Return what is gated of a run."""
        questions = [entry.question for entry in measured.run.entries]
        return cls(
            measured.values,
            confidences(measured.run),
            {question.qid: question.is_answerable for question in questions},
        )

    def rounded(self) -> dict[str, PerQuestion | dict[str, float]]:
        """Return what a baseline keeps."""
        return {
            "measures": {name: _rounded(self.values.get(name, {})) for name in GATED},
            "confidence": _rounded(self.confidence),
        }


@dataclass(frozen=True)
class Check:
    """One gated measure of a set, before and now, over the questions that both have."""

    set_name: str
    measure: str
    before: float
    now: float
    p_value: float

    @property
    def is_worse(self) -> bool:
        """Whether it is worse than noise explains."""
        rise = self.now - self.before
        change = -rise if self.measure == CALIBRATION else rise
        return change < 0 and self.p_value < _NOISE


def gate_questions(question_set: QuestionSet) -> QuestionSet:
    """Return the questions of a set that are no translations: enough for a gate."""
    own = [question for question in question_set.questions if not question.need]
    return QuestionSet(question_set.name, own, question_set.judgements)


def store_baseline(
    sets: Mapping[str, Gated], path: Path, about: Mapping[str, str]
) -> None:
    """Write the gated measures of each set, by its name, as the new baseline."""
    kept = {name: gated.rounded() for name, gated in sets.items()}
    text = json.dumps({**about, "sets": kept}, indent=0, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def check_against(sets: Mapping[str, Gated], path: Path) -> Sequence[Check]:
    """Compare sets with the stored baseline, by their names.

    A set or a measure that the baseline lacks is not checked: it begins with the next
    ``--update``.

    Raises:
        QuestionSetError: There is no baseline, or it holds other questions.
    """
    stored = _read(path)
    return [
        check
        for name, gated in sets.items()
        if name in stored
        for check in _check(name, stored[name], gated, path)
    ]


def _read(path: Path) -> dict[str, Gated]:
    """Return what is stored of each set; an older baseline holds `dev` alone."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        sets = whole.get("sets", {"dev": whole})
        return {
            name: Gated(kept["measures"], kept.get("confidence", {}))
            for name, kept in sets.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise QuestionSetError(
            f"the baseline cannot be read ({exc}).", REMEDY, path=str(path)
        ) from exc


def _check(set_name: str, stored: Gated, gated: Gated, path: Path) -> Sequence[Check]:
    decided = stored.values.get("decided rightly", {})
    if decided.keys() != gated.values.get("decided rightly", {}).keys():
        raise QuestionSetError(
            f"the baseline of '{set_name}' was measured on other questions.",
            REMEDY,
            path=str(path),
        )
    checks = [
        _paired(set_name, name, before, _rounded(gated.values.get(name, {})))
        for name in GATED
        if (before := stored.values.get(name))
    ]
    before = stored.confidence
    now = _rounded({qid: c for qid, c in gated.confidence.items() if qid in before})
    reliability = [measure_reliability(one, gated.answerable) for one in (before, now)]
    if reliability[0] and reliability[1]:
        checks.append(
            Check(
                set_name,
                CALIBRATION,
                before=reliability[0].error,
                now=reliability[1].error,
                p_value=error_p_value(now, before, gated.answerable),
            )
        )
    return checks


def check_likeness(found: FoundElsewhere) -> Sequence[Check]:
    """Compare finding on other material with the similarities that it rests on."""
    return [
        _paired(
            NAME, f"beside likeness, {language}", found.by_likeness[m], found.ours[m]
        )
        for language, m in zip(LANGUAGES, MEASURES, strict=True)
    ]


def _paired(
    set_name: str, name: str, before: Mapping[str, float], now: Mapping[str, float]
) -> Check:
    # A refusal has no precision: only questions answered both times can be compared.
    shared = before.keys() & now.keys()
    n = max(1, len(shared))
    return Check(
        set_name,
        name,
        before=sum(before[qid] for qid in shared) / n,
        now=sum(now[qid] for qid in shared) / n,
        # The gate asks no translations, so that each question is its own need.
        p_value=paired_p_value(now, before, {}),
    )


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {qid: round(value, _DIGITS) for qid, value in sorted(values.items())}
