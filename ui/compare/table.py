"""A comparison: the table, what stands behind its numbers, and why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from kb.comparison import ComparedCity, SideBySide
from kb.reasons import ABSTENTIONS, NOTHING_TO_COMPARE
from kb.types import Citation, City, Query
from ui import markup
from ui.briefing.session import collect_all_button
from ui.compare import markup as compare_markup
from ui.formats import joined
from ui.parts.abstention import abstention_message
from ui.parts.cases import case_link
from ui.parts.citation import citation_details, described
from ui.parts.clicks import clicked
from ui.parts.excerpt import cited
from ui.parts.figure_markup import amount
from ui.parts.messages import told
from ui.parts.open_questions import named_questions
from ui.parts.take_along import printed_sources, take_along
from ui.state import knowledge_base
from ui.texts import _
from ui.vocabulary import place, section_name

_COMPARISON = "comparison"
_SHOWN = "comparison-shown"
_FIGURES = 6
"""Figures of a city at most; its cases have them all."""


def comparison_of(query: Query, on_wait: Callable[[int], None]) -> SideBySide:
    """Return a comparison; a rerun of the session's latest one costs no search.

    Args:
        query: The question and the cities.
        on_wait: Told its place in line; see `KnowledgeBase.turn`.

    Raises:
        QueryError: The question, the choice of cities or a theme cannot be used.
        BusyError: Too many wait already.
    """
    kb = knowledge_base()
    key = (kb.manifest.generation, query)
    latest: tuple[object, SideBySide] | None = st.session_state.get(_COMPARISON)
    if latest is None or latest[0] != key:
        with kb.turn(on_wait):
            latest = (key, kb.compare(query))
        st.session_state[_COMPARISON] = latest
    return latest[1]


def shown_before() -> Query | None:
    """Return what the session compared last, or None."""
    query: Query | None = st.session_state.get(_SHOWN)
    return query


def comparison_view(
    found: SideBySide, query: Query, cities: Mapping[str, City]
) -> None:
    """Draw a comparison, or the honest message that there is none."""
    st.session_state[_SHOWN] = query
    if found.reason_code:
        _no_comparison(found, query, cities)
        return
    st.caption(described(found.citations))
    rows = _rows(found)
    names = {cities[c.city].name: any(c.cells.values()) for c in found.columns}
    listed = joined(list(names))
    label = _("{question}: {cities}", question=found.question, cities=listed)
    st.html(compare_markup.side_by_side(label, _("Section"), names, rows))
    _explain_empty_cells(found)
    collect_all_button(found.citations, query.text)
    named = [
        (cities[c.city].name, [s.citation for row in found.rows for s in c.cells[row]])
        for c in found.columns
    ]
    excerpt = cited(found.question, named)
    take_along(excerpt, _("Copy the comparison"), key="take-along")
    printed_sources(excerpt)
    with st.container(key="case-links"):
        for column in found.columns:
            for case in (*column.cases, *filter(None, [column.nearest])):
                case_link(case.case_id, case.title)
    target = clicked(key="comparison-clicks", links="case-links")
    _follow(target, found.citations, query, cities)


def _explain_empty_cells(found: SideBySide) -> None:
    """Say what stands behind the words of the empty cells that there are."""
    are_silent = {
        row in column.silent
        for column in found.columns
        for row in found.rows
        if not column.cells[row]
    }
    if False in are_silent:
        st.caption(
            _(
                "*Nothing found*: what was looked at of the city's cases does not say "
                "it in this section; the rest of them may."
            )
        )
    if True in are_silent:
        st.caption(
            _(
                "*Not in our sources*: every statement of the city in such a section "
                "was read, and none seems to answer."
            )
        )


def _rows(found: SideBySide) -> list[tuple[str, list[str]]]:
    """Return each row's name and cells, in the order of the table."""
    rows = [(_("Cases"), [_cases(column) for column in found.columns])]
    for row in found.rows:
        cells = [_cell(column, row) for column in found.columns]
        rows.append((section_name(row) or _("Other sections"), cells))
    if found.figures:
        figures = [_figures(found, column) for column in found.columns]
        rows.insert(1, (_("Key figures"), figures))
    left_open = [_left_open(column) for column in found.columns]
    rows.append((_("What the sources leave open"), left_open))
    return rows


def _cases(column: ComparedCity) -> str:
    if column.cases:
        links = [
            compare_markup.case_reference(c.case_id, c.title) for c in column.cases
        ]
        return "".join(links)
    near = column.nearest
    if near is None:
        return compare_markup.absent(told(ABSTENTIONS["weak-evidence"], {}))
    return compare_markup.case_reference(near.case_id, near.title, _("The nearest:"))


def _cell(column: ComparedCity, row: str) -> str:
    statements = column.cells[row]
    if not statements:
        return compare_markup.absent(
            _("Not in our sources") if row in column.silent else _("Nothing found")
        )
    return "".join(
        compare_markup.numbered_statement(
            statement.text, statement.citation.n, statement.citation.language
        )
        for statement in statements
    )


def _figures(found: SideBySide, column: ComparedCity) -> str:
    """Return the figures of the statements that are shown of a city."""
    numbers = {
        statement.citation.statement_id: statement.citation.n
        for statements in column.cells.values()
        for statement in statements
    }
    told = [
        (f"{amount(figure)}: {figure.what}", numbers[figure.statement_id])
        for figure in found.figures
        if figure.statement_id in numbers
    ]
    if not told:
        return compare_markup.absent(_("Nothing found"))
    return "".join(compare_markup.numbered_statement(*each) for each in told[:_FIGURES])


def _left_open(column: ComparedCity) -> str:
    if not column.open_questions:
        return compare_markup.absent(_("Nothing is noted"))
    kb = knowledge_base()
    cities = {city.slug: city for city in kb.cities}
    return markup.named_list(named_questions(column.open_questions, cities))


def _follow(
    target: str,
    citations: Sequence[Citation],
    query: Query,
    cities: Mapping[str, City],
) -> None:
    """Open the number that was clicked in the table."""
    citation = next((one for one in citations if str(one.n) == target), None)
    if citation is None:
        return
    title = markup.as_markdown(f"[{citation.n}] {cities[citation.city].name}")
    st.dialog(title, width="medium")(_details)(citation, query)


def _details(citation: Citation, query: Query) -> None:
    where = place(citation.section, citation.page, uncertain=citation.uncertain)
    told = _("{case} · {place}", case=citation.title, place=where)
    st.caption(markup.as_markdown(told))
    citation_details(citation, query)


def _no_comparison(found: SideBySide, query: Query, cities: Mapping[str, City]) -> None:
    with st.container(border=True, key="abstention"):
        if found.reason_code == "weak-evidence":
            st.header(told(NOTHING_TO_COMPARE, {}).rstrip("."))
            st.write(
                _("Choose other cities, use other words, or remove the theme.")
                if query.themes
                else _("Choose other cities, or use other words.")
            )
        else:
            abstention_message(found)
    nearest = [column.nearest for column in found.columns if column.nearest]
    if nearest:
        st.header(_("The nearest cases"))
    for case in sorted(nearest, key=lambda case: -case.score):
        city = cities[case.city].name
        case_link(case.case_id, _("{city}: {case}", city=city, case=case.title))
