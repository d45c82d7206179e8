"""Questions that found no answer or a bad one, as a list for the experts."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import streamlit as st

from kb import KnowledgeBase, load_settings
from kb.errors import KnowledgeBaseError
from ui import markup, pages
from ui.curate import markup as curate_markup
from ui.curate.audit import audited
from ui.feedback import (
    ENCODING,
    FeedbackError,
    FeedbackStore,
    Kind,
    Todo,
    write_csv,
)
from ui.feedback.session import feedback_store
from ui.feedback.widgets import reason_name
from ui.formats import day, joined
from ui.parts.cases import case_link
from ui.parts.failure import page_failed
from ui.state import CITY, QUESTION, THEME
from ui.texts import _, ngettext
from ui.vocabulary import theme_name

_SHOWN_AT_FIRST = 20
_MOST_SHOWN = 200
"""More would take seconds to draw; the file that is downloaded holds all."""


def todo_count() -> None:
    """Tell how many questions wait for an expert, and nothing of what they say."""
    try:
        n = feedback_store().todo_count()
    except FeedbackError as exc:
        page_failed(exc)
        return
    st.write(
        ngettext(
            "{n} question waits for an expert. Only experts can read it.",
            "{n} questions wait for an expert. Only experts can read them.",
            n,
        )
    )


def todo_view(kb: KnowledgeBase) -> None:
    """Draw the questions that wait, and those that are done."""
    store = feedback_store()
    try:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            is_done = st.toggle(_("Show what is done"), key="todos-done")
            _export(store)
        total = store.todo_count(is_settled=is_done)
        kind = _kind() if total else None
        n = store.todo_count(is_settled=is_done, kind=kind)
        wants_all = st.session_state.get("todos-all")
        most = _MOST_SHOWN if wants_all else _SHOWN_AT_FIRST
        shown = (store.settled_todos if is_done else store.open_todos)(most, kind)
    except FeedbackError as exc:
        page_failed(exc)
        return
    if not total:
        st.info(
            _("Nothing is marked as done yet.")
            if is_done
            else _("No question waits for an expert."),
            icon=":material/inbox:",
        )
        return
    st.header(ngettext("{n} question", "{n} questions", n), anchor=False)
    titles = {one.case.case_id: one.case.title for one in kb.library()}
    for todo in shown:
        _todo(kb, todo, store, titles)
    if n > len(shown) and not wants_all:
        st.button(
            _("Show all {n}", n=n)
            if n <= _MOST_SHOWN
            else _("Show the newest {n}", n=_MOST_SHOWN),
            key="todos-more",
            on_click=lambda: st.session_state.update({"todos-all": True}),
        )


def _kind() -> Kind | None:
    """Draw the choice of what happened to a question."""
    names = {
        Kind.UNANSWERED: _("Not answered"),
        Kind.RATING: _("Rated down"),
        Kind.SENT: _("Sent to the group"),
    }
    return st.pills(
        _("What happened"), list(names), format_func=names.__getitem__, key="todos-kind"
    )


def _todo(
    kb: KnowledgeBase, todo: Todo, store: FeedbackStore, titles: Mapping[str, str]
) -> None:
    with st.container(border=True, key=f"todo-{todo.todo_id}", gap="xsmall"):
        st.subheader(markup.as_markdown(todo.shown.question), anchor=False)
        st.caption(markup.as_markdown(" · ".join(_what_happened(kb, todo))))
        if todo.comments:
            st.html(curate_markup.quotes(todo.comments))
        for case_id in todo.shown.cases[:3]:
            if case_id in titles:
                case_link(case_id, titles[case_id])
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.page_link(
                pages.ASK,
                label=_("Ask it again"),
                icon=":material/search:",
                query_params={
                    QUESTION: todo.shown.question,
                    CITY: list(todo.shown.cities),
                    THEME: list(todo.shown.themes),
                },
            )
            _settling(todo, store)


def _settling(todo: Todo, store: FeedbackStore) -> None:
    """Draw how a question is marked as done, or taken up again."""
    if todo.settled_on:
        note = markup.as_markdown(todo.note)
        done = _("Done on {day}", day=day(todo.settled_on))
        st.caption(f"{done}: {note}" if note else done)
        if st.button(_("Take it up again"), key=f"reopen-{todo.todo_id}"):
            _write("reopen", todo, lambda: store.reopen(todo.todo_id))
        return
    note = st.text_input(
        _("Note (optional)"),
        key=f"note-{todo.todo_id}",
        max_chars=200,
        placeholder=_("For example: new case added"),
        width=280,
    )
    if st.button(
        _("Mark as done"), key=f"settle-{todo.todo_id}", icon=":material/check:"
    ):
        _write("settle", todo, lambda: store.settle(todo.todo_id, note or ""))


def _write(what: str, todo: Todo, change: Callable[[], object]) -> None:
    """Change a question's state and draw the page anew, or tell why it stays."""
    try:
        with audited(f"{what} {todo.todo_id}", load_settings()):
            change()
    except KnowledgeBaseError as exc:
        page_failed(exc)
        return
    st.rerun()


def _what_happened(kb: KnowledgeBase, todo: Todo) -> list[str]:
    parts = []
    if todo.unanswered:
        parts.append(
            ngettext("not answered once", "not answered {n} times", todo.unanswered)
        )
    if todo.rated_down:
        parts.append(
            ngettext("rated down once", "rated down {n} times", todo.rated_down)
        )
    if todo.sent:
        parts.append(
            ngettext("sent to the group once", "sent to the group {n} times", todo.sent)
        )
    parts += [reason_name(reason) for reason, _n in todo.reasons]
    parts.append(
        day(todo.last_day)
        if todo.first_day == todo.last_day
        else _("{first} to {last}", first=day(todo.first_day), last=day(todo.last_day))
    )
    narrowed = [city.name for city in kb.cities if city.slug in todo.shown.cities]
    narrowed += [
        theme_name(theme) for theme in kb.themes if theme.slug in todo.shown.themes
    ]
    if narrowed:
        parts.append(_("narrowed to {what}", what=joined(narrowed)))
    return parts


def _export(store: FeedbackStore) -> None:
    st.download_button(
        _("Download all feedback (CSV)"),
        lambda: feedback_csv(store),
        "feedback.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def feedback_csv(store: FeedbackStore) -> bytes:
    """Return all feedback as a file that Excel opens with the right letters."""
    file = io.StringIO(newline="")
    write_csv(store.entries(), file)
    return file.getvalue().encode(ENCODING)
