"""Questions that go on from an answer, about the cases that it found."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from kb import KnowledgeBase
from kb.sections import kind_of_section
from kb.types import Answer
from ui.ask.ask_button import ask_button
from ui.markup import as_markdown
from ui.texts import _

_MOST_CASES = 2


def follow_up(answer: Answer, kb: KnowledgeBase) -> None:
    """Draw follow-up questions on the best cases; only those that a case speaks of."""
    names = {city.slug: city.name for city in kb.cities}
    best = sorted(answer.statements or answer.closest, key=lambda s: -s.score)
    cases = list(dict.fromkeys(statement.case_id for statement in best))[:_MOST_CASES]
    if not cases:
        return
    with st.container(key="follow-ups"):
        st.header(_("Follow-up questions"), anchor=False)
        for case_id in cases:
            full = kb.full_case(case_id)
            if full is None:  # a newer index may have come since the answer
                continue
            city, title = names[full.case.city], full.case.title
            sections = {
                kind_of_section(statement.section) for statement in full.statements
            }
            st.caption(as_markdown(_("{city}: {case}", city=city, case=title)))
            with st.container(horizontal=True, gap="small"):
                for section, label, question in follow_up_questions(title, city):
                    if section in sections and question != answer.question:
                        key = f"follow-{case_id}-{section}"
                        ask_button(question, key=key, label=label)


def follow_up_questions(case: str, city: str) -> Iterator[tuple[str, str, str]]:
    """Yield for each kind of section its heading, a label, and the question.

    The question names the section, too: of 334 questions on the shipped cases, 321 then
    show a statement of the section, without that word 296.
    """
    yield (
        "Costs",
        _("What did it cost?"),
        _("{case} ({city}), costs: what did it cost?", case=case, city=city),
    )
    yield (
        "Obstacles",
        _("What went wrong?"),
        _("{case} ({city}), obstacles: what went wrong?", case=case, city=city),
    )
    yield (
        "Governance",
        _("Who ran it?"),
        _("{case} ({city}), governance: who ran it?", case=case, city=city),
    )
    yield (
        "Results",
        _("What came out of it?"),
        _("{case} ({city}), results: what came out of it?", case=case, city=city),
    )
