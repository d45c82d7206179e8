"""What an ingestion says that it did: states, counts, exit codes, and the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.report import STATES, FileOutcome, IngestReport
from ingest.terminal import problem_text, report_text
from kb.index.embed import ENGLISH_ONLY_WARNING
from kb.index.manifest import Counts
from kb.types import Problem

BROKEN = Problem("a/broken.md", 3, "date", "error", "no date.", "Add it.")
SCANNED = Problem("a/scan.pdf", None, "no-text", "warning", "no text.", "Scan it.")
OUTCOMES = [
    FileOutcome("a/broken.md", "rejected", 0.1),
    FileOutcome("a/gone.md", "removed", 0.0),
    FileOutcome("a/new.md", "added", 1.25),
    FileOutcome("a/other.md", "changed", 0.5),
    FileOutcome("a/same.md", "unchanged", 0.0),
    FileOutcome("a/scan.pdf", "added", 2.0),
]
REPORT = IngestReport(
    generation="one",
    unchanged=False,
    counts=Counts(cities=1, cases=4, passages=5, statements=6, open_questions=7),
    outcomes=OUTCOMES,
    rejected=[BROKEN],
    warnings=[SCANNED],
    embedded=8,
    from_cache=9,
    model_id="fake",
    multilingual=True,
    seconds=12.34,
    seconds_by_step={"Reading files": 3.5, "Computing vectors": 8.25},
)


def lines(report: IngestReport) -> list[str]:
    return report_text(report).splitlines()


def test_states_count_every_outcome():
    """Every state has a number, also the one that no file came to."""
    assert REPORT.states == {
        "added": 2,
        "changed": 1,
        "removed": 1,
        "unchanged": 1,
        "rejected": 1,
    }
    nothing = replace(REPORT, outcomes=[])
    assert nothing.states == dict.fromkeys(STATES, 0)


def test_files_are_those_that_are_there():
    """A file that was removed is no file of the corpus; a rejected one is."""
    assert REPORT.files == 5


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rejected": []}, 0),
        ({"rejected": [], "unchanged": True}, 0),
        ({}, 1),
        ({"unchanged": True}, 1),
        ({"generation": None}, 2),
        ({"generation": None, "rejected": []}, 2),
    ],
    ids=[
        "published",
        "unchanged",
        "files left out",
        "unchanged and files left out",
        "nothing published",
        "no files",
    ],
)
def test_exit_code(changes, code):
    """0 published, 1 published with files left out, 2 nothing published."""
    assert replace(REPORT, **changes).exit_code == code


def test_exit_code_when_there_are_only_warnings():
    """What could not be read of a file that was is no failure."""
    assert replace(REPORT, rejected=[], warnings=[SCANNED]).exit_code == 0


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (BROKEN, "a/broken.md:3: error [date] no date. Add it."),
        (SCANNED, "a/scan.pdf: warning [no-text] no text. Scan it."),
    ],
    ids=["with a line", "whole file"],
)
def test_problem_text(problem, text):
    """A problem is one line that begins with where it is."""
    assert problem_text(problem) == text


def test_report_text():
    """What was left out comes first, then what is new, then the counts."""
    assert lines(REPORT) == [
        "left out: a/broken.md:3: error [date] no date. Add it.",
        "warning: a/scan.pdf: warning [no-text] no text. Scan it.",
        "removed: a/gone.md",
        "added: a/new.md (1.2 s)",
        "changed: a/other.md (0.5 s)",
        "added: a/scan.pdf (2.0 s)",
        "5 files: 2 added, 1 changed, 1 removed, 1 unchanged, 1 rejected.",
        "Published: 4 cases of 1 cities, 5 passages, 6 statements, 7 open questions. "
        "8 vectors computed, 9 from the cache.",
        "12.3 s (reading files 3.5, computing vectors 8.2).",
    ]


def test_report_text_when_nothing_changed():
    """An index that was up to date is not said to be published."""
    report = replace(
        REPORT,
        unchanged=True,
        outcomes=[FileOutcome("a/same.md", "unchanged", 0.0)],
        seconds_by_step={},
    )
    text = report_text(report)
    assert "Already up to date: 4 cases" in text
    assert "Published" not in text
    assert text.endswith("\n12.3 s.")


def test_report_text_when_nothing_is_published():
    """Without a usable file there are no counts to tell."""
    report = replace(REPORT, generation=None, counts=None)
    assert lines(report)[-1].startswith("Nothing was published: no file holds")
    assert "vectors" not in report_text(report)


@pytest.mark.parametrize(
    ("n", "rest"), [(20, None), (21, "… and 1 more.")], ids=["20", "21"]
)
def test_report_text_when_very_much_is_new(n, rest):
    """Of the files that are new at most twenty are listed, and the rest counted."""
    news = [FileOutcome(f"a/{i:02}.md", "added", 0.0) for i in range(n)]
    shown = lines(replace(REPORT, outcomes=news))
    assert len([line for line in shown if line.startswith("added: ")]) == 20
    assert [line for line in shown if line.startswith("… ")] == ([rest] if rest else [])
    assert f"{n} files: {n} added," in "\n".join(shown)


def test_report_text_when_only_english_is_understood():
    """The fallback model is told at the end, where it is not missed."""
    text = report_text(replace(REPORT, multilingual=False))
    assert text.endswith(f"Warning: {ENGLISH_ONLY_WARNING}")
