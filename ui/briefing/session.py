"""The session's briefing, and the buttons that collect into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import streamlit as st

from kb.types import Case, Citation
from ui import pages
from ui.briefing.collect import collect_case, collect_statement
from ui.briefing.model import MAX_ITEMS, Briefing, Item
from ui.briefing.saved import open_briefing, save_briefing
from ui.device.entry import Entry
from ui.state import knowledge_base
from ui.texts import _, ngettext

_BRIEFING = "briefing"
_EDITION = "briefing-edition"


def collected() -> Briefing:
    """Return the session's briefing; an empty one until something is collected."""
    briefing: Briefing = st.session_state.get(_BRIEFING, Briefing())
    return briefing


def keep(briefing: Briefing) -> None:
    """Make a briefing the session's own."""
    st.session_state[_BRIEFING] = briefing


def edition() -> int:
    """Return a number that changes when the whole briefing is another one.

    It is part of the keys of widgets, which otherwise kept what was typed before.
    """
    number: int = st.session_state.get(_EDITION, 0)
    return number


def renew() -> None:
    """Let the widgets show the briefing as it is now."""
    st.session_state[_EDITION] = edition() + 1


def collect_button(statement_id: str, question: str, *, key: str) -> None:
    """Draw the button that adds a statement to the briefing, or takes it out.

    Args:
        statement_id: Of the statement.
        question: What it was found with; empty when it was read in its case.
        key: Of the button.
    """
    _toggle(
        statement_id,
        lambda: collect_statement(knowledge_base(), statement_id, question),
        key,
    )


def collect_case_button(case: Case, *, key: str) -> None:
    """Draw the button that adds a case to the briefing, or takes it out."""
    _toggle(case.case_id, lambda: collect_case(knowledge_base(), case.case_id), key)


def briefing_link() -> None:
    """Draw the link to the briefing with the number of its items."""
    n = len(collected().items)
    st.page_link(
        pages.PREPARE,
        label=_("Briefing ({n})", n=n) if n else _("Briefing"),
        icon=":material/assignment:",
    )


def _toggle(item_id: str, read: Callable[[], Item | None], key: str) -> None:
    is_in = collected().holds(item_id)
    is_full = collected().is_full and not is_in

    # In a callback: it is heard even if the reader goes to another page at once.
    def clicked() -> None:
        item = None if is_in else read()
        if is_in:
            keep(collected().remove(item_id))
        elif item is None:
            st.toast(_("The cases have changed: this text is not in them any more."))
        else:
            keep(collected().add(item))

    if st.button(
        _("Remove from the briefing") if is_in else _("Add to the briefing"),
        key=key,
        type="tertiary",
        icon=":material/check:" if is_in else ":material/add:",
        disabled=is_full,
        help=_("The briefing is full: it has {n} items.", n=MAX_ITEMS)
        if is_full
        else None,
        on_click=clicked,
    ):
        st.rerun()  # the whole page: the number of items stands above it


def collect_all_button(citations: Sequence[Citation], question: str) -> None:
    """Draw the button that adds every cited statement to the briefing."""
    n_missing = sum(not collected().holds(c.statement_id) for c in citations)
    if not n_missing:
        st.caption(_("All these statements are in your briefing."))
        return
    st.button(
        ngettext(
            "Add {n} statement to the briefing",
            "Add all {n} statements to the briefing",
            n_missing,
        ),
        key="collect-all",
        icon=":material/add:",
        disabled=collected().is_full,
        on_click=_add_all,
        args=(citations, question),
    )


def _add_all(citations: Sequence[Citation], question: str) -> None:
    kb, briefing = knowledge_base(), collected()
    for citation in citations:
        item = collect_statement(kb, citation.statement_id, question)
        if item is not None:  # None: a newer index is without it
            briefing = briefing.add(item)
    keep(briefing)
    if briefing.is_full:
        st.toast(_("The briefing is full now. Remove something to add more."))


def _text() -> str:
    briefing = collected()
    return "" if briefing == Briefing() else save_briefing(briefing)


def _take_up(text: str, is_changed: bool) -> str:
    if not text:
        if not is_changed:
            keep(Briefing())
            renew()
        return ""
    opened = open_briefing(text.encode(), knowledge_base())
    mine, briefing = collected(), opened.briefing
    if is_changed:
        for item in mine.items:
            briefing = briefing.add(item)
        chosen = {
            field.name: getattr(mine, field.name)
            for field in fields(mine)
            if field.name != "items"
            and getattr(mine, field.name) != getattr(Briefing(), field.name)
        }
        briefing = replace(briefing, **chosen)
    keep(briefing)
    renew()
    n = len(opened.left_out)
    return (
        ngettext(
            "Your briefing: {n} item is not in the cases any more and was left out.",
            "Your briefing: {n} items are not in the cases any more and were left out.",
            n,
        )
        if n
        else ""
    )


KEPT_BRIEFING = Entry(
    name="briefing",
    label=lambda: _("Your briefing"),
    most_chars=1_000_000,
    text=_text,
    take_up=_take_up,
)
