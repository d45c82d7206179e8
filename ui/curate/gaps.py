"""Where there is much and where nothing: cities by kinds of section."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Any

import streamlit as st

from kb import KnowledgeBase
from kb.coverage import evidence, write_coverage
from kb.library import LibraryCase
from kb.sections import STATED
from kb.types import City
from ui import markup, pages
from ui.curate import markup as curate_markup
from ui.formats import joined, number
from ui.parts.charts import Clicks, Row, count_grid
from ui.parts.filters import theme_filter
from ui.state import CITY, SECTION, THEME
from ui.texts import _, ngettext
from ui.vocabulary import section_name

_CLICKED = "coverage-clicked"
_THIN = 3
"""Statements; with so few or fewer a section of a city says little."""
_Counts = Mapping[tuple[str, str], tuple[int, int]]
"""Numbers of statements and of cases by city and section."""


def coverage_view(kb: KnowledgeBase) -> None:
    """Draw what the cases of each city say in each kind of section, with the gaps."""
    with st.container(width=460):
        themes = theme_filter(kb)
    _go_where_clicked(themes)
    cities = kb.cities
    counts = counted(kb.library(), cities, themes)
    empty = [place for place, (statements, _cases) in counts.items() if not statements]
    st.html(markup.status(_summary(len(empty), len(counts))))
    st.caption(
        _(
            "The numbers count statements. A cell opens the cases behind it in the "
            "Library."
        )
    )
    title = _("Statements by city and section")
    if st.toggle(_("Show as a table"), key="coverage-as-table"):
        st.html(markup.table(title, *_as_table(cities, counts)))
    else:
        cells = _cells(cities, counts)
        count_grid(cells, Clicks("coverage", {}, _note_click), alt=title)
    _gaps(cities, counts, themes)
    _evidence(kb, cities, themes)
    st.download_button(
        _("Download all figures (CSV)"),
        lambda: _csv(kb),
        "coverage.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def counted(
    library: Sequence[LibraryCase], cities: Sequence[City], themes: Sequence[str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the numbers of statements and cases by city and section, in their order.

    A case under two themes counts once.

    Args:
        library: All cases.
        cities: The cities, also those without a case.
        themes: Slugs of the themes that count; empty for all.
    """
    cells = {(city.slug, section): [0, 0] for city in cities for section in STATED}
    for one in library:
        if themes and not set(themes) & set(one.case.themes):
            continue
        for section in STATED:
            n = one.statements.get(section, 0)
            cells[one.case.city, section][0] += n
            cells[one.case.city, section][1] += n > 0
    return {place: (statements, cases) for place, (statements, cases) in cells.items()}


def _summary(n_empty: int, n_cells: int) -> str:
    if not n_empty:
        return _("No cell is empty")
    return ngettext(
        "{n} of {total} cells is empty",
        "{n} of {total} cells are empty",
        n_empty,
        total=n_cells,
    )


def _cells(cities: Sequence[City], counts: _Counts) -> list[Row]:
    names = {city.slug: city.name for city in cities}
    return [
        {
            "row": city,
            "row_name": names[city],
            "column": section,
            "column_name": section_name(section),
            "n": statements,
            "told": _(
                "{city}, {section}: {statements} in {cases}",
                city=names[city],
                section=section_name(section),
                statements=ngettext("{n} statement", "{n} statements", statements),
                cases=ngettext("{n} case", "{n} cases", cases),
            ),
        }
        for (city, section), (statements, cases) in counts.items()
    ]


def _as_table(
    cities: Sequence[City], counts: _Counts
) -> tuple[list[str], list[list[str]]]:
    rows = [
        [city.name, *(number(counts[city.slug, section][0]) for section in STATED)]
        for city in cities
    ]
    return [_("City"), *map(section_name, STATED)], rows


def _gaps(cities: Sequence[City], counts: _Counts, themes: Sequence[str]) -> None:
    """Tell the empty and thin places in words; lead to any place without a mouse."""
    st.header(_("What is missing or thin"), anchor=False)
    lines = [line for city in cities if (line := _gaps_of(city, counts))]
    if lines:
        st.html(curate_markup.lines(lines))
    else:
        st.write(
            _("Nothing: every city has more than {n} statements everywhere.", n=_THIN)
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {city.slug: city.name for city in cities}
        place = st.selectbox(
            _("City"), list(names), format_func=names.__getitem__, key="gap-city"
        )
        section = st.selectbox(
            _("Section"), STATED, format_func=section_name, key="gap-section"
        )
        st.page_link(
            pages.LIBRARY,
            label=_("Open in the Library"),
            icon=":material/article:",
            query_params=_address(place, section, themes),
        )


def _evidence(kb: KnowledgeBase, cities: Sequence[City], themes: Sequence[str]) -> None:
    """Draw how far each city's statements are dated and compared with their sources."""
    title = _("How far it is dated and compared with its sources")
    st.header(title, anchor=False)
    cases = [c for c in kb.cases() if not themes or set(themes) & set(c.themes)]
    rows = evidence(cases, kb.statements(), [city.slug for city in cities])
    headings = [
        _("City"),
        _("Statements"),
        _("Compared with their sources"),
        _("Sources"),
        _("With a year"),
        _("From a year or later"),
        _("Year unknown"),
    ]
    names = {city.slug: city.name for city in cities}
    lines = [
        [names[city], *map(number, counts)] for city, *counts in map(astuple, rows)
    ]
    st.html(markup.table(title, headings, lines))


def _gaps_of(city: City, counts: _Counts) -> str:
    """Return what a city lacks, or nothing if it lacks nothing."""
    of_city = {section: counts[city.slug, section][0] for section in STATED}
    if not any(of_city.values()):
        return _("{city}: no case", city=city.name)
    thin = [
        _("{section} ({n})", section=section_name(section), n=n)
        for section, n in of_city.items()
        if n <= _THIN
    ]
    return (
        _("{city}: {sections}", city=city.name, sections=joined(thin)) if thin else ""
    )


def _address(city: str, section: str, themes: Sequence[str]) -> dict[str, Any]:
    return {CITY: city, SECTION: section, THEME: list(themes)}


def _note_click(cell: Mapping[str, str]) -> None:
    st.session_state[_CLICKED] = (cell["row"], cell["column"])


def _go_where_clicked(themes: Sequence[str]) -> None:
    """Open the Library at the cell that was clicked, if one was."""
    if _CLICKED in st.session_state:
        city, section = st.session_state.pop(_CLICKED)
        st.switch_page(pages.LIBRARY, query_params=_address(city, section, themes))


def _csv(kb: KnowledgeBase) -> str:
    file = io.StringIO()
    write_coverage(kb.coverage(), file)
    return file.getvalue()
