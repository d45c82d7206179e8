"""The Curate page: gaps, problems, open to-dos, and how cases come in."""

from __future__ import annotations

import streamlit as st

from ingest import current_registry, is_there
from kb import KnowledgeBase, load_settings
from kb.errors import CorpusError, KnowledgeBaseError
from kb.settings import Settings
from ui import address, markup
from ui.curate.answers import WANTED_PART, answers_view
from ui.curate.corpus_check import check_view, rejected_view
from ui.curate.draft.figures import figures_view
from ui.curate.draft.form import draft_form
from ui.curate.draft.merge import merge_view, merged_note
from ui.curate.draft.open import open_named_case, open_view
from ui.curate.draft.preview import preview_view
from ui.curate.draft.save import (
    has_saved,
    proposal_for,
    save_view,
    saved_view,
    to_do_view,
)
from ui.curate.draft.work import Work, lay_aside, work_in_hand
from ui.curate.gaps import coverage_view
from ui.curate.indexing import indexing_view
from ui.curate.permission import how_to_curate, may_curate
from ui.curate.problems import refused
from ui.curate.todos import todo_count, todo_view
from ui.state import FILE, PART, knowledge_base
from ui.texts import _

_PARTS = ("gaps", "check", "rejected", "questions", "answers", "add")


def show() -> None:
    """Draw the page."""
    kb, settings = knowledge_base(), load_settings()
    st.title(_("Curate"), anchor=False)
    st.html(markup.lead(_("For the experts who look after the cases.")))
    part = _part()
    try:
        _draw(part, kb, settings)
    except CorpusError as exc:
        refused(_("The cases cannot be read here."), exc)


def _draw(part: str, kb: KnowledgeBase, settings: Settings) -> None:
    if part == "gaps":
        coverage_view(kb)
    elif part == "check":
        check_view(kb.manifest.generation, settings)
    elif part == "rejected":
        rejected_view(kb.manifest, settings)
    elif not may_curate(settings):
        if part == "questions":
            todo_count()
        how_to_curate()
    elif part == "questions":
        todo_view(kb)
    elif part == "answers":
        answers_view(kb, settings)
    else:
        _add(kb, settings)


def _part() -> str:
    """Draw the choice of a part of the page, which stands in the address."""
    names = {
        "gaps": _("Gaps"),
        "check": _("Check"),
        "rejected": _("Left out"),
        "questions": _("Questions"),
        "answers": _("Answers of cities"),
        "add": _("Add or correct"),
    }
    given = st.query_params.get(PART)
    if wanted := st.session_state.pop(WANTED_PART, None):
        given = wanted
        address.go(**{PART: wanted})
    address.follow(PART, given if given in _PARTS else _PARTS[0])
    chosen = st.segmented_control(
        _("Part of the page"),
        _PARTS,
        format_func=names.__getitem__,
        required=True,
        key=PART,
        label_visibility="collapsed",
        wrap=True,
        on_change=lambda: address.go(**{PART: st.session_state[PART]}),
    )
    return chosen or _PARTS[0]


def _add(kb: KnowledgeBase, settings: Settings) -> None:
    open_named_case(settings)
    work = work_in_hand()
    if work:
        _edit(work, settings)
        return
    if has_saved():
        saved_view(kb, settings)
    open_view(settings)
    if not has_saved():
        st.divider()
        st.header(_("The index"), anchor=False)
        indexing_view(kb, settings)


def _edit(work: Work, settings: Settings) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(markup.status(work.draft.name))
        st.button(_("Close without saving"), key="close-draft", on_click=_close)
    left, right = st.columns([3, 2], gap="large")
    with left:
        draft_form(work, current_registry(settings.corpus_dir))
        figures_view(work)
    try:
        proposal = proposal_for(work, settings)
    except CorpusError:
        raise
    except KnowledgeBaseError as exc:
        refused(_("The file cannot be used."), exc)
        return
    with right:
        to_do_view(work, proposal)
        preview_view(work)
    if proposal.changed_meanwhile and is_there(work.draft, settings):
        merge_view(work, settings)
    else:
        merged_note()
        save_view(work, proposal, settings)


def _close() -> None:
    lay_aside()
    st.query_params.pop(FILE, None)


show()
