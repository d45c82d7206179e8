"""An answer: an overview or statements, with their citations, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import streamlit as st

from kb.answer.side_by_side import MAX_CITIES, MIN_CITIES
from kb.question.how_much import asks_how_much
from kb.types import Answer, City, OpenQuestion, Query
from ui import markup, pages
from ui.ask.overview import overview, overview_headline
from ui.ask.statements import statements_by_city
from ui.briefing.session import collect_all_button
from ui.feedback.session import may_keep
from ui.feedback.widgets import answer_feedback, send_to_group
from ui.formats import joined
from ui.parts.abstention import abstention_message, left_open_message
from ui.parts.cases import case_link
from ui.parts.citation import described
from ui.parts.excerpt import Excerpt, cited
from ui.parts.figures import figure_table
from ui.parts.open_questions import named_questions
from ui.parts.take_along import printed_sources, take_along
from ui.state import CITY, QUESTION
from ui.texts import _


def answer_view(answer: Answer, query: Query, cities: Mapping[str, City]) -> None:
    """Draw an answer, by case or by city, or the honest message that there is none."""
    if answer.abstained:
        _abstention(answer, query, cities)
        return
    if answer.blocks:
        overview_headline(answer)
    st.caption(described(answer.citations))
    _asked_and_answered(answer, cities)
    _figures(answer, cities)
    if answer.blocks:
        overview(answer, query, cities)
    else:
        statements_by_city(answer.statements, query, cities)
    with st.container(
        key="answer-actions", horizontal=True, vertical_alignment="center"
    ):
        collect_all_button(answer.citations, query.text)
        _compare_link(answer, query, cities)
    excerpt = _excerpt(answer, query, cities)
    take_along(excerpt, _("Copy the answer"), key="take-along")
    if answer.open_questions:
        with st.container(border=True, key="open-questions"):
            st.header(_("What the sources leave open"))
            _open_question_list(answer.open_questions, cities)
    printed_sources(excerpt)
    answer_feedback(answer, query)


def _asked_and_answered(answer: Answer, cities: Mapping[str, City]) -> None:
    """Tell which parts of the question are answered, and for which cities none is."""
    if answer.parts:
        label = _("What you asked, and the statements that answer it:")
        parts = [(part.text, part.citations) for part in answer.parts]
        st.html(markup.asked_parts(label, parts, answer.language))
    if answer.silent_cities:
        names = joined([cities[slug].name for slug in answer.silent_cities])
        told = _("For {cities}, no statement found answers this.", cities=names)
        st.write(markup.as_markdown(told))


def _figures(answer: Answer, cities: Mapping[str, City]) -> None:
    """Draw the figures of the statements below, where the question asks how much."""
    if not answer.figures or not asks_how_much(answer.understood_as or answer.question):
        return
    by_id = {citation.statement_id: citation for citation in answer.citations}
    entries = [
        (figure, f"#{markup.statement_anchor(found.n)}", cities[found.city].name)
        for figure in answer.figures
        if (found := by_id.get(figure.statement_id))
    ]
    st.subheader(_("Key figures"), anchor=False)
    figure_table(_("Key figures"), entries, key="figures-of-answer")


def _abstention(answer: Answer, query: Query, cities: Mapping[str, City]) -> None:
    with st.container(border=True, key="abstention"):
        if answer.left_open:
            left_open_message(answer.left_open, cities)
        else:
            abstention_message(answer)
        if not answer.closest:
            send_to_group(answer, query)
    if answer.reason_code == "off-topic":
        return
    if answer.closest:
        st.header(_("The closest statements"))
        statements_by_city(answer.closest, query, cities)
        if may_keep():  # behind what may be the answer after all
            with st.container(border=True, key="send"):
                send_to_group(answer, query)
    others = [q for q in answer.open_questions if q != answer.left_open]
    if others and answer.reason_code == "open-question":
        st.header(_("What the sources leave open"))
        _open_question_list(others, cities)
    if answer.nearest_cases:
        st.header(_("The nearest cases"))
        for case in answer.nearest_cases:
            city = cities[case.city].name
            label = _("{city}: {case}", city=city, case=case.title)
            case_link(case.case_id, label)


def _compare_link(answer: Answer, query: Query, cities: Mapping[str, City]) -> None:
    """Lead to the same question side by side, where several cities speak."""
    slugs = list(dict.fromkeys(s.city for s in answer.statements))[:MAX_CITIES]
    if len(slugs) < MIN_CITIES:
        return
    names = joined([cities[slug].name for slug in slugs])
    st.page_link(
        pages.COMPARE,
        label=markup.as_markdown(_("Compare {cities}", cities=names)),
        icon=":material/view_column:",
        query_params={QUESTION: query.text, CITY: slugs},
    )


def _excerpt(answer: Answer, query: Query, cities: Mapping[str, City]) -> Excerpt:
    """Return the answer as it is copied and printed, case by case or by city."""
    by_number = {citation.n: citation for citation in answer.citations}
    if answer.blocks:
        blocks = [
            (
                _("{city}: {case}", city=cities[block.city].name, case=block.title),
                [by_number[n] for n in block.citations],
            )
            for block in answer.blocks
        ]
        return cited(query.text, blocks)
    groups = groupby(answer.citations, key=lambda citation: citation.city)
    return cited(query.text, [(cities[slug].name, list(of)) for slug, of in groups])


def _open_question_list(
    questions: Iterable[OpenQuestion], cities: Mapping[str, City]
) -> None:
    st.html(markup.named_list(named_questions(questions, cities)))
