"""Bringing the index up to date with the corpus, from a page that goes on."""

from __future__ import annotations

import streamlit as st

from ingest import BackgroundTask, IngestReport, corpus_digest, ingest_in_background
from kb.errors import KnowledgeBaseError
from kb.manifest import Manifest
from kb.settings import Settings
from ui.formats import day, number
from ui.parts.curate.problems import problem_list, refused, said_in_english
from ui.parts.curate.waiting import wait_for
from ui.texts import _, ngettext

_TASK = "index-task"


def start_indexing(settings: Settings) -> None:
    """Start an ingestion in a process of its own, unless this session's still runs."""
    task: BackgroundTask[IngestReport] | None = st.session_state.get(_TASK)
    if task is None or not task.is_running:
        st.session_state[_TASK] = ingest_in_background(settings)


def indexing_view(manifest: Manifest, settings: Settings) -> None:
    """Draw how far this session's ingestion is or what it did, and offer a new one.

    Args:
        manifest: Of the published index.
        settings: The corpus and the index.

    Raises:
        CorpusError: The corpus folder cannot be used.
    """
    task: BackgroundTask[IngestReport] | None = st.session_state.get(_TASK)
    if task is None:
        _state(manifest, settings)
    elif task.is_running:
        wait_for(task, _("Updating the index …"), key="indexing")
        return
    else:
        _outcome(task)
    st.button(
        _("Update the index now") if task is None else _("Update the index again"),
        key="update-index",
        icon=":material/sync:",
        on_click=start_indexing,
        args=(settings,),
    )


def _state(manifest: Manifest, settings: Settings) -> None:
    if manifest.corpus_digest == corpus_digest(settings):
        st.write(_("Answers are found in all cases as they are now."))
    else:
        st.write(
            _(
                "The cases have changed since {day}. Answers are found in the old ones "
                "until the index is updated.",
                day=day(manifest.created_at),
            )
        )


def _outcome(task: BackgroundTask[IngestReport]) -> None:
    try:
        _report(task.result())
    except KnowledgeBaseError as exc:
        refused(_("The index was not updated."), exc)


def _report(report: IngestReport) -> None:
    if report.counts is None:
        st.error(_("Nothing was published: no file holds a statement."))
    elif report.unchanged:
        st.success(_("The index is up to date already."), icon=":material/check:")
    else:
        st.success(
            _(
                "The index is up to date: {cases} and {statements}, in {seconds} s.",
                cases=ngettext("{n} case", "{n} cases", report.counts.cases),
                statements=ngettext(
                    "{n} statement", "{n} statements", report.counts.statements
                ),
                seconds=number(round(report.seconds)),
            ),
            icon=":material/check:",
        )
    if report.rejected:
        st.subheader(_("Left out"), anchor=False)
        said_in_english()
        problem_list(report.rejected, key="left-out")
