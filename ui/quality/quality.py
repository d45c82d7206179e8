"""The Quality page: how good the answers are found to be, and where they fail."""

from __future__ import annotations

import streamlit as st

from evals import LatestEvaluation, QuestionSetError, read_latest
from kb import load_settings
from ui import markup
from ui.formats import day, number
from ui.parts.failure import page_failed
from ui.quality.beside import beside, set_names
from ui.quality.figures import (
    figures,
    how_measured,
    known_gaps,
    measured_index,
    refusals,
    warn_of_answers,
)
from ui.quality.languages import languages
from ui.state import knowledge_base
from ui.texts import _


def show() -> None:
    """Draw the page."""
    st.title(_("Quality"), anchor=False)
    try:
        latest = read_latest()
    except QuestionSetError as exc:
        page_failed(exc)
        return
    st.html(markup.lead(_measured(latest)))
    measured_index(latest, knowledge_base().manifest, load_settings().digest())
    st.header(_("Main figures"), anchor=False)
    figures(latest)
    if latest.beside:
        st.header(_("Other sets of questions"), anchor=False)
        beside(latest)
    st.header(_("By language of the question"), anchor=False)
    languages(latest)
    st.header(_("Questions that should be refused"), anchor=False)
    refusals(latest)
    for name, found in latest.beside.items():
        st.subheader(set_names()[name], anchor=False)
        refusals(found)
    warn_of_answers()
    st.header(_("Known gaps"), anchor=False)
    known_gaps(latest)
    st.header(_("How this was measured"), anchor=False)
    how_measured(latest)


def _measured(latest: LatestEvaluation) -> str:
    questions = latest.questions
    return _(
        "Measured on {date} with {n} test questions in {languages} languages: "
        "{answerable} that the cases answer and {others} that they do not.",
        date=day(latest.date.date()),
        n=number(questions.all),
        languages=number(len(questions.languages)),
        answerable=number(questions.answerable),
        others=number(questions.unanswerable),
    )


show()
