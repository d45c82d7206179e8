"""A case in full: its sections with statements, open questions and sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from kb import FullCase
from kb.review import mark_of, status_of
from kb.sections import OPEN_QUESTIONS, kind_of_section
from kb.types import City, Source, Statement, Theme
from ui import markup
from ui.briefing.session import collect_button
from ui.parts.cases import city_label, review_badge
from ui.parts.excerpt import Excerpt, Note
from ui.parts.figures import figure_table
from ui.review import comparison_note, comparisons_counted, review_told
from ui.strength.view import strength_label, strength_view
from ui.texts import _
from ui.vocabulary import section_name, speaks_of, theme_name, uncertainty

SOURCES_ANCHOR = "sources"
FIGURES_ANCHOR = "key-figures"
_DETAILS = "statement-details"


def case_header(full: FullCase, city: City, themes: dict[str, Theme]) -> None:
    """Draw what stands above a case: title, review state, summary, key facts."""
    case = full.case
    st.title(markup.as_markdown(case.title), anchor=False)
    review_badge(case.review.status)
    if told := _compared(full):
        st.caption(told)
    st.html(markup.summary(case.summary))
    st.html(
        markup.facts(
            [
                (_("City"), city_label(city)),
                (_("Period"), case.period or _("period not stated")),
                (_("Themes"), ", ".join(theme_name(themes[s]) for s in case.themes)),
                (_("Who"), "; ".join(case.actors)),
            ]
        )
    )


def contents(full: FullCase, more: Sequence[tuple[str, str]] = ()) -> None:
    """Draw links to the parts of the page, in their order.

    Args:
        full: The case, of whose sections each has a link.
        more: Anchor and name of what stands behind them.
    """
    entries = [
        *((anchor, _shown_name(name)) for anchor, name, _statements in _parts(full)),
        *more,
    ]
    if full.figures:
        entries.insert(0, (FIGURES_ANCHOR, _("Key figures")))
    if full.open_questions:
        entries.append((section_anchor(OPEN_QUESTIONS), section_name(OPEN_QUESTIONS)))
    entries.append((SOURCES_ANCHOR, _("Sources")))
    st.html(markup.contents(_("Sections of this case"), entries))


def case_text(full: FullCase, pointed: str = "") -> None:
    """Draw every statement with its source marks and how much evidence there is.

    Args:
        full: The case.
        pointed: Mark of the statement that a link led to; empty for none.
    """
    with_details = st.toggle(
        _("Show evidence and briefing buttons for each statement"), key=_DETAILS
    )
    passages = {passage.passage_id: passage for passage in full.passages}

    def page_told(statement: Statement) -> str:
        passage = passages[statement.passage_id]
        page = _("Page {page}", page=passage.page) if passage.page is not None else ""
        return f"{page} · {uncertainty()}" if passage.uncertain else page

    for anchor, name, statements in _parts(full):
        st.header(markup.as_markdown(_shown_name(name)), anchor=anchor)
        for page, on_page in groupby(statements, key=page_told):
            if page:
                st.caption(page)
            if with_details:
                for statement in on_page:
                    _detailed(full, statement, pointed)
            else:
                noted = (_noted(full, one) for one in on_page)
                st.html(markup.marked_statements(noted, pointed))


def key_figures(full: FullCase) -> None:
    """Draw a case's figures, each with a link to its statement on the page."""
    if full.figures:
        st.header(_("Key figures"), anchor=FIGURES_ANCHOR)
        entries = [(f, f"#{mark_of(f.statement_id)}", "") for f in full.figures]
        figure_table(_("Key figures"), entries, key="all-figures")


def open_questions(full: FullCase) -> None:
    """Draw what the case's sources leave open, where there is something."""
    if not full.open_questions:
        return
    with st.container(border=True, key="open-questions"):
        st.header(section_name(OPEN_QUESTIONS), anchor=section_anchor(OPEN_QUESTIONS))
        st.caption(_("What the public sources of this case do not say."))
        st.html(markup.plain_list(q.text for q in full.open_questions))


def case_excerpt(full: FullCase, city: City) -> Excerpt:
    """Return a case as it is copied and printed, section by section."""
    title = _("{city}: {case}", city=city.name, case=full.case.title)
    parts = [
        (_shown_name(name), tuple((one.text, one.source_ids) for one in statements))
        for _anchor, name, statements in _parts(full)
    ]
    notes = [Note(s.source_id, "", (s,)) for s in full.case.sources]
    return Excerpt(title, tuple(parts), tuple(notes))


def source_list(full: FullCase) -> None:
    """Draw the public sources and where the case stands in the corpus."""
    st.header(_("Sources"), anchor=SOURCES_ANCHOR)
    st.html(markup.sources(full.case.sources, with_ids=True))
    path = markup.as_markdown(full.case.path)
    st.caption(_("File in the corpus: {path}", path=path))


def section_anchor(section: str) -> str:
    """Return the anchor of a section, the same in every language of the page."""
    return re.sub(r"\W+", "-", section.casefold()).strip("-") or "text"


def first_anchor(full: FullCase, section: str) -> str:
    """Return the anchor of the first part under a heading; empty for none."""
    for anchor, name, _statements in _parts(full):
        if kind_of_section(name) == section:
            return anchor
    return ""


def _parts(full: FullCase) -> list[tuple[str, str, list[Statement]]]:
    """Return anchor, section and statements of each part, in reading order."""
    found: list[tuple[str, str, list[Statement]]] = []
    taken: dict[str, int] = {}
    for section, statements in groupby(full.statements, key=lambda s: s.section):
        anchor = section_anchor(section)
        taken[anchor] = taken.get(anchor, 0) + 1
        if taken[anchor] > 1:  # reports can repeat a heading
            anchor = f"{anchor}-{taken[anchor]}"
        found.append((anchor, section, list(statements)))
    return found


def _shown_name(section: str) -> str:
    return section_name(section) or _("Text")


def _compared(full: FullCase) -> str:
    """Return how much of a case was compared with its sources; empty for nothing."""
    review = full.case.review
    if review.status == "checked":
        return review_told(review)
    n_compared = sum(status_of(one, review) == "checked" for one in full.statements)
    return comparisons_counted(n_compared, len(full.statements))


def _noted(full: FullCase, one: Statement) -> tuple[str, tuple[str, ...], str, str]:
    """Return a statement, its sources, what is told of its evidence, its mark."""
    strength = strength_label(_sources_of(full, one), one.text)
    told = " · ".join(filter(None, (strength, _more(full, one))))
    return one.text, one.source_ids, told, mark_of(one.statement_id)


def _more(full: FullCase, one: Statement) -> str:
    """Return what is told of a statement beside its sources; empty for nothing."""
    told = (
        speaks_of(one.text, _sources_of(full, one)),
        comparison_note(one, full.case.review),
    )
    return " · ".join(filter(None, told))


def _detailed(full: FullCase, statement: Statement, pointed: str) -> None:
    statement_id = statement.statement_id
    mark = mark_of(statement_id)
    text, source_ids = statement.text, statement.source_ids
    is_it = bool(pointed) and mark == pointed
    st.html(markup.marked_statement(text, source_ids, anchor=mark, pointed=is_it))
    if more := _more(full, statement):
        st.caption(more)
    with st.container(gap=None):
        strength_view(_sources_of(full, statement), key=f"strength-{statement_id}")
        collect_button(statement_id, "", key=f"collect-{statement_id}")


def _sources_of(full: FullCase, statement: Statement) -> tuple[Source, ...]:
    return tuple(s for s in full.case.sources if s.source_id in statement.source_ids)
