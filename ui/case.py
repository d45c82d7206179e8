"""The Case page: one case in full, as the URL names it."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from kb import FullCase, KnowledgeBase
from ui import markup
from ui.state import CASE, knowledge_base
from ui.widgets import CASES_PAGE, case_header


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    case_id = st.query_params.get(CASE, "")
    full_case = kb.full_case(case_id)
    st.page_link(CASES_PAGE, label="All cases", icon=":material/arrow_back:")
    if full_case is None:
        st.title("This case is not here", anchor=False)
        st.info(
            f"There is no case {markup.as_markdown(case_id[:80])}. It may have been "
            "renamed: look for it among all cases."
        )
        return
    _show_case(full_case, kb)


def _show_case(full: FullCase, kb: KnowledgeBase) -> None:
    cities = {city.slug: city for city in kb.cities}
    themes = {theme.slug: theme for theme in kb.themes}
    case_header(full.case, cities[full.case.city], themes)
    order = {passage.passage_id: passage for passage in full.passages}
    for section, statements in groupby(full.statements, key=lambda s: s.section):
        st.header(markup.as_markdown(section or "Text"))
        for page, part in groupby(statements, key=lambda s: order[s.passage_id].page):
            if page is not None:
                st.caption(f"Page {page}")
            st.html(
                "".join(
                    markup.marked_statement(statement.text, statement.source_ids)
                    for statement in part
                )
            )
    if full.open_questions:
        with st.container(border=True, key="open-questions"):
            st.header("Open questions")
            st.caption("What the public sources of this case do not say.")
            st.html(markup.plain_list(q.text for q in full.open_questions))
    st.header("Sources")
    st.html(markup.sources(full.case.sources, with_ids=True))
    st.caption(f"File in the corpus: `{full.case.path}`")


show()
