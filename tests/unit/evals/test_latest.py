"""The latest figures: taken from a run's summary, stored, read back, refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evals.errors import QuestionSetError
from evals.latest import (
    FURTHER,
    LATEST_FILE,
    MEASURES,
    read_latest,
    store_latest,
)
from evals.measuring import measure
from evals.questions import UNANSWERABLE, Split
from evals.summarise import summarise
from evals.summary import Estimate, summary_json
from tests.unit.evals.made_up_runs import (
    COLLECTION,
    CONDITIONS,
    HEAT,
    TRAM,
    answer,
    entry,
    judgements,
    question,
    run,
)

SUCCESS = "case Success(rel=2)@5"
JUDGED = judgements(cases={"q1": {HEAT: 2}, "q2": {TRAM: 2}, "q3": {TRAM: 2}})
OURS = run(
    entry(question("q1"), [HEAT], answer(f"{HEAT}#costs.1", f"{HEAT}#costs.2")),
    entry(question("q2", lang="fi"), [HEAT], answer(f"{HEAT}#costs.1")),
    entry(question("q3", lang="el"), [HEAT], answer(reason_code="off-topic")),
    entry(question("q4", kind="near-miss"), [HEAT], answer(f"{HEAT}#costs.1")),
)
RUN_ON_TEST = replace(CONDITIONS, set="test")


def results(folder: Path, *, system: str = "ours", **changes: object) -> Path:
    """Write the summary of an invented run into a folder."""
    summary = summarise(
        [measure(replace(OURS, system=system), JUDGED, COLLECTION)],
        JUDGED,
        COLLECTION,
        baseline="starter",
        conditions=RUN_ON_TEST,
    )
    # The invented run has no judgements for some measures.
    measured = summary.systems[system]
    for means in measured.all, measured.by_language["en"]:
        for name in MEASURES:
            means.setdefault(name, Estimate(1.0, 1.0, 1.0, 1))
    text = json.dumps(json.loads(summary_json(summary)) | changes)
    (folder / "summary.json").write_text(text, encoding="utf-8")
    return folder


def test_store_latest_can_be_read_back(tmp_path):
    """What is stored says when, how and on what it was measured, and reads the same."""
    path = tmp_path / "latest.json"
    stored = store_latest([results(tmp_path)], path)
    assert read_latest(path) == stored
    assert (stored.command, stored.corpus_digest) == (CONDITIONS.command, "c0de")
    assert (stored.questions.all, stored.questions.answerable) == (4, 3)
    assert stored.statements_shown == 1.3  # (2 + 1 + 1) / 3 answers


def test_store_latest_keeps_means_with_their_intervals(tmp_path):
    """A figure is a rounded mean with its interval and its number of questions."""
    stored = store_latest([results(tmp_path)], tmp_path / "latest.json")
    assert stored.measures[SUCCESS].mean == 0.3333  # q1 of three
    assert stored.measures[SUCCESS].n == 3
    assert stored.by_language["en"][SUCCESS] == Estimate(mean=1, low=1, high=1, n=1)
    assert set(MEASURES) <= set(stored.measures) <= {*MEASURES, *FURTHER}
    # Statements were judged for no question: nothing is known of the first.
    assert "first statement answers" not in stored.measures


def test_store_latest_counts_refusals(tmp_path):
    """Both errors are counted: refused with an answer, answered without one."""
    refusals = store_latest([results(tmp_path)], tmp_path / "latest.json").refusals
    assert (refusals.false_refusals, refusals.answerable) == (1, 3)
    assert refusals.wrongly_answered == {"near-miss": 1}
    assert refusals.unanswerable == {"near-miss": 1}
    stored = read_latest(tmp_path / "latest.json")
    of_greek = stored.refusals_by_language["el"]
    assert (of_greek.false_refusals, of_greek.answerable) == (1, 1)
    assert stored.by_kind == {}
    # Confidence .8 for three questions with an answer and one without.
    assert stored.calibration_error == 0.05


@pytest.fixture
def several(tmp_path):
    """Return a function that leaves the results of a set in a folder of its own."""

    def leave(name: str, **changes: str) -> Path:
        folder = tmp_path / f"results-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return results(folder, set=name, **changes)

    return leave


def test_store_latest_of_several_sets(tmp_path, several):
    """Other sets stand beside the test questions, in the order of reports."""
    path = tmp_path / "latest.json"
    folders = [several(name) for name in ("broad-test", "test", "others")]
    stored = store_latest(folders, path)
    assert list(stored.beside) == ["others", "broad-test"]
    assert stored.beside[Split.OTHERS].measures == stored.measures
    assert read_latest(path) == stored


def test_store_latest_without_the_test_questions(tmp_path, several):
    """Other sets alone are not stored: they stand beside the test questions."""
    path = tmp_path / "latest.json"
    with pytest.raises(QuestionSetError, match="of others only.*--split test"):
        store_latest([several("others")], path)
    assert not path.exists()


def test_store_latest_when_a_set_is_named_twice(tmp_path, several):
    """Two results of one set contradict each other."""
    with pytest.raises(QuestionSetError, match="'test', and so are others"):
        store_latest([several("test"), several("test")], tmp_path / "latest.json")


def test_store_latest_when_the_states_differ(tmp_path, several):
    """Figures side by side are of the same cases, model and settings."""
    folders = [several("test"), several("others", corpus_digest="other")]
    with pytest.raises(QuestionSetError, match="others and test.*different states"):
        store_latest(folders, tmp_path / "latest.json")


def test_read_latest_when_it_is_older(tmp_path):
    """A file of before other sets and further measures were kept is read."""
    path = tmp_path / "latest.json"
    store_latest([results(tmp_path)], path)
    older = json.loads(path.read_text(encoding="utf-8"))
    for key in ("beside", "by_kind", "refusals_by_language", "calibration_error"):
        del older[key]
    path.write_text(json.dumps(older), encoding="utf-8")
    found = read_latest(path)
    assert (found.beside, found.calibration_error) == ({}, None)


def test_worst_languages(tmp_path):
    """Languages come worst first, equal ones by their code."""
    stored = store_latest([results(tmp_path)], tmp_path / "latest.json")
    worst = [code for code, _ in stored.worst_languages(SUCCESS)]
    assert worst == ["el", "fi", "en"]
    assert stored.worst_languages("no such measure") == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"set": "dev"}, "of the set 'dev'.*--split test"),
        ({"system": "bm25"}, "the systems bm25; .*--system ours"),
    ],
    ids=["other questions", "other system"],
)
def test_store_latest_when_something_else_was_measured(tmp_path, changes, message):
    """Only the shipped test questions, asked of ours, become the latest figures."""
    path = tmp_path / "latest.json"
    with pytest.raises(QuestionSetError, match=message):
        store_latest([results(tmp_path, **changes)], path)
    assert not path.exists()


@pytest.mark.parametrize(
    ("ours", "message"),
    [
        ({}, "systems.ours.all: Field required"),
        ([], "systems.ours: Input should be an object"),
    ],
    ids=["empty", "list"],
)
def test_store_latest_when_the_results_lack_something(tmp_path, ours, message):
    """A wrong file is named with what it lacks, and the stored figures stay."""
    path = tmp_path / "latest.json"
    before = store_latest([results(tmp_path)], path)
    with pytest.raises(QuestionSetError, match=rf"{message}.*mentorkb eval run"):
        store_latest([results(tmp_path, systems={"ours": ours})], path)
    assert read_latest(path) == before


def test_store_latest_when_nothing_was_answered(tmp_path):
    """A run that only retrieved has no figures on answers and refusals."""
    summary = json.loads((results(tmp_path) / "summary.json").read_text("utf-8"))
    summary["systems"]["ours"]["answers"] = None
    with pytest.raises(QuestionSetError, match=r"ours has no answers.*mentorkb eval"):
        store_latest(
            [results(tmp_path, systems=summary["systems"])], tmp_path / "latest.json"
        )


def test_store_latest_when_a_measure_is_missing(tmp_path):
    """Figures without a measure that the page shows are not stored."""
    path = tmp_path / "latest.json"
    store_latest([results(tmp_path)], path)
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    del summary["systems"]["ours"]["all"][SUCCESS]
    with pytest.raises(QuestionSetError, match=r"without the measures case Success"):
        store_latest([results(tmp_path, systems=summary["systems"])], path)
    assert SUCCESS in read_latest(path).measures


@pytest.mark.parametrize("text", [None, "no JSON", "[]"], ids=["none", "text", "list"])
def test_store_latest_when_there_are_no_results(tmp_path, text):
    """A folder without readable results is named, with the command that makes them."""
    if text is not None:
        (tmp_path / "summary.json").write_text(text, encoding="utf-8")
    with pytest.raises(QuestionSetError, match=r"summary\.json: .*mentorkb eval run"):
        store_latest([tmp_path], tmp_path / "latest.json")


@pytest.mark.parametrize("text", [None, "{}"], ids=["no file", "nothing in it"])
def test_read_latest_when_it_cannot_be_read(tmp_path, text):
    """A missing or broken file is named, with the command that writes it."""
    path = tmp_path / "latest.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionSetError, match=r"latest\.json: .*mentorkb eval latest"):
        read_latest(path)


def test_shipped_figures_are_complete():
    """The shipped file holds every measure, language and kind of refusal."""
    shipped = read_latest(LATEST_FILE)
    assert set(MEASURES) <= set(shipped.measures)
    assert sorted(shipped.by_language) == shipped.questions.languages
    kinds = list(shipped.refusals.unanswerable)
    assert len(kinds) == 5
    assert kinds == [kind for kind in UNANSWERABLE if kind in kinds]
    assert "--split test" in shipped.command
