"""What is wrong with the corpus: the check on demand, and the last ingestion."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from ingest import BackgroundTask, check_in_background, corpus_digest, corpus_files
from kb.errors import KnowledgeBaseError
from kb.index.manifest import Manifest
from kb.records import problem_records
from kb.settings import Settings
from kb.types import Problem
from ui import markup
from ui.curate.permission import may_curate
from ui.curate.problems import (
    SEVERITIES,
    filtered,
    problem_list,
    refused,
    said_in_english,
    severity_count,
)
from ui.curate.waiting import wait_for
from ui.formats import day
from ui.state import FILE, PART
from ui.texts import _, ngettext

_MOST_BUTTONS = 5


@dataclass(frozen=True)
class _Check:
    """A check of the whole corpus, which runs or has ended."""

    digest: str
    """Of the corpus when it began."""
    task: BackgroundTask[list[Problem]]


class _Checks:
    """The latest check of this process: one at a time, the same for all sessions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.latest: _Check | None = None

    def start(self, settings: Settings, digest: str) -> None:
        """Start a check, unless one runs.

        Raises:
            KnowledgeBaseError: Its process cannot be started.
        """
        with self._lock:
            if self.latest is None or not self.latest.task.is_running:
                self.latest = _Check(digest, check_in_background(settings))


@st.cache_resource(show_spinner=False)
def checks() -> _Checks:
    """Return this process's checks of the corpus."""
    return _Checks()


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
    digest, latest = corpus_digest(settings), checks().latest
    if latest and latest.task.is_running:
        wait_for(latest.task, _("Checking the corpus …"), key="checking")
        return
    try:
        if latest and latest.digest == digest:
            _result(latest.task.result(), settings)
            return
        if latest:
            st.caption(_("The corpus has changed since the last check."))
    except KnowledgeBaseError as exc:
        refused(_("The cases cannot be read here."), exc)
    _offer(settings, digest)


def _offer(settings: Settings, digest: str) -> None:
    """Offer to check the corpus, and start it when it is asked for."""
    if not st.button(_("Check the corpus now"), type="primary", key="check-now"):
        return
    try:
        checks().start(settings, digest)
    except KnowledgeBaseError as exc:
        refused(_("The cases cannot be read here."), exc)
        return
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
