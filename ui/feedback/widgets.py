"""Feedback on answers and passages, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kb.types import Answer, Citation, Query
from ui.feedback import MAX_COMMENT_CHARS, DownReason, Rating, Verdict
from ui.feedback.session import (
    Subject,
    count_unanswered,
    days_kept,
    forget_old,
    has_opted_out,
    is_offered,
    may_keep,
    opt_out,
    rate,
    said_about,
    send,
)
from ui.texts import _, ngettext

_OF_ANSWERS = tuple(DownReason)
_OF_PASSAGES = (
    DownReason.WRONG,
    DownReason.NOT_RELEVANT,
    DownReason.OUTDATED,
    DownReason.OTHER,
)
_TOGGLE = "feedback-toggle"


def answer_feedback(answer: Answer, query: Query) -> None:
    """Draw the rating of an answer; a rating draws nothing else again."""
    if may_keep():
        subject = Subject.answer(answer, query)
        draw = st.fragment(_rating, key="rate-answer")
        draw(subject, _("Was this answer useful?"), _OF_ANSWERS)


def passage_feedback(citation: Citation, query: Query, *, key: str) -> None:
    """Draw the rating of a passage that a citation shows; likewise.

    Args:
        citation: The citation.
        query: What its answer was asked.
        key: Of this rating on the page.
    """
    if may_keep():
        subject = Subject.passage(citation, query)
        draw = st.fragment(_rating, key=key)
        draw(subject, _("Does this passage help with your question?"), _OF_PASSAGES)


def send_to_group(answer: Answer, query: Query) -> None:
    """Put an unanswered question on the experts' list; offer to send it to the group.

    The list is kept without a click. Nothing is drawn or kept when the session or the
    operator wants none of it.
    """
    if may_keep():
        subject = Subject.answer(answer, query)
        count_unanswered(subject)
        st.fragment(_sending, key="send-to-group")(subject)


def privacy_note() -> None:
    """Draw what is kept and what is not, and the switch to keep nothing."""
    forget_old()
    if not is_offered():
        st.caption(_("Questions and feedback are not kept here."))
        return
    with st.popover(
        _("What is kept of your questions"), type="tertiary", icon=":material/shield:"
    ):
        st.markdown(_what_is_kept())
        st.session_state.setdefault(_TOGGLE, has_opted_out())
        st.toggle(
            _("Do not keep my questions and feedback"),
            key=_TOGGLE,
            on_change=lambda: opt_out(wanted=st.session_state[_TOGGLE]),
        )
        st.caption(_("This holds from now on, until you close or reload the page."))


def reason_name(reason: DownReason) -> str:
    """Return a reason for a thumb down in the reader's language."""
    names = {
        DownReason.WRONG: _("Wrong"),
        DownReason.NOT_RELEVANT: _("Not relevant"),
        DownReason.OUTDATED: _("Outdated"),
        DownReason.TOO_LONG: _("Too long"),
        DownReason.MISSING_CITY: _("A city is missing"),
        DownReason.OTHER: _("Something else"),
    }
    return names[reason]


def _rating(subject: Subject, question: str, reasons: Sequence[DownReason]) -> None:
    said = said_about(subject)
    key = subject.key
    if said.rating:
        # Streamlit forgets what a widget held while it was not drawn.
        st.session_state.setdefault(f"verdict-{key}", said.rating.verdict)
        st.session_state.setdefault(f"reason-{key}", said.rating.reason)
        st.session_state.setdefault(f"comment-{key}", said.rating.comment)
    verdict = st.pills(
        question,
        list(Verdict),
        format_func=_verdict_name,
        key=f"verdict-{key}",
        on_change=_rated,
        args=(subject,),
    )
    if verdict == Verdict.DOWN:
        _reason(subject, reasons)
    if said.has_failed:
        _failed()
    elif said.rating:
        thanks = (
            _("Thank you. Your rating and comment are kept for the experts.")
            if said.rating.comment
            else _("Thank you. Your rating is kept for the experts.")
        )
        st.success(thanks, icon=":material/check:")


def _reason(subject: Subject, reasons: Sequence[DownReason]) -> None:
    st.pills(
        _("What is the problem?"),
        reasons,
        format_func=reason_name,
        key=f"reason-{subject.key}",
        on_change=_rated,
        args=(subject,),
    )
    with st.form(f"comment-form-{subject.key}", border=False):
        st.text_area(
            _("Comment (optional; please write no names)"),
            key=f"comment-{subject.key}",
            max_chars=MAX_COMMENT_CHARS,
            height=80,
        )
        st.form_submit_button(_("Send comment"), on_click=_rated, args=(subject,))


def _rated(subject: Subject) -> None:
    """Keep what the widgets of a subject say now."""
    key = subject.key
    verdict = st.session_state.get(f"verdict-{key}")
    if verdict is None:
        rate(subject, None)
        return
    is_down = verdict == Verdict.DOWN
    rate(
        subject,
        Rating(
            shown=subject.shown,
            verdict=verdict,
            reason=st.session_state.get(f"reason-{key}") if is_down else None,
            comment=st.session_state.get(f"comment-{key}", "") if is_down else "",
            case_id=subject.case_id,
            passage_id=subject.passage_id,
            statement_id=subject.statement_id,
        ),
    )


def _verdict_name(verdict: Verdict) -> str:
    name = _("Yes") if verdict is Verdict.UP else _("No")
    return f":material/thumb_{verdict}: {name}"


def _sending(subject: Subject) -> None:
    said = said_about(subject)
    if said.is_sent:
        st.success(
            _("Noted. The facilitator of the group finds it in the next list."),
            icon=":material/check:",
        )
        return
    st.write(
        _(
            "You can send this question to the discussion group. Its facilitator and "
            "the experts then see the question, your filters and the day, but not who "
            "you are."
        )
    )
    st.button(
        _("Send to the discussion group"),
        key=f"send-{subject.key}",
        icon=":material/forum:",
        on_click=send,
        args=(subject,),
    )
    if said.has_failed:
        _failed()


def _failed() -> None:
    st.warning(
        _("This could not be kept. The answer is not affected; please try again later.")
    )


def _what_is_kept() -> str:
    """Return the note as a list in Markdown."""
    points = [
        _(
            "**Kept:** a question that finds no answer, so that experts can close the "
            "gap; and what you rate or send. With it: your filters, the cases shown, "
            "your rating and comment, and the day."
        ),
        _(
            "**Not kept:** who you are, your address on the internet, the time of day. "
            "E-mail addresses and telephone numbers that you type are taken out; names "
            "are not recognised, so please write none."
        ),
        _(
            "**Who can read it:** the experts who look after the cases, the "
            "facilitator of the discussion group, and the people who run this website."
        ),
        ngettext(
            "**How long:** it is deleted after {n} day.",
            "**How long:** it is deleted after {n} days.",
            days_kept(),
        ),
    ]
    return "\n".join(f"- {point}" for point in points)
