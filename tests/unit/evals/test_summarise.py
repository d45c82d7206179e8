"""The summary of measured runs, against values worked out by hand."""

from __future__ import annotations

import pytest

from evals.measuring import measure
from evals.summarise import summarise
from evals.summary import (
    Percentiles,
    QuestionCounts,
    Refusals,
    WorstGroup,
    WorstQuestion,
    parse_summary,
    summary_json,
)
from tests.unit.evals.made_up_runs import (
    COLLECTION,
    CONDITIONS,
    HEAT,
    PARK,
    TRAM,
    answer,
    entry,
    judgements,
    question,
    run,
)

PIPE, PUMP = f"{HEAT}#costs.1", f"{HEAT}#costs.2"
RR = "case RR(rel=2)@10"
JUDGED = judgements(
    cases={"q1": {HEAT: 2, PARK: 0}, "q2": {TRAM: 2}, "q1-fi": {HEAT: 2, PARK: 0}},
    statements={"q1": {PIPE: 2}, "q1-fi": {PIPE: 2}},
)
Q1 = question("q1", kind="specific", theme="financing")
Q1_FI = question("q1-fi", kind="specific", theme="financing", need="q1", lang="fi")
Q2 = question("q2", kind="vague")
Q3 = question("q3", kind="near-miss", theme="financing", lang="fi")
OURS = run(
    entry(Q1, [HEAT, TRAM], answer(PIPE), ms=10, timings_ms={"embed": 1.0}),
    entry(Q1_FI, [PARK, HEAT], answer(PIPE, PUMP), ms=20, timings_ms={"embed": 3.0}),
    entry(Q2, [PARK], answer(reason_code="off-topic"), ms=30),
    entry(Q3, [PARK], answer(PIPE), ms=40),
)
STARTER = run(
    *[entry(e.question, [PARK, HEAT, TRAM], ms=5) for e in OURS.entries],
    system="starter",
)


def summarise_runs(*runs, judged=JUDGED, baseline="starter", twins=None):
    measured = [measure(run, judged, COLLECTION) for run in runs]
    return summarise(
        measured,
        judged,
        COLLECTION,
        baseline=baseline,
        conditions=CONDITIONS,
        twins=twins or {},
    )


def summarise_both(**changes):
    return summarise_runs(OURS, STARTER, **changes)


def means(table):
    """Return mean and number of questions by measure."""
    return {name: (found.mean, found.n) for name, found in table.items()}


def test_measure_when_a_system_answers():
    """Rankings, answers and decisions are measured together."""
    values = measure(OURS, JUDGED, COLLECTION).values
    assert values[RR] == {"q1": 1.0, "q1-fi": 1 / 2, "q2": 0.0}
    assert values["statement precision"] == {"q1": 1.0, "q1-fi": 1 / 2}
    assert values["decided rightly"] == {"q1": 1, "q1-fi": 1, "q2": 0, "q3": 0}


def test_measure_when_a_system_only_retrieves():
    """A system without answers has the measures of rankings alone."""
    values = measure(STARTER, JUDGED, COLLECTION).values
    assert values[RR] == {"q1": 1 / 2, "q1-fi": 1 / 2, "q2": 1 / 3}
    assert all(name.startswith("case ") for name in values)


def test_summarise_counts_questions():
    """Needs are counted once, whatever the number of their languages."""
    assert summarise_both().questions == QuestionCounts(
        all=4,
        answerable=3,
        unanswerable=1,
        information_needs=3,
        languages=["en", "fi"],
    )


def test_summarise_over_all_questions():
    """Means are over the questions that have the measure."""
    found = means(summarise_both().systems["ours"].all)
    assert found[RR] == (pytest.approx((1 + 1 / 2 + 0) / 3), 3)
    assert found["statement precision"] == (pytest.approx((1 + 1 / 2) / 2), 2)
    assert found["decided rightly"] == (pytest.approx(2 / 4), 4)


def test_summarise_by_language():
    """A language's means are over its questions, refusals of the others included."""
    by_language = summarise_both().systems["ours"].by_language
    assert list(by_language) == ["en", "fi"]
    assert means(by_language["en"])[RR] == (1 / 2, 2)  # q1 1, q2 0
    assert means(by_language["fi"])[RR] == (1 / 2, 1)
    assert means(by_language["fi"])["decided rightly"] == (1 / 2, 2)  # q1-fi 1, q3 0


def test_summarise_by_theme_and_kind():
    """Questions without a theme are in no theme; kinds are those of the answerable."""
    ours = summarise_both().systems["ours"]
    assert list(ours.by_theme) == ["financing"]
    assert list(ours.by_kind) == ["specific", "vague"]
    assert means(ours.by_kind["specific"])[RR] == (3 / 4, 2)


def test_summarise_compares_with_the_baseline():
    """Each common measure has a p-value; the baseline is not compared with itself."""
    found = summarise_both()
    assert found.baseline == "starter"
    assert found.systems["starter"].p_values == {}
    p_values = found.systems["ours"].p_values
    # Differences by need: q1 (1/2 + 0) / 2 = 1/4 and q2 -1/3, together -1/12. Of the
    # four sums 7/12, 1/12, -1/12 and -7/12 two are as low: 2 * 2 / 4 = 1.
    assert p_values[RR] == pytest.approx(1.0)
    assert "statement precision" not in p_values
    assert "case Judged@10" not in p_values


def test_summarise_when_the_baseline_was_not_run():
    """Without the baseline there is nothing to compare with, and it says so."""
    found = summarise_both(baseline="bm25")
    assert found.baseline is None
    assert found.systems["ours"].p_values == {}


def test_summarise_keeps_what_was_run():
    """What was run is kept, and the whole comes back from its JSON as it was."""
    found = summarise_both()
    assert (found.set, found.command) == ("dev", "mentorkb eval run")
    assert parse_summary(summary_json(found)) == found


def test_summarise_when_a_system_answers():
    """Refusals, their curve and the length of answers come with answers only."""
    systems = summarise_both().systems
    answers = systems["ours"].answers
    assert answers.refusals == Refusals(1, 3, {"near-miss": 1}, {"near-miss": 1})
    assert answers.statements_shown == pytest.approx((1 + 2 + 1) / 3)  # q2 refused
    assert len(answers.curve) == 101
    assert systems["starter"].answers is None


def test_summarise_refusals_by_group():
    """Both errors are counted by kind and by language."""
    answers = summarise_both().systems["ours"].answers
    by_kind = answers.refusals_by_kind
    assert {kind: counted.false_refusals for kind, counted in by_kind.items()} == {
        "near-miss": 0,
        "specific": 0,
        "vague": 1,
    }
    assert answers.refusals_by_language["fi"] == Refusals(
        0, 1, {"near-miss": 1}, {"near-miss": 1}
    )


def test_summarise_calibration():
    """Confidence .8 for three with an answer and one without: off by .8 - .75."""
    calibration = summarise_both().systems["ours"].answers.calibration
    assert calibration.error == pytest.approx(0.05)
    assert [one.n for one in calibration.bins] == [4]


def test_summarise_without_near_twins():
    """A question that was nearly known is left out, its translation is not."""
    found = summarise_both(twins={"q1": "learnt"})
    assert found.near_twins == {"q1": "learnt"}
    # Of q1 1, q1-fi 1/2 and q2 0 the last two.
    assert means(found.systems["ours"].without_near_twins)[RR] == (1 / 4, 2)
    assert summarise_both().systems["ours"].without_near_twins == {}


def test_summarise_times():
    """The median and the 95th percentile are in milliseconds, for whole and stages."""
    systems = summarise_both().systems
    # 10 20 30 40: the median lies between 20 and 30, 95% at 30 + 0.85 * 10
    assert systems["ours"].speed_ms == {
        "search and answer": Percentiles(25.0, 38.5),
        "embed": Percentiles(2.0, 2.9),
    }
    assert systems["starter"].speed_ms == {"search": Percentiles(5.0, 5.0)}


def groups_of(sizes, statements=(PIPE,)):
    """Return a run with as many right questions a language, the last one wrong."""
    entries = [
        entry(
            question(f"{lang}{n}", lang=lang),
            [HEAT if n < right else PARK],
            answer(*(statements if n < right else [f"{TRAM}#costs.1"])),
        )
        for lang, (size, right) in sizes.items()
        for n in range(size)
    ]
    qids = [e.question.qid for e in entries]
    judged = judgements(
        {qid: {HEAT: 2} for qid in qids}, {}, {qid: {PIPE: 2} for qid in qids}
    )
    found = summarise_runs(run(*entries), judged=judged)
    return found.systems["ours"].worst_language


def test_worst_language_when_sizes_differ():
    """The lowest mean counts among languages with five questions or more."""
    worst = groups_of({"en": (5, 4), "hu": (5, 3), "ro": (4, 0)})
    assert worst[RR] == WorstGroup("hu", 3 / 5)


def test_worst_language_when_two_are_equal():
    """Of two languages with the same mean the first by name is shown."""
    assert groups_of({"hu": (5, 3), "en": (5, 3)})[RR].group == "en"


def test_worst_language_when_all_are_small():
    """With few questions everywhere there is no worst language."""
    assert groups_of({"en": (4, 1), "hu": (4, 2)}) == {}


def test_worst_language_when_a_measure_is_no_quality():
    """Shares of what was judged have no worst language: higher is not better."""
    worst = groups_of({"en": (5, 5), "hu": (5, 0)})
    assert "case Judged@10" not in worst
    assert "statements unjudged" not in worst


def test_worst_questions_begin_with_misses():
    """Wrong refusals and missed cases come first, then the lowest nDCG, then the id."""
    found = summarise_both().worst_questions
    assert [item.qid for item in found] == ["q2", "q1-fi", "q1"]
    assert found[0] == WorstQuestion(
        qid="q2",
        lang="en",
        kind="vague",
        text="Why q2?",
        abstained=True,
        reason="For a reason.",
        value=0.0,
        found=[PARK],
        wanted=[TRAM],
    )


def test_worst_questions_end_at_twenty():
    """A report shows the twenty worst."""
    entries = [entry(question(f"q{n:02}"), [PARK], answer(PIPE)) for n in range(25)]
    judged = judgements({e.question.qid: {HEAT: 2} for e in entries})
    found = summarise_runs(run(*entries), judged=judged)
    assert [q.qid for q in found.worst_questions] == [f"q{n:02}" for n in range(20)]


def test_summarise_when_no_system_answers():
    """Without an answering system there are no worst questions."""
    found = summarise_runs(STARTER)
    assert found.worst_questions == []


def test_estimates_in_a_summary_have_their_interval():
    """Every mean comes with a 95% interval around it."""
    found = summarise_both().systems["ours"].all[RR]
    assert found.low <= found.mean <= found.high
    assert found.low < found.high
