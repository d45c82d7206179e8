"""The kit for a discussion group on the Prepare page: theme, cases, questions."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kb import KnowledgeBase
from ui import address, markup
from ui.briefing.collect import collect_case
from ui.prepare.documents.discussion import (
    CASES,
    QUESTIONS,
    cases_to_discuss,
    questions_to_ask,
    write_session_kit,
)
from ui.prepare.downloads import document_files, file_buttons, preview
from ui.state import SESSION
from ui.texts import _
from ui.vocabulary import theme_name

_THEME = "session-theme"


def session_kit_view(kb: KnowledgeBase) -> None:
    """Draw the kit of the theme that the address names, the first if it does not."""
    st.html(
        markup.lead(
            _(
                "For an online discussion group: one theme, three cases, and five "
                "questions that their sources leave open, for the mentor cities."
            )
        )
    )
    themes = {theme.slug: theme for theme in kb.themes}
    wanted = st.query_params.get(SESSION, "")
    address.follow(_THEME, wanted if wanted in themes else next(iter(themes)))
    slug = st.selectbox(
        _("Theme"),
        list(themes),
        format_func=lambda slug: theme_name(themes[slug]),
        key=_THEME,
        on_change=_remember,
    )
    theme = themes[slug]
    titles = {
        case.case_id: f"{case.case_id}: {case.title}"
        for case in kb.cases()
        if slug in case.themes
    }
    chosen = st.multiselect(
        _("Cases"),
        list(titles),
        default=cases_to_discuss(kb, theme),
        format_func=titles.__getitem__,
        max_selections=CASES,
        key=f"session-cases-{slug}",
    )
    cases = [case for case in (collect_case(kb, case_id) for case_id in chosen) if case]
    asked = {question.question_id: question for question in questions_to_ask(cases)}
    questions = st.multiselect(
        _("Questions to the mentor cities"),
        list(asked),
        default=list(asked)[:QUESTIONS],
        format_func=lambda question_id: asked[question_id].text,
        max_selections=QUESTIONS,
        key=f"session-questions-{'-'.join(chosen)}",
    )
    document = write_session_kit(kb, theme, chosen, questions, made_on=date.today())
    st.header(_("Take it along"), anchor=False)
    file_buttons(document_files(document), key="session-file")
    st.header(_("What is in it"), anchor=False)
    preview(document)


def _remember() -> None:
    address.go(**{SESSION: st.session_state[_THEME]})
