"""Files what a mentor city answered in a discussion group as a draft of its case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from ingest import free_source_id, open_case, with_answer
from kb import FullCase, KnowledgeBase
from kb.errors import KnowledgeBaseError
from kb.sections import STATED
from kb.settings import Settings
from kb.types import Source
from ui import markup
from ui.curate.draft.work import take_in_hand, work_in_hand
from ui.curate.problems import refused
from ui.formats import language_name
from ui.state import CASE, FILE
from ui.texts import _
from ui.vocabulary import CORPUS_LANGUAGE, section_name

WANTED_PART = "wanted-part"
"""The part of the page to show next, which its own choice takes up."""
_LANGUAGES = ("en", "de", "es", "fi", "fr", "hu", "it", "nb", "pl", "sv")
_SECTION = "Lessons"
"""Where an answer goes unless the curator says otherwise."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """What the form holds."""

    question: str
    answer: str
    section: str
    session: Source


def answers_view(kb: KnowledgeBase, settings: Settings) -> None:
    """Draw the form; what it holds is opened as a draft and saved as any other."""
    st.html(
        markup.lead(
            _(
                "An answer becomes a statement of the case, with the discussion group "
                "as its source. You see the difference before you save it; the case "
                "is a draft until a reviewer has read it."
            )
        )
    )
    if work_in_hand():
        st.info(
            _("First save or close the case that is open under Add or correct."),
            icon=":material/info:",
        )
        return
    full = _case(kb)
    if full is None:
        return
    answered = _form(full)
    if (
        st.button(
            _("Open as a draft"),
            key="file-answer",
            type="primary",
            disabled=answered is None,
        )
        and answered
    ):
        _open(full, answered, settings)


def _case(kb: KnowledgeBase) -> FullCase | None:
    """Draw the choice of a case that leaves something open."""
    titles = {
        case.case_id: f"{case.case_id}: {case.title}"
        for case in kb.cases()
        if case.path.endswith(".md")
    }
    given = st.query_params.get(CASE)
    chosen = st.selectbox(
        _("Case"),
        list(titles),
        index=list(titles).index(given) if given in titles else None,
        format_func=titles.__getitem__,
        placeholder=_("Choose a case"),
        key="answered-case",
    )
    full = kb.full_case(chosen) if chosen else None
    if full and not full.open_questions:
        st.info(_("The sources of this case leave nothing open."))
        return None
    return full


def _form(full: FullCase) -> _Answered | None:
    """Draw the fields; return what they hold once all that is needed is there."""
    name = full.case.case_id  # of another case the fields are empty again
    question = st.selectbox(
        _("Open question"),
        [question.text for question in full.open_questions],
        key=f"answered-question-{name}",
    )
    answer = st.text_area(
        _("What the city answered, in English, in its own words"),
        key=f"answered-text-{name}",
        help=_(
            "One fact that can be read alone: begin with the name of what it is about."
        ),
    )
    section = st.selectbox(
        _("Section"),
        STATED,
        index=STATED.index(_SECTION),
        format_func=section_name,
        key=f"answered-section-{name}",
    )
    session = _session(name)
    if not (question and answer.strip() and session.publisher and session.url):
        return None
    return _Answered(question, answer, section, session)


def _session(name: str) -> Source:
    """Draw what the source is: the discussion group, and where it is documented."""
    st.subheader(_("The discussion group"), anchor=False)
    held_on = st.date_input(
        _("When"), date.today(), max_value=date.today(), key=f"answered-on-{name}"
    )
    publisher = st.text_input(
        _("Which office answered: no names of persons"), key=f"answered-by-{name}"
    )
    url = st.text_input(
        _("Public address of its page or notes"),
        placeholder="https://",
        key=f"answered-url-{name}",
    )
    language = st.selectbox(
        _("Language"),
        _LANGUAGES,
        index=_LANGUAGES.index(CORPUS_LANGUAGE),
        format_func=language_name,
        key=f"answered-language-{name}",
    )
    # In English, as the titles of all sources are.
    title = f"Online discussion group of {held_on.isoformat()}"
    return Source("", title, publisher.strip(), url.strip(), language, held_on.year)


def _open(full: FullCase, answered: _Answered, settings: Settings) -> None:
    """Open the case as a draft that holds the answer."""
    path = full.case.path
    try:
        with st.spinner(_("Reading the file …"), show_time=True):
            draft = open_case(path, settings)
        values = draft.values
        source_id = free_source_id({s.source_id for s in values.sources})
        text = with_answer(
            draft.body or "",
            answered.question,
            answered.answer,
            answered.section,
            source_id,
        )
    except KnowledgeBaseError as exc:
        refused(_("The file cannot be used."), exc)
        return
    session = replace(answered.session, source_id=source_id)
    values = replace(values, sources=(*values.sources, session))
    take_in_hand(draft, values, text)
    st.session_state[WANTED_PART] = "add"
    st.query_params[FILE] = path
    st.rerun()
