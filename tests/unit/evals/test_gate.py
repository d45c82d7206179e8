"""The gate: what is stored, and when a change falls through."""

from __future__ import annotations

import json

import pytest

from evals.errors import QuestionSetError
from evals.experiment import QuestionSet
from evals.gate import (
    CALIBRATION,
    GATED,
    Check,
    Gated,
    check_against,
    gate_questions,
    store_baseline,
)
from evals.measuring import measure
from tests.unit.evals.made_up_runs import (
    COLLECTION,
    HEAT,
    answer,
    entry,
    judgements,
    question,
    run,
)

PIPE = f"{HEAT}#costs.1"


def gated(value, n=6, **changed):
    """Return every gated measure with one value for each of n questions."""
    return Gated(
        {name: {f"q{i}": changed.get(name, value) for i in range(n)} for name in GATED}
    )


def confident(*confidences):
    """Return confidences of questions, the first half of which has an answer."""
    qids = [f"q{i}" for i in range(len(confidences))]
    return Gated(
        gated(0.5, n=len(confidences)).values,
        dict(zip(qids, confidences, strict=True)),
        {qid: i < len(qids) / 2 for i, qid in enumerate(qids)},
    )


@pytest.fixture
def baseline(tmp_path):
    return tmp_path / "baseline.json"


def worse(now, baseline):
    """Return which measures of `dev` are worse than in the baseline."""
    return [c.measure for c in check_against({"dev": now}, baseline) if c.is_worse]


def test_check_against_when_nothing_changed(baseline):
    """The state that was stored passes, set by set."""
    sets = {"dev": gated(0.5), "broad-dev": gated(0.25)}
    store_baseline(sets, baseline, {})
    assert check_against(sets, baseline) == [
        Check(of, name, before=value, now=value, p_value=1.0)
        for of, value in (("dev", 0.5), ("broad-dev", 0.25))
        for name in GATED
    ]


@pytest.mark.parametrize("value", [1 / 3, 2 / 3], ids=["1/3", "2/3"])
def test_check_against_when_a_value_has_many_digits(baseline, value):
    """An unchanged state passes whatever its values: storing must not move them."""
    store_baseline({"dev": gated(value, n=10)}, baseline, {})
    checks = check_against({"dev": gated(value, n=10)}, baseline)
    assert {(check.is_worse, check.p_value) for check in checks} == {(False, 1.0)}


def test_check_against_when_a_measure_falls(baseline):
    """A fall on all of six questions is more than noise: 2 / 64."""
    store_baseline({"dev": gated(0.5)}, baseline, {})
    now = gated(0.5, **{"must-hold recall": 0.25})
    checks = {c.measure: c for c in check_against({"dev": now}, baseline)}
    fallen = checks["must-hold recall"]
    assert (fallen.before, fallen.now) == (0.5, 0.25)
    assert fallen.p_value == pytest.approx(2 / 64)
    assert worse(now, baseline) == ["must-hold recall"]


def test_check_against_when_few_questions_fall(baseline):
    """A fall on all of five questions may be noise: 2 / 32."""
    store_baseline({"dev": gated(0.5, n=5)}, baseline, {})
    assert worse(gated(0.25, n=5), baseline) == []


def test_check_against_when_a_measure_rises(baseline):
    """Getting better is no failure, however clear."""
    store_baseline({"dev": gated(0.5, n=12)}, baseline, {})
    checks = check_against({"dev": gated(0.75, n=12)}, baseline)
    assert all(check.p_value < 0.05 for check in checks)
    assert worse(gated(0.75, n=12), baseline) == []


def test_check_against_when_a_question_is_refused_now(baseline):
    """A refusal has no precision: it is compared over what was answered both times."""
    store_baseline({"dev": gated(0.5)}, baseline, {})
    now = gated(0.5)
    del now.values["statement precision"]["q0"]
    assert worse(now, baseline) == []


# Ten with an answer, ten without: two bins of ten.
CALIBRATED = confident(*[0.9] * 10, *[0.1] * 10)
"""Error .1: nine of ten where ten have an answer, one of ten where none has."""
TURNED = confident(*[0.1] * 10, *[0.9] * 10)


def test_check_against_when_the_calibration_error_rises(baseline):
    """The one measure that may not rise is compared over the set as a whole."""
    store_baseline({"dev": CALIBRATED}, baseline, {})
    (check,) = [
        c for c in check_against({"dev": TURNED}, baseline) if c.measure == CALIBRATION
    ]
    assert (check.before, check.now) == pytest.approx((0.1, 0.9))
    assert check.is_worse


def test_check_against_when_the_calibration_error_falls(baseline):
    """A confidence that is nearer to the truth is no failure."""
    store_baseline({"dev": TURNED}, baseline, {})
    assert worse(CALIBRATED, baseline) == []


def test_check_against_when_other_questions_were_measured(baseline):
    """A baseline of other questions is refused, with the set and the remedy."""
    store_baseline({"dev": gated(0.5, n=6)}, baseline, {})
    with pytest.raises(QuestionSetError, match="'dev'.*other questions.*--update"):
        check_against({"dev": gated(0.5, n=7)}, baseline)


def test_check_against_when_the_baseline_is_older(baseline):
    """A baseline of `dev` alone is read; what it lacks is not checked."""
    older = {"decided rightly": {"q0": 1.0}, "case nDCG@10": {"q0": 0.5}}
    baseline.write_text(json.dumps({"measures": older}), encoding="utf-8")
    sets = {"dev": gated(0.5, n=1), "broad-dev": gated(0.5)}
    assert [(c.set_name, c.measure) for c in check_against(sets, baseline)] == [
        ("dev", "case nDCG@10"),
        ("dev", "decided rightly"),
    ]


@pytest.mark.parametrize(
    "content", [None, "{", '{"about": 1}', "[]"], ids=["none", "broken", "key", "list"]
)
def test_check_against_when_there_is_no_baseline(baseline, content):
    """A missing or broken baseline is named, with how to make one."""
    if content is not None:
        baseline.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionSetError, match="cannot be read.*--update") as caught:
        check_against({"dev": gated(0.5)}, baseline)
    assert caught.value.path == str(baseline)


def test_store_baseline_says_what_it_was_measured_on(baseline):
    """The file holds what is told about the run, and the gated measures only."""
    found = gated(0.5)
    found.values["other"] = {"q1": 1.0}
    store_baseline({"dev": found}, baseline, {"command": "gate"})
    stored = json.loads(baseline.read_text(encoding="utf-8"))
    assert stored["command"] == "gate"
    assert stored["sets"]["dev"]["measures"] == gated(0.5).values


def test_gated_of_a_run():
    """What is gated comes from the run: measures, confidences, who has an answer."""
    known, refused = question("q1"), question("q2", kind="near-miss")
    done = run(
        entry(known, [HEAT], answer(PIPE, confidence=0.75)),
        entry(refused, [], answer(reason_code="off-topic", confidence=0.25)),
    )
    found = Gated.of(measure(done, judgements({"q1": {HEAT: 2}}), COLLECTION))
    assert found.values["decided rightly"] == {"q1": 1, "q2": 1}
    assert found.confidence == {"q1": 0.75, "q2": 0.25}
    assert found.answerable == {"q1": True, "q2": False}


def test_gate_questions_leaves_translations_out():
    """The gate asks each need once, answerable or not, with the same judgements."""
    own, refused = question("q1"), question("q2", kind="near-miss")
    judged = judgements({"q1": {"a/x": 2}})
    asked = QuestionSet("dev", [own, question("q1-fi", need="q1"), refused], judged)
    assert gate_questions(asked) == QuestionSet("dev", [own, refused], judged)
