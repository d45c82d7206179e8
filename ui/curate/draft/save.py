"""What saving a draft would change, the save itself, and what comes after it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ingest import (
    CaseProposal,
    DraftOutdatedError,
    FileChange,
    check_proposal,
    propose,
    save_proposal,
)
from kb import KnowledgeBase
from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from kb.types import Problem
from ui import markup, pages
from ui.curate import markup as curate_markup
from ui.curate.audit import audited
from ui.curate.draft.fields import field_name
from ui.curate.draft.work import CheckedProposal, Work, lay_aside
from ui.curate.indexing import (
    forget_indexing,
    indexing_view,
    start_indexing,
)
from ui.curate.permission import may_curate
from ui.curate.problems import problem_list, refused, said_in_english
from ui.formats import joined, number
from ui.parts.cases import case_link
from ui.parts.scroll import scroll_to
from ui.state import FILE, QUESTION
from ui.texts import _

_SAVED = "draft-saved"
_OUTDATED = "draft-outdated"
_REPLACE = "replace"
_CONFIRM = "confirm-review"
_ANCHOR = "saved-case"
_MOST_LINES = 1_000


@dataclass(frozen=True)
class _Saved:
    """The case that this session has saved last."""

    case_id: str
    title: str
    kept: list[Path]
    number: int
    """Of the draft; no other has it."""


def proposal_for(work: Work, settings: Settings) -> CaseProposal:
    """Return what saving would do with all that has been filled in."""
    # The box stands beside what it is about, which is known only afterwards.
    work.replace = st.session_state.get(work.key(_REPLACE), work.replace)
    mark = _mark(work)
    box = work.key(_confirm_name(mark))
    is_read = st.session_state.get(box, work.confirmed == mark)
    work.confirmed = mark if is_read else ""
    return propose(
        work.draft,
        work.values,
        settings,
        stem=work.stem,
        text=work.text,
        replace=work.replace,
        confirmed=work.confirmed,
    )


def _mark(work: Work) -> str:
    """Return what a review would name the text by; empty where there is none."""
    if work.values.status != "reviewed":
        return ""
    return work.draft.mark(work.text)


def _confirm_name(mark: str) -> str:
    """Return the name of the box that confirms one text, and no other."""
    return f"{_CONFIRM}-{mark}"


def to_do_view(work: Work, proposal: CaseProposal) -> None:
    """Draw what is still missing or wrong before the draft can be saved."""
    st.header(_("Still to do"), anchor=False)
    if proposal.missing:
        st.write(_("These fields are empty:"))
        st.html(curate_markup.lines(_missing_fields(proposal)))
    if proposal.wrong:
        said_in_english()
        problem_list(proposal.wrong, key="to-do")
    is_taken = any(problem.rule == "duplicate-id" for problem in proposal.wrong)
    if is_taken or work.replace:
        st.checkbox(
            _("Replace the case that has this name; its files are kept aside"),
            key=work.keep(_REPLACE, work.replace),
        )
    _confirm_review(work, proposal)
    if not proposal.problems:
        st.success(_("Everything is filled in."), icon=":material/check:")


def _confirm_review(work: Work, proposal: CaseProposal) -> None:
    """Tell that a changed text loses its review, and offer to give it anew."""
    mark = _mark(work)
    if proposal.review_lapses:
        st.warning(
            _("The text was changed after its review, so the case becomes a draft."),
            icon=":material/warning:",
        )
    if proposal.review_lapses or work.confirmed:
        st.checkbox(
            _("The reviewer has read the text as it is now: reviewed today"),
            key=work.keep(_confirm_name(mark), work.confirmed == mark),
        )


def _missing_fields(proposal: CaseProposal) -> list[str]:
    """Return the names of empty fields, those of one source in one line."""
    own = [field_name(key[0]) for key in proposal.missing if len(key) == 1]
    of_sources: dict[str, list[str]] = {}
    for key in proposal.missing:
        if len(key) > 1:
            of_sources.setdefault(key[1], []).append(field_name(key[2]))
    return own + [
        _("Source {id}: {fields}", id=source_id, fields=joined(fields))
        for source_id, fields in of_sources.items()
    ]


def save_view(work: Work, proposal: CaseProposal, settings: Settings) -> None:
    """Draw the difference and, below it, the buttons that save."""
    st.header(_("What will change"), anchor=False)
    is_outdated = st.session_state.pop(_OUTDATED, False)
    if is_outdated:
        st.warning(
            _(
                "Somebody has changed this case since you opened it. The difference "
                "is to the file as it is now: look at it again before you save."
            ),
            icon=":material/warning:",
        )
    if not proposal.is_sound:
        st.write(_("First fill in what is still to do."))
        return
    if not proposal.changes:
        st.write(_("Nothing: the case says this already."))
        return
    if work.checked is None or work.checked.proposal != proposal:
        show = st.button(_("Show what will change"), type="primary", key="show-changes")
        if show or is_outdated:
            _check(work, proposal, settings)
        return
    for change in proposal.changes:
        _change(change)
    _check_result(work.checked.found)
    with st.container(horizontal=True):
        with_index = st.button(
            _("Save and update the index"), type="primary", key="save-and-index"
        )
        alone = st.button(_("Only save"), key="save")
    if (with_index or alone) and may_curate(settings):
        _save(work, proposal, settings, with_index=with_index)


def _check(work: Work, proposal: CaseProposal, settings: Settings) -> None:
    """Let the check read the case as it would be, or draw why it cannot."""
    try:
        with st.spinner(_("Checking the case …"), show_time=True):
            found = check_proposal(work.draft, proposal, settings)
    except KnowledgeBaseError as exc:
        refused(_("The case was not saved."), exc)
        return
    work.checked = CheckedProposal(proposal, found)
    st.rerun()


def _check_result(found: list[Problem]) -> None:
    if not found:
        return
    st.subheader(_("What the check says about it"), anchor=False)
    if any(problem.severity == "error" for problem in found):
        st.write(
            _(
                "The case can be saved like this and is found in answers. The check "
                "will report these errors until they are corrected."
            )
        )
    said_in_english()
    problem_list(found, key="review")


def _change(change: FileChange) -> None:
    st.subheader(markup.as_markdown(change.path), anchor=False)
    if change.new is None:
        st.write(_("This file is taken away; a copy is kept."))
    elif change.diff is None:
        st.html(
            markup.facts(
                [
                    (_("Size"), _("{n} KB", n=number(-(-len(change.new) // 1000)))),
                    ("SHA-256", change.digest or ""),
                ]
            )
        )
    else:
        lines = change.diff.splitlines()
        shown = "\n".join(lines[:_MOST_LINES])
        st.code(shown, language="diff", wrap_lines=True)
        if len(lines) > _MOST_LINES:
            st.caption(_("Only the first {n} lines are shown.", n=_MOST_LINES))


def _save(
    work: Work, proposal: CaseProposal, settings: Settings, *, with_index: bool
) -> None:
    try:
        with audited("save", settings, proposal.changes):
            kept = save_proposal(proposal, settings)
    except DraftOutdatedError:
        work.checked = None
        # Of a case that was opened, the merge says so itself.
        st.session_state[_OUTDATED] = work.draft.replaces is None
        st.rerun()
    except KnowledgeBaseError as exc:
        refused(_("The case was not saved."), exc)
        return
    st.session_state[_SAVED] = _Saved(
        proposal.case_id, work.values.title, kept, work.number
    )
    lay_aside()
    st.query_params.pop(FILE, None)
    forget_indexing()
    if with_index:
        # It is saved all the same; the page then tells that the index is out of date.
        with suppress(KnowledgeBaseError):
            start_indexing(settings)
    st.rerun()


def has_saved() -> bool:
    """Whether this session has saved something."""
    return _SAVED in st.session_state


def saved_view(kb: KnowledgeBase, settings: Settings) -> None:
    """Draw what was saved last, how far the index is, and where to find the case."""
    saved: _Saved = st.session_state[_SAVED]
    scroll_to(_ANCHOR, visit=f"saved {saved.number}")  # from the button below
    with st.container(border=True, key="saved"):
        title = _("Saved: {title}", title=saved.title)
        st.header(markup.as_markdown(title), anchor=_ANCHOR)
        for path in saved.kept:
            place = path.relative_to(settings.corpus_dir).as_posix()
            st.caption(
                markup.as_markdown(
                    _("The version before is kept as {place}", place=place)
                )
            )
        indexing_view(kb, settings)
        if kb.full_case(saved.case_id) is None:
            return
        case_link(saved.case_id, _("Read the case"))
        st.page_link(
            pages.ASK,
            label=_("Ask for it"),
            icon=":material/search:",
            query_params={QUESTION: saved.title},
        )
