"""What is wrong with the corpus: the check on demand, and the last ingestion."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from ingest import BackgroundTask, check_in_background, corpus_digest, corpus_files
from kb.manifest import Manifest
from kb.records import problem_records
from kb.settings import Settings
from kb.types import Problem
from ui import markup
from ui.formats import day
from ui.parts.curate.permission import may_curate
from ui.parts.curate.problems import (
    SEVERITIES,
    filtered,
    problem_list,
    said_in_english,
    severity_count,
)
from ui.parts.curate.waiting import wait_for
from ui.state import FILE, PART
from ui.texts import _, ngettext

_TASK = "check-task"
_MOST_BUTTONS = 5


@dataclass
class _Checked:
    """The latest check of this process; all sessions show the same."""

    digest: str = ""
    """Of the corpus that was checked; empty before the first check."""
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Checking:
    """A check that this session has started."""

    digest: str
    task: BackgroundTask[list[Problem]]


@st.cache_resource(show_spinner=False)
def _latest() -> _Checked:
    return _Checked()


def check_view(settings: Settings) -> None:
    """Draw the result of the check, which is made once for each state of the corpus.

    Raises:
        CorpusError: The corpus folder cannot be used.
    """
    st.write(
        _(
            "The check reads every case as an ingestion does. It tells what is wrong "
            "or could be better, with file and line. It takes some seconds."
        )
    )
    digest, latest = corpus_digest(settings), _latest()
    if latest.digest == digest:
        _result(latest.problems, settings)
        return
    if latest.digest:
        st.caption(_("The corpus has changed since the last check."))
    _check(settings, digest)


def _check(settings: Settings, digest: str) -> None:
    """Offer the check; once it is under way, wait for it and keep its result."""
    checking: _Checking | None = st.session_state.get(_TASK)
    if checking is None:
        if st.button(_("Check the corpus now"), type="primary", key="check-now"):
            task = check_in_background(settings)
            st.session_state[_TASK] = _Checking(digest, task)
            st.rerun()
    elif checking.task.is_running:
        wait_for(checking.task, _("Checking the corpus …"), key="checking")
    else:
        del st.session_state[_TASK]
        latest = _latest()
        latest.problems = checking.task.result()
        latest.digest = checking.digest
        st.rerun()


def _result(problems: Sequence[Problem], settings: Settings) -> None:
    if not problems:
        st.success(_("Nothing is wrong."), icon=":material/check:")
        return
    counts = [
        severity_count(severity, sum(p.severity == severity for p in problems))
        for severity in SEVERITIES
    ]
    st.html(markup.status(" · ".join(counts)))
    said_in_english()
    shown = filtered(problems, key="check")
    _correct_buttons([p.path for p in shown], settings)
    for severity in SEVERITIES:
        found = [problem for problem in shown if problem.severity == severity]
        if found:
            st.header(severity_count(severity, len(found)), anchor=False)
            problem_list(found, key=f"check-{severity}")
    st.download_button(
        _("Download the problems (CSV)"),
        lambda: _csv(problems),
        "problems.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def rejected_view(manifest: Manifest, settings: Settings) -> None:
    """Draw what the last ingestion could not use, and what it could read only in part.

    Args:
        manifest: Of the published index.
        settings: The corpus.
    """
    when = day(manifest.created_at)
    if not (manifest.rejected or manifest.warnings):
        st.success(
            _(
                "Nothing was left out at the last ingestion, on {day}: every file of "
                "the corpus was read whole.",
                day=when,
            ),
            icon=":material/check:",
        )
        return
    st.write(_("This is what the last ingestion found, on {day}.", day=when))
    said_in_english()
    if manifest.rejected:
        files = {problem.path for problem in manifest.rejected}
        st.header(
            ngettext("{n} file was left out", "{n} files were left out", len(files)),
            anchor=False,
        )
        problem_list(manifest.rejected, key="rejected")
        _correct_buttons(files, settings)
    if manifest.warnings:
        st.header(_("Read only in part"), anchor=False)
        problem_list(manifest.warnings, key="in-part")


def _correct_buttons(paths: Iterable[str], settings: Settings) -> None:
    """Lead to the form of each of a few files, where it may be changed from here."""
    if not may_curate(settings):
        return
    files = sorted(set(paths) & set(corpus_files(settings)))
    if len(files) > _MOST_BUTTONS:
        return
    for path in files:
        st.button(
            markup.as_markdown(_("Correct {file}", file=path)),
            key=f"correct-{path}",
            icon=":material/edit:",
            on_click=_correct,
            args=(path,),
        )


def _correct(path: str) -> None:
    st.session_state[PART] = "add"
    st.query_params[FILE] = path


def _csv(problems: Sequence[Problem]) -> str:
    file = io.StringIO()
    records = problem_records(problems)
    writer = csv.DictWriter(file, list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    return file.getvalue()
