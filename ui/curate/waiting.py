"""Waiting for work that another process does, while the page can be used."""

from __future__ import annotations

import streamlit as st

from ingest import BackgroundTask
from ui.texts import _

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
    # Not in a `with`, at whose end it would count as done.
    running = st.status(label, expanded=bool(now.total))
    if now.total:
        running.progress(min(now.done / now.total, 1.0), text=_step_name(now.step))


def _step_name(step: str) -> str:
    names = {
        "Reading files": _("Reading files"),
        "Computing vectors": _("Computing vectors"),
        "Writing the index": _("Writing the index"),
        "Verifying": _("Verifying"),
    }
    return names.get(step, step)
