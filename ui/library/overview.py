"""The side of the Library that leads to cases: the map, the charts, their tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import streamlit as st

from kb import KnowledgeBase
from kb.library import LibraryCase
from kb.sections import STATED
from kb.types import City
from ui import address, markup
from ui.formats import number
from ui.library.choice import CaseFilter, find_cases
from ui.library.city_map import city_map
from ui.library.filters import choose, today_year
from ui.parts.charts import Clicks, Row, count_bars, count_grid, told_count
from ui.texts import _, ngettext
from ui.vocabulary import section_name, theme_name

MAP_ANCHOR = "map"
_CITY_BUTTONS = "map-cities"


def library_charts(
    kb: KnowledgeBase, library: Iterable[LibraryCase], wanted: CaseFilter
) -> None:
    """Draw where the cases are and what they are about.

    Each chart counts what the other filters let through, so that it shows what a
    click on another of its marks would bring.
    """
    library = list(library)
    anywhere = find_cases(library, wanted.without("cities"), today_year())
    _map(kb.cities, anywhere, wanted)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header(_("What they are about"), anchor=False)
        as_tables = st.toggle(_("Show as tables"), key="charts-as-tables")
    of_any_theme = find_cases(
        library, wanted.without("cities").without("themes"), today_year()
    )
    of_any_section = find_cases(library, wanted.without("section"), today_year())
    _cases_by_theme(kb, of_any_theme, wanted, as_table=as_tables)
    _statements_by_section(of_any_section, wanted.section, as_table=as_tables)


def _map(cities: list[City], found: list[LibraryCase], wanted: CaseFilter) -> None:
    counts = Counter(one.case.city for one in found)
    st.header(_("Where they are"), anchor=MAP_ANCHOR)
    city_map(cities, counts, wanted.cities, lambda p: choose(cities=[p["slug"]]))
    names = {
        c.slug: _("{city} ({n})", city=markup.as_markdown(c.name), n=counts[c.slug])
        for c in cities
    }
    address.follow(_CITY_BUTTONS, list(wanted.cities))
    st.pills(
        _("Choose cities"),
        list(names),
        format_func=names.__getitem__,
        selection_mode="multi",
        wrap=True,
        key=_CITY_BUTTONS,
        on_change=lambda: choose(cities=st.session_state[_CITY_BUTTONS]),
    )


def _cases_by_theme(
    kb: KnowledgeBase, found: list[LibraryCase], wanted: CaseFilter, *, as_table: bool
) -> None:
    cities, themes = kb.cities, kb.themes
    counts = Counter((o.case.city, theme) for o in found for theme in o.case.themes)
    title = _("Cases by theme and city")
    st.subheader(title, anchor=False)
    st.caption(_("A case can have two themes."))
    rows: list[Row] = [
        {
            "row": theme.slug,
            "row_name": theme_name(theme),
            "column": city.slug,
            "column_name": city.name,
            "n": counts[city.slug, theme.slug],
            "told": told_count(
                _("{theme}, {city}", theme=theme_name(theme), city=city.name),
                counts[city.slug, theme.slug],
            ),
        }
        for theme in themes
        for city in cities
    ]
    if as_table:
        headings = [_("City"), *map(theme_name, themes)]
        lines = [
            [c.name, *(number(counts[c.slug, theme.slug]) for theme in themes)]
            for c in cities
        ]
        st.html(markup.table(title, headings, lines))
        return

    def set_filters(cell: Mapping[str, str]) -> None:
        choose(cities=[cell["column"]], themes=[cell["row"]])

    chosen = {}
    if len(wanted.cities) == len(wanted.themes) == 1:
        chosen = {"row": wanted.themes[0], "column": wanted.cities[0]}
    count_grid(rows, Clicks("cases-by-theme", chosen, set_filters), alt=title)


def _statements_by_section(
    found: list[LibraryCase], chosen: str, *, as_table: bool
) -> None:
    title = _("Statements by section")
    st.subheader(title, anchor=False)
    counts = {s: sum(one.statements.get(s, 0) for one in found) for s in STATED}
    rows: list[Row] = [
        {
            "row": section,
            "row_name": section_name(section),
            "n": n,
            "told": _(
                "{name}: {statements}",
                name=section_name(section),
                statements=ngettext("{n} statement", "{n} statements", n),
            ),
            "chosen": section == chosen,
        }
        for section, n in counts.items()
    ]
    if as_table:
        lines = [[section_name(section), number(n)] for section, n in counts.items()]
        headings = [_("Section"), _("Statements")]
        st.html(markup.table(title, headings, lines))
        return
    clicks = Clicks(
        "statements-by-section",
        {"row": chosen} if chosen else {},
        lambda bar: choose(section=bar["row"]),
    )
    count_bars(rows, clicks, alt=title)
