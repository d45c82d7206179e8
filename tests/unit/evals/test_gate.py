"""The gate: what is stored, and when a change falls through."""

from __future__ import annotations

import json

import pytest

from evals.experiment import QuestionSet
from evals.gate import GATED, Check, check_against, gate_questions, store_baseline
from kb.errors import QuestionSetError
from tests.unit.evals.made_up_runs import judgements, question


def values(value, n=6):
    """Return every gated measure with one value for each of n questions."""
    return {name: {f"q{i}": value for i in range(n)} for name in GATED}


@pytest.fixture
def baseline(tmp_path):
    return tmp_path / "baseline.json"


def test_check_against_when_nothing_changed(baseline):
    """The state that was stored passes."""
    store_baseline(values(0.5), baseline, {})
    assert check_against(values(0.5), baseline) == [
        Check(name, before=0.5, now=0.5, p_value=1.0) for name in GATED
    ]


@pytest.mark.parametrize("value", [1 / 3, 2 / 3], ids=["1/3", "2/3"])
def test_check_against_when_a_value_has_many_digits(baseline, value):
    """An unchanged state passes whatever its values: storing must not move them."""
    store_baseline(values(value, n=10), baseline, {})
    checks = check_against(values(value, n=10), baseline)
    assert not any(check.has_fallen for check in checks)
    assert {check.p_value for check in checks} == {1.0}


def test_check_against_when_a_measure_falls(baseline):
    """A fall on all of six questions is more than noise: 2 / 64."""
    store_baseline(values(0.5), baseline, {})
    now = values(0.5) | {"must-hold recall": values(0.25)["must-hold recall"]}
    checks = {check.measure: check for check in check_against(now, baseline)}
    fallen = checks["must-hold recall"]
    assert (fallen.before, fallen.now) == (0.5, 0.25)
    assert fallen.p_value == pytest.approx(2 / 64)
    assert [name for name, check in checks.items() if check.has_fallen] == [
        "must-hold recall"
    ]


def test_check_against_when_few_questions_fall(baseline):
    """A fall on all of five questions may be noise: 2 / 32."""
    store_baseline(values(0.5, n=5), baseline, {})
    checks = check_against(values(0.25, n=5), baseline)
    assert not any(check.has_fallen for check in checks)


def test_check_against_when_a_measure_rises(baseline):
    """Getting better is no failure, however clear."""
    store_baseline(values(0.5, n=12), baseline, {})
    checks = check_against(values(0.75, n=12), baseline)
    assert all(check.p_value < 0.05 for check in checks)
    assert not any(check.has_fallen for check in checks)


def test_check_against_when_other_questions_were_measured(baseline):
    """A baseline of other questions is refused, with the measure and the remedy."""
    store_baseline(values(0.5, n=6), baseline, {})
    with pytest.raises(QuestionSetError, match="'case nDCG@10'.*other.*--update"):
        check_against(values(0.5, n=7), baseline)


@pytest.mark.parametrize(
    "content", [None, "{", '{"about": 1}', "[]"], ids=["none", "broken", "key", "list"]
)
def test_check_against_when_there_is_no_baseline(baseline, content):
    """A missing or broken baseline is named, with how to make one."""
    if content is not None:
        baseline.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionSetError, match="cannot be read.*--update") as caught:
        check_against(values(0.5), baseline)
    assert caught.value.path == str(baseline)


def test_store_baseline_says_what_it_was_measured_on(baseline):
    """The file holds what is told about the run, and the gated measures only."""
    store_baseline(values(0.5) | {"other": {"q1": 1.0}}, baseline, {"command": "gate"})
    stored = json.loads(baseline.read_text(encoding="utf-8"))
    assert stored["command"] == "gate"
    assert stored["measures"] == values(0.5)


def test_gate_questions_leaves_translations_out():
    """The gate asks each need once, answerable or not, with the same judgements."""
    own, refused = question("q1"), question("q2", kind="near-miss")
    judged = judgements({"q1": {"a/x": 2}})
    asked = QuestionSet("dev", [own, question("q1-fi", need="q1"), refused], judged)
    assert gate_questions(asked) == QuestionSet("dev", [own, refused], judged)
