"""Bringing the index up to date with the corpus, from a page that goes on."""

from __future__ import annotations

import streamlit as st

from ingest import BackgroundTask, IngestReport, corpus_digest, ingest_in_background
from kb import KnowledgeBase
from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from ui.curate.audit import audited
from ui.curate.problems import problem_list, refused, said_in_english
from ui.curate.waiting import wait_for
from ui.formats import day, number
from ui.texts import _, ngettext

_TASK = "index-task"


def start_indexing(settings: Settings) -> None:
    """Start an ingestion in a process of its own.

    While another runs, whoever started it, it waits, because that one may have read the
    corpus already; it then begins by itself, also when nobody looks any more.

    Raises:
        KnowledgeBaseError: The audit log cannot be told, or the process be started.
    """
    task = _task()
    if task and task.is_running and task.progress.is_waiting:
        return  # it will read what has just been saved, too
    with audited("index", settings):
        st.session_state[_TASK] = ingest_in_background(settings, wait=True)


def forget_indexing() -> None:
    """Forget what this session's last ingestion did, unless it still runs."""
    task = _task()
    if task and not task.is_running:
        del st.session_state[_TASK]


def _task() -> BackgroundTask[IngestReport] | None:
    task: BackgroundTask[IngestReport] | None = st.session_state.get(_TASK)
    return task


def indexing_view(kb: KnowledgeBase, settings: Settings) -> None:
    """Draw how far this session's ingestion is or what it did, and offer a new one.

    Args:
        kb: The published index.
        settings: The corpus and the index.

    Raises:
        CorpusError: The corpus folder cannot be used.
    """
    task = _task()
    if task is None:
        _state(kb, settings)
    elif task.is_running:
        wait_for(task, _("Updating the index …"), key="indexing")
        return
    else:
        _outcome(task, kb, settings)
    if st.button(
        _("Update the index now") if task is None else _("Update the index again"),
        key="update-index",
        icon=":material/sync:",
    ) and _start(settings):
        st.rerun()


def _start(settings: Settings) -> bool:
    """Start an ingestion, or draw why it cannot be; return whether it was started."""
    try:
        start_indexing(settings)
    except KnowledgeBaseError as exc:
        refused(_("The index was not updated."), exc)
        return False
    return True


def _state(kb: KnowledgeBase, settings: Settings) -> None:
    if _is_current(kb, settings):
        st.write(_("Answers are found in all cases as they are now."))
    else:
        st.write(
            _(
                "The cases have changed since {day}. Answers are found in the old ones "
                "until the index is updated.",
                day=day(kb.manifest.created_at),
            )
        )


def _outcome(
    task: BackgroundTask[IngestReport], kb: KnowledgeBase, settings: Settings
) -> None:
    try:
        report = task.result()
    except KnowledgeBaseError as exc:
        refused(_("The index was not updated."), exc)
        return
    if report.counts and not _is_current(kb, settings):
        _state(kb, settings)  # the cases have changed since
    else:
        _report(report)


def _is_current(kb: KnowledgeBase, settings: Settings) -> bool:
    """Say whether the index in use, which a task may just have published, is of now."""
    return kb.manifest.corpus_digest == corpus_digest(settings)


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
    if report.to_confirm:
        st.subheader(_("To be confirmed"), anchor=False)
        said_in_english()
        problem_list(report.to_confirm, key="to-confirm")
    if report.rejected:
        st.subheader(_("Left out"), anchor=False)
        said_in_english()
        problem_list(report.rejected, key="left-out")
