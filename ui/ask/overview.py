"""The answer to a broad question: case by case, each with a few of its statements."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kb.types import Answer, City, Query
from ui import markup
from ui.ask.statements import statement_view
from ui.parts.cases import case_link
from ui.texts import _, ngettext


def overview_headline(answer: Answer) -> None:
    """Tell how many cases are on it, with those that there is no room for."""
    n_cases = len(answer.blocks) + len(answer.more_cases)
    st.html(
        markup.status(
            ngettext(
                "{n} case is on this.",
                "{n} cases are on this, the best one first.",
                n_cases,
            )
        )
    )


def overview(answer: Answer, query: Query, cities: Mapping[str, City]) -> None:
    """Draw the answering cases, the best first; further ones are folded away."""
    by_number = {s.citation.n: s for s in answer.statements}
    for block in answer.blocks:
        # A city may have several cases here, so that its slug is no anchor.
        st.header(markup.as_markdown(cities[block.city].name), anchor=False)
        case_link(block.case_id, block.title)
        st.html(markup.short_summary(block.summary))
        for n in block.citations:
            statement_view(by_number[n], query)
    if not answer.more_cases:
        return
    label = _("More cases ({n})", n=len(answer.more_cases))
    with st.expander(label, type="compact"):
        for case in answer.more_cases:
            city = cities[case.city].name
            case_link(case.case_id, _("{city}: {case}", city=city, case=case.title))
