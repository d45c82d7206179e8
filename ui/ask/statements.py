"""Statements of an answer with the cards behind their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import streamlit as st

from kb.types import AnswerStatement, Citation, City, Query
from ui import markup
from ui.parts.cases import case_link
from ui.parts.citation import citation_card


def statements_by_city(
    statements: Iterable[AnswerStatement],
    citations: Iterable[Citation],
    query: Query,
    cities: Mapping[str, City],
) -> None:
    """Draw statements in their order, below the names of their cities and cases."""
    by_number = {citation.n: citation for citation in citations}
    for slug, of_city in groupby(statements, key=lambda s: s.city):
        st.header(markup.as_markdown(cities[slug].name), anchor=slug)
        for case_id, of_case in groupby(of_city, key=lambda s: s.case_id):
            shown = list(of_case)
            case_link(case_id, by_number[shown[0].citations[0]].title)
            for statement in shown:
                statement_view(statement, by_number, query)


def statement_view(
    statement: AnswerStatement, by_number: Mapping[int, Citation], query: Query
) -> None:
    """Draw a statement and a card for each of its numbers."""
    st.html(markup.statement(statement.text, statement.citations, statement.subject))
    for n in statement.citations:
        citation_card(by_number[n], query)
