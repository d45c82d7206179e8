"""Questions that found no answer or a bad one, as a list for the experts."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from kb import KnowledgeBase
from ui import markup, pages
from ui.curate import markup as curate_markup
from ui.feedback import ENCODING, FeedbackError, FeedbackStore, Todo, write_csv
from ui.feedback.session import feedback_store
from ui.feedback.widgets import reason_name
from ui.formats import day, joined
from ui.parts.cases import case_link
from ui.state import CITY, QUESTION, THEME
from ui.texts import _, ngettext
from ui.vocabulary import theme_name

_MOST_SHOWN = 20
_KINDS = ("unanswered", "rated", "sent")


def todo_count() -> None:
    """Tell how many questions wait for an expert, and nothing of what they say."""
    try:
        n = len(feedback_store().open_todos())
    except FeedbackError as exc:
        st.error(markup.as_markdown(str(exc)))
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
        todos = store.settled_todos() if is_done else store.open_todos()
        shown = _of_kind(todos)
    except FeedbackError as exc:
        st.error(markup.as_markdown(str(exc)))
        return
    if not todos:
        st.info(
            _("Nothing is marked as done yet.")
            if is_done
            else _("No question waits for an expert."),
            icon=":material/inbox:",
        )
        return
    n = len(shown)
    st.header(ngettext("{n} question", "{n} questions", n), anchor=False)
    is_cut = n > _MOST_SHOWN and not st.session_state.get("todos-all")
    titles = {one.case.case_id: one.case.title for one in kb.library()}
    for todo in shown[:_MOST_SHOWN] if is_cut else shown:
        _todo(kb, todo, store, titles)
    if is_cut:
        st.button(
            _("Show all {n}", n=n),
            key="todos-more",
            on_click=lambda: st.session_state.update({"todos-all": True}),
        )


def _of_kind(todos: Sequence[Todo]) -> list[Todo]:
    """Draw the choice of what happened to a question; return those that it fits."""
    if not todos:
        return []
    names = {
        "unanswered": _("Not answered"),
        "rated": _("Rated down"),
        "sent": _("Sent to the group"),
    }
    kind = st.pills(
        _("What happened"), _KINDS, format_func=names.__getitem__, key="todos-kind"
    )
    fits = {
        "unanswered": lambda todo: todo.unanswered,
        "rated": lambda todo: todo.rated_down,
        "sent": lambda todo: todo.sent,
    }
    return [todo for todo in todos if kind is None or fits[kind](todo)]


def _todo(
    kb: KnowledgeBase, todo: Todo, store: FeedbackStore, titles: Mapping[str, str]
) -> None:
    with st.container(border=True, key=f"todo-{todo.todo_id}", gap="xsmall"):
        st.subheader(markup.as_markdown(todo.question), anchor=False)
        st.caption(markup.as_markdown(" · ".join(_what_happened(kb, todo))))
        if todo.comments:
            st.html(curate_markup.quotes(todo.comments))
        for case_id in todo.cases[:3]:
            if case_id in titles:
                case_link(case_id, titles[case_id])
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.page_link(
                pages.ASK,
                label=_("Ask it again"),
                icon=":material/search:",
                query_params={
                    QUESTION: todo.question,
                    CITY: list(todo.cities),
                    THEME: list(todo.themes),
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
            _write(lambda: store.reopen(todo.todo_id))
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
        _write(lambda: store.settle(todo.todo_id, note or ""))


def _write(change: Callable[[], object]) -> None:
    """Change a question's state and draw the page anew, or tell why it stays."""
    try:
        change()
    except FeedbackError as exc:
        st.error(markup.as_markdown(str(exc)))
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
    narrowed = [city.name for city in kb.cities if city.slug in todo.cities]
    narrowed += [theme_name(theme) for theme in kb.themes if theme.slug in todo.themes]
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
