"""Waiting for work that another process does, while the page can be used."""

from __future__ import annotations

import streamlit as st

from ingest import BackgroundTask, Outlook
from ui.formats import number
from ui.texts import _, ngettext

_LOOK_SECONDS = 0.5


def wait_for(task: BackgroundTask[object], label: str, *, key: str) -> None:
    """Show how far a task is; when it is done, the whole page is drawn again.

    Args:
        task: The task, which the session keeps; it goes on when one looks elsewhere.
        label: What is done, in the reader's language.
        key: Of this place on the page.
    """
    look = st.fragment(_look, run_every=_LOOK_SECONDS, key=key)
    look(task, label)


def _look(task: BackgroundTask[object], label: str) -> None:
    if not task.is_running:
        st.rerun()
    now = task.progress
    if now.is_waiting:
        st.info(
            _(
                "Another update of the index is running. This one follows by itself, "
                "also when you close the page."
            ),
            icon=":material/hourglass_top:",
        )
        return
    # Not in a `with`, at whose end it would count as done.
    running = st.status(label, expanded=now.is_working)
    if now.outlook and now.outlook.texts:
        running.write(_outlook(now.outlook))
        if n := now.outlook.first_files:
            running.write(
                ngettext(
                    "{n} case can be found before the rest is computed.",
                    "{n} cases can be found before the rest is computed.",
                    n,
                )
            )
    if now.is_working:
        counted = (
            f" ({number(now.done)} / {number(now.total)})" if now.total > 1 else ""
        )
        running.progress(
            min(now.done / now.total, 1.0), text=f"{_step_name(now.step)}{counted}"
        )


def _outlook(outlook: Outlook) -> str:
    """Say how much is computed in all, and about how long that takes."""
    counted = ", ".join(
        [
            ngettext("{n} case", "{n} cases", outlook.files),
            ngettext("{n} statement", "{n} statements", outlook.statements),
            ngettext("{n} vector", "{n} vectors", outlook.texts),
        ]
    )
    if not outlook.minutes:
        return _("To be computed in less than a minute: {counted}.", counted=counted)
    return ngettext(
        "To be computed in about {n} minute: {counted}.",
        "To be computed in about {n} minutes: {counted}.",
        outlook.minutes,
        counted=counted,
    )


def _step_name(step: str) -> str:
    names = {
        "Reading files": _("Reading files"),
        "Estimating": _("Estimating the time"),
        "Computing vectors": _("Computing vectors"),
        "Writing the index": _("Writing the index"),
        "Verifying": _("Verifying"),
    }
    return names.get(step, step)
