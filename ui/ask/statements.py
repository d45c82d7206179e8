"""Statements of an answer with the cards behind their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import streamlit as st

from kb.types import AnswerStatement, City, Query
from ui import markup
from ui.parts.cases import case_link
from ui.parts.citation import citation_card


def statements_by_city(
    statements: Iterable[AnswerStatement], query: Query, cities: Mapping[str, City]
) -> None:
    """Draw statements in their order, below the names of their cities and cases."""
    for slug, of_city in groupby(statements, key=lambda s: s.city):
        st.header(markup.as_markdown(cities[slug].name), anchor=slug)
        for case_id, of_case in groupby(of_city, key=lambda s: s.case_id):
            shown = list(of_case)
            case_link(case_id, shown[0].citation.title)
            for statement in shown:
                statement_view(statement, query)


def statement_view(statement: AnswerStatement, query: Query) -> None:
    """Draw a statement and the card of its number."""
    st.html(
        markup.statement(
            statement.text,
            statement.citations,
            statement.subject,
            statement.citation.language,
        )
    )
    citation_card(statement.citation, query)
