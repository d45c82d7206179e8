"""Two experts in one case: their changes as one, or side by side to be decided."""

from __future__ import annotations

import streamlit as st

from ingest import Choice, Conflict, is_outdated, merged, open_case
from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from ui.curate.draft.fields import place_name
from ui.curate.draft.work import Work
from ui.curate.problems import refused
from ui.markup import as_markdown
from ui.texts import _

_DONE = "draft-merged"


def merge_view(work: Work, settings: Settings) -> None:
    """Put what somebody else has saved meanwhile together with what is filled in.

    Where the two agree, the draft goes on from the case as it is now. Else both
    versions are drawn, and the draft goes on once each place is decided.
    """
    path = work.draft.replaces or ""
    try:
        if work.theirs is None or is_outdated(work.theirs, settings):
            with st.spinner(_("Reading the file …"), show_time=True):
                work.theirs = open_case(path, settings)
    except KnowledgeBaseError as exc:
        refused(
            _("The case as it is now cannot be read, so nothing can be saved."), exc
        )
        return
    try:
        merge = merged(work.draft, work.values, work.text, work.theirs)
    except KnowledgeBaseError as exc:
        refused(_("The case was not saved."), exc)
        return
    if merge.conflicts:
        st.header(_("Somebody else has changed the same"), anchor=False)
        st.write(
            _(
                "Both versions stand side by side. Nothing is lost: decide at each "
                "place what the case shall say."
            )
        )
    choices = {
        conflict.key: choice
        for n, conflict in enumerate(merge.conflicts, start=1)
        if (choice := _decide(work, n, conflict))
    }
    if len(choices) < len(merge.conflicts):
        return
    if merge.conflicts and not st.button(
        _("Go on with these decisions"), type="primary", key="apply-merge"
    ):
        return
    work.go_on_from(*merge.resolved(choices))
    st.session_state[_DONE] = True
    st.rerun()


def merged_note() -> None:
    """Tell, once, that somebody else's changes are in the draft."""
    if st.session_state.pop(_DONE, False):
        st.info(
            _(
                "Somebody else has saved this case since you opened it. Their changes "
                "and yours are put together here; the difference shows yours."
            ),
            icon=":material/merge:",
        )


def _decide(work: Work, n: int, conflict: Conflict) -> Choice | None:
    """Draw both versions of the n-th place, and the choice between them."""
    names: dict[Choice, str] = {
        "mine": _("Yours"),
        "theirs": _("Saved meanwhile"),
        "both": _("Both"),
    }
    place = place_name(conflict.key, conflict.section)
    st.subheader(as_markdown(place), anchor=False)
    for column, side, said in zip(
        st.columns(2),
        (names["mine"], names["theirs"]),
        (conflict.mine, conflict.theirs),
        strict=True,
    ):
        with column:
            st.caption(side)
            st.code(said or _("(removed)"), language=None, wrap_lines=True)
    # With what stands there in the key, so that no decision is taken for another.
    name = f"merge-{'.'.join(conflict.key)}-{hash((conflict.mine, conflict.theirs))}"
    choice: Choice | None = st.radio(
        _("{n}. What shall stand here?", n=n),
        conflict.choices,
        format_func=names.__getitem__,
        index=None,
        horizontal=True,
        key=work.key(name),
    )
    return choice
