"""Parts that pages share: the answer, the citation card, the case header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import streamlit as st

from kb import KnowledgeBase
from kb.types import Answer, AnswerStatement, Case, Citation, City, OpenQuestion, Theme
from ui import markup
from ui.state import CASE, CITY, THEME

CASE_PAGE = "ui/case.py"
CASES_PAGE = "ui/cases.py"
_DRAFTS = " These cases are drafts: no expert has read them yet."
_LEAVES_OPEN = "What the sources leave open"


def case_link(case_id: str, label: str) -> None:
    """Draw a link to a case's full page."""
    st.page_link(
        CASE_PAGE,
        label=markup.as_markdown(label),
        icon=":material/article:",
        query_params={CASE: case_id},
    )


def filters(kb: KnowledgeBase) -> tuple[list[str], list[str]]:
    """Draw the city and theme filters; their values stand in the URL.

    Returns:
        The slugs of the chosen cities and themes; empty means all.
    """
    left, right = st.columns(2)
    with left:
        cities = _filter("Cities", CITY, {city.slug: city.name for city in kb.cities})
    with right:
        themes = _filter("Themes", THEME, {t.slug: t.name for t in kb.themes})
    return cities, themes


def _filter(label: str, key: str, names: Mapping[str, str]) -> list[str]:
    """Draw one filter and keep the chosen slugs in the URL.

    Streamlit's own binding would put the shown names there instead of the slugs.
    """
    if key not in st.session_state:
        given = st.query_params.get_all(key)
        st.session_state[key] = [slug for slug in given if slug in names]
    chosen = st.multiselect(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        placeholder=f"All {len(names)} {label.lower()}",
    )
    if chosen != st.query_params.get_all(key):
        st.query_params[key] = chosen
    return chosen


def review_badge(status: str) -> None:
    """Say whether an expert has read the case."""
    if status == "reviewed":
        st.badge("Reviewed by an expert", icon=":material/verified:", color="green")
    else:
        st.badge(
            "Draft: not yet read by an expert",
            icon=":material/edit_note:",
            color="orange",
        )


def answer_view(answer: Answer, cities: Mapping[str, City]) -> None:
    """Draw an answer grouped by city, or the honest message that there is none."""
    if answer.abstained:
        _abstention(answer, cities)
        return
    n_cities = len({statement.city for statement in answer.statements})
    n_cases = len({statement.case_id for statement in answer.statements})
    is_draft = all(c.review_status != "reviewed" for c in answer.citations)
    st.caption(
        f"{_count(len(answer.statements), 'statement')} from "
        f"{_count(n_cases, 'case')} of {_count(n_cities, 'city', 'cities')}, in the "
        "words of the cases. Open a number to see the passage and its public sources."
        + (_DRAFTS if is_draft else "")
    )
    _statements_by_city(answer.statements, answer.citations, cities)
    if answer.open_questions:
        with st.container(border=True, key="open-questions"):
            st.subheader(_LEAVES_OPEN)
            _open_question_list(answer.open_questions)


def _statements_by_city(
    statements: Iterable[AnswerStatement],
    citations: Iterable[Citation],
    cities: Mapping[str, City],
) -> None:
    by_number = {citation.n: citation for citation in citations}
    for slug, of_city in groupby(statements, key=lambda s: s.city):
        st.subheader(markup.as_markdown(cities[slug].name), anchor=slug)
        for statement in of_city:
            _cited_statement(statement, by_number)


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


def _cited_statement(
    statement: AnswerStatement, citations: Mapping[int, Citation]
) -> None:
    st.html(markup.statement(statement.text, statement.citations))
    for n in statement.citations:
        citation_card(citations[n])


def citation_card(citation: Citation) -> None:
    """Draw a citation: closed, a line that names it; open, passage and sources."""
    place = markup.place(citation.section, citation.page)
    n_sources = _count(len(citation.sources), "source")
    label = markup.as_markdown(f"[{citation.n}] {citation.title} · {place}")
    with st.expander(
        f"{label} · {n_sources}", key=f"citation-{citation.n}", type="compact"
    ):
        if citation.review_status != "reviewed":
            review_badge(citation.review_status)
        st.html(markup.passage(citation.passage, citation.start, citation.end))
        st.markdown("**Public sources of the highlighted statement**")
        st.html(markup.sources(citation.sources))
        case_link(citation.case_id, "Read the full case")


def _abstention(answer: Answer, cities: Mapping[str, City]) -> None:
    with st.container(border=True, key="abstention"):
        st.subheader(_ABSTENTIONS.get(answer.reason_code, _ABSTENTION_OTHERWISE))
        st.write(markup.as_markdown(answer.reason))
        st.write(_ADVICE.get(answer.reason_code, _ADVICE_OTHERWISE))
    if answer.reason_code == "off-topic":
        return
    if answer.open_questions and answer.reason_code == "open-question":
        st.subheader(_LEAVES_OPEN)
        _open_question_list(answer.open_questions)
    if answer.closest:
        st.subheader("The closest statements")
        _statements_by_city(answer.closest, answer.citations, cities)
    if answer.nearest_cases:
        st.subheader("The nearest cases")
        for case in answer.nearest_cases:
            case_link(case.case_id, f"{cities[case.city].name}: {case.title}")


_ABSTENTIONS = {"no-direct-answer": "No direct answer found"}
_ABSTENTION_OTHERWISE = "The sources do not answer this"
_ADVICE = {
    "elsewhere": "If that is your own city, ask again without its name. The knowledge "
    "base holds cases of the nine mentor cities only.",
    "off-topic": "It knows about financing, energy and district heating, circular "
    "construction, and citizen engagement in nine mentor cities. Try an example above.",
    "no-direct-answer": "Read them before you conclude that the city has not done it: "
    "the cases are written from public sources, and other words may find more.",
    "open-question": "The mentor city itself may know: it is a good question for the "
    "discussion group or a study visit.",
}
_ADVICE_OTHERWISE = "Try other words, or remove a filter."


def _open_question_list(questions: Iterable[OpenQuestion]) -> None:
    st.html(markup.plain_list(question.text for question in questions))


def case_header(case: Case, city: City, themes: Mapping[str, Theme]) -> None:
    """Draw what stands above a case: title, review state, summary, key facts."""
    st.title(markup.as_markdown(case.title), anchor=False)
    review_badge(case.review.status)
    st.html(markup.lead(case.summary))
    st.html(
        markup.facts(
            [
                ("City", f"{city.name}, {city.country}"),
                ("Period", case.period),
                ("Themes", ", ".join(themes[slug].name for slug in case.themes)),
                ("Who", "; ".join(case.actors)),
            ]
        )
    )
