"""What is wrong with the corpus: the check on demand, and the last ingestion."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import streamlit as st

from ingest import (
    BackgroundTask,
    changed_files,
    check_in_background,
    corpus_digest,
    corpus_files,
    of_files,
)
from kb.errors import KnowledgeBaseError
from kb.index.manifest import Manifest
from kb.records import problem_records
from kb.settings import Settings
from kb.types import Problem
from ui import address, markup
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
from ui.spreadsheet import harmless
from ui.state import FILE, PART
from ui.texts import _, ngettext

_MOST_BUTTONS = 5
_State = tuple[str, str]
"""What the findings depend on: the corpus's digest, and the published generation."""


@dataclass(frozen=True)
class _Check:
    """A check of the whole corpus, which runs or has ended."""

    state: _State
    """When it began."""
    task: BackgroundTask[list[Problem]]


class _Checks:
    """The latest check of this process: one at a time, the same for all sessions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.latest: _Check | None = None

    def start(self, settings: Settings, state: _State) -> None:
        """Start a check, unless one runs.

        Raises:
            KnowledgeBaseError: Its process cannot be started.
        """
        with self._lock:
            if self.latest is None or not self.latest.task.is_running:
                self.latest = _Check(state, check_in_background(settings))


@st.cache_resource(show_spinner=False)
def checks() -> _Checks:
    """Return this process's checks of the corpus."""
    return _Checks()


def check_view(generation: str, settings: Settings) -> None:
    """Draw the result of the check, made once for each state of corpus and index.

    Args:
        generation: Name of the published index.
        settings: The corpus.

    Raises:
        CorpusError: The corpus folder cannot be used.
    """
    st.write(
        _(
            "The check reads every case as an ingestion does. It tells what is wrong "
            "or could be better, with file and line. It takes some seconds."
        )
    )
    state, latest = (corpus_digest(settings), generation), checks().latest
    if latest and latest.task.is_running:
        wait_for(latest.task, _("Checking the corpus …"), key="checking")
        return
    try:
        if latest and latest.state == state:
            _result(latest.task.result(), state, settings)
            return
        if latest:
            st.caption(_("The cases or the index have changed since the last check."))
    except KnowledgeBaseError as exc:
        refused(_("The cases cannot be read here."), exc)
    _offer(settings, state)


def _offer(settings: Settings, state: _State) -> None:
    """Offer to check the corpus, and start it when it is asked for."""
    if not st.button(_("Check the corpus now"), type="primary", key="check-now"):
        return
    try:
        checks().start(settings, state)
    except KnowledgeBaseError as exc:
        refused(_("The cases cannot be read here."), exc)
        return
    st.rerun()


def _result(problems: Sequence[Problem], state: _State, settings: Settings) -> None:
    if not problems:
        st.success(_("Nothing is wrong."), icon=":material/check:")
        return
    counts = [
        severity_count(severity, sum(p.severity == severity for p in problems))
        for severity in SEVERITIES
    ]
    st.html(markup.status(" · ".join(counts)))
    said_in_english()
    shown = filtered(_of_changed(problems, state, settings), key="check")
    _correct_buttons([p.path for p in shown], settings)
    for severity in SEVERITIES:
        found = [problem for problem in shown if problem.severity == severity]
        if found:
            st.header(severity_count(severity, len(found)), anchor=False)
            problem_list(found, key=f"check-{severity}")
    st.download_button(
        _("Download the problems (CSV)"),
        lambda: problems_csv(shown),
        "problems.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _of_changed(
    problems: Sequence[Problem], state: _State, settings: Settings
) -> Sequence[Problem]:
    """Draw the choice of the files that differ from the index; return their findings.

    The check has compared them with all others.
    """
    if not st.toggle(_("Only files that the published index lacks"), key="check-new"):
        return problems
    try:
        files = _changed(state, settings)
    except KnowledgeBaseError as exc:
        refused(_("The cases cannot be read here."), exc)
        return problems
    n = len(files)
    st.caption(
        ngettext(
            "{n} file is new or changed since the index was published.",
            "{n} files are new or changed since the index was published.",
            n,
        )
    )
    return of_files(problems, files)


@st.cache_data(max_entries=2, show_spinner=False)
def _changed(state: _State, _settings: Settings) -> set[str]:
    """Return the files that the index lacks; a server would send it at each redraw."""
    return changed_files(_settings)


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
    address.go(**{PART: "add", FILE: path})


def problems_csv(problems: Sequence[Problem]) -> str:
    """Return problems as CSV; their words, which may quote a case, compute nothing."""
    file = io.StringIO()
    writer = csv.DictWriter(file, [field.name for field in fields(Problem)])
    writer.writeheader()
    for record in problem_records(problems):
        writer.writerow({name: harmless(str(v or "")) for name, v in record.items()})
    return file.getvalue()
