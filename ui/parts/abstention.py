"""Why there is no answer, in the reader's words, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kb.comparison import SideBySide
from kb.reasons import ABSTENTIONS
from kb.types import AbstentionReason, Answer, City, OpenQuestion
from ui import markup
from ui.markup import as_markdown
from ui.parts.cases import case_link
from ui.parts.messages import told
from ui.state import knowledge_base
from ui.texts import _


def abstention_message(answer: Answer | SideBySide) -> None:
    """Draw heading, reason and advice of an answer or a comparison that abstains."""
    code = answer.reason_code
    st.header(
        _("No direct answer found")
        if code == "no-direct-answer"
        else _("The sources do not answer this")
    )
    reason = told(ABSTENTIONS[code], {"names": answer.unknown_names})
    st.write(as_markdown(reason))
    st.write(_advice(code))


def left_open_message(question: OpenQuestion, cities: Mapping[str, City]) -> None:
    """Draw the open question that was asked, its case, and who may know more."""
    st.header(_("The sources leave this open"))
    st.html(markup.statement(question.text, ()))
    full = knowledge_base().full_case(question.case_id)
    if full is not None:  # a newer index may have come since the answer
        city = cities[full.case.city].name
        title = full.case.title
        case_link(question.case_id, _("{city}: {case}", city=city, case=title))
    st.write(_advice("open-question"))


def _advice(code: AbstentionReason) -> str:
    if code == "elsewhere":
        return _(
            "If that is your own city, ask again without its name. The knowledge base "
            "holds cases of the nine mentor cities only."
        )
    if code == "off-topic":
        return _(
            "It knows about financing, energy and district heating, circular "
            "construction, and citizen engagement in nine mentor cities. Clear the "
            "question to see examples."
        )
    if code == "no-direct-answer":
        return _(
            "Read them before you conclude that the city has not done it: the cases "
            "are written from public sources, and other words may find more."
        )
    if code == "open-question":
        return _(
            "The mentor city itself may know: it is a good question for the discussion "
            "group or a study visit."
        )
    return _("Try other words, or remove a filter.")
