"""The Figures page: money and results of all cases, filtered and sorted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from kb.key_figures import KINDS, FigureFilter, ListedFigure, find_figures
from kb.review import mark_of
from kb.types import case_id_of
from ui import markup, pages
from ui.figure_file import ENCODING, figures_csv, figures_workbook
from ui.figures.filters import choose_kind, figure_filters, order_choice, reset_button
from ui.parts import figure_markup
from ui.parts.charts import Clicks, Row, count_bars, value_bars
from ui.parts.clicks import clicked
from ui.parts.figure_markup import Entry, amount
from ui.state import CASE, STATEMENT, knowledge_base
from ui.texts import _, ngettext
from ui.vocabulary import figure_kind_name

_SHOWN_IN_FULL = "figures-shown-in-full"
_MOST_ROWS = 60
_MOST_BARS = 12
_FEWEST_BARS = 2
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    every = kb.figures()
    cities = {city.slug: city.name for city in kb.cities}
    st.title(_("Figures"), anchor=False)
    st.html(
        markup.lead(
            _(
                "What it cost, what it brought: the figures that the cases' statements "
                "give, in their own currency and of their own year. Each opens its "
                "statement with its sources."
            )
        )
    )
    wanted = figure_filters(kb, every)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = order_choice()
        reset_button(wanted)
    found = find_figures(every, wanted, order)
    st.html(markup.status(ngettext("{n} figure", "{n} figures", len(found))))
    if not found:
        _nothing(every)
        return
    _chart(found, cities, wanted)
    _rows(found, cities, wanted)
    title = _("Figures")
    with st.container(horizontal=True):
        st.download_button(
            _("Download as CSV"),
            figures_csv(found).encode(ENCODING),
            "figures.csv",
            "text/csv",
            icon=":material/download:",
        )
        st.download_button(
            _("Download for Excel"),
            lambda: figures_workbook(found, title),
            "figures.xlsx",
            _WORKBOOK,
            icon=":material/download:",
        )
    if target := clicked(links="", key="figure-clicks"):
        parameters = {CASE: case_id_of(target), STATEMENT: mark_of(target)}
        st.switch_page(pages.CASE, query_params=parameters)


def _nothing(every: Sequence[ListedFigure]) -> None:
    if every:
        st.info(_("No figure fits these filters together. Remove one of them."))
    else:
        st.info(_("No case lists figures yet: they stand in the cases' front matter."))


def _rows(
    found: Sequence[ListedFigure], cities: dict[str, str], wanted: FigureFilter
) -> None:
    is_cut = len(found) > _MOST_ROWS and (
        st.session_state.get(_SHOWN_IN_FULL) != wanted
    )
    shown = found[:_MOST_ROWS] if is_cut else found
    st.html(figure_markup.table(_("Figures"), [_entry(one, cities) for one in shown]))
    if is_cut:
        st.button(
            _("Show all {n} figures", n=len(found)),
            key="show-all-figures",
            on_click=lambda: st.session_state.update({_SHOWN_IN_FULL: wanted}),
        )


def _entry(one: ListedFigure, cities: dict[str, str]) -> Entry:
    case, figure = one.case, one.figure
    address = urlencode({CASE: case.case_id, STATEMENT: mark_of(figure.statement_id)})
    where = _("{city}: {case}", city=cities[case.city], case=case.title)
    return figure, f"case?{address}", where


def _chart(
    found: Sequence[ListedFigure], cities: dict[str, str], wanted: FigureFilter
) -> None:
    """Draw the values of one kind, in the unit that most have; else how many of each.

    The table below says the same to those who cannot see it.
    """
    if len(wanted.kinds) != 1:
        counts = Counter(one.figure.kind for one in found)
        rows: list[Row] = [
            {
                "row": kind,
                "row_name": figure_kind_name(kind),
                "n": counts[kind],
                "told": _(
                    "{name}: {figures}",
                    name=figure_kind_name(kind),
                    figures=ngettext("{n} figure", "{n} figures", counts[kind]),
                ),
                "chosen": False,
            }
            for kind in KINDS
            if counts[kind]
        ]
        with st.expander(_("Figures by kind"), type="compact"):
            clicks = Clicks("figures-by-kind", {}, lambda bar: choose_kind(bar["row"]))
            count_bars(rows, clicks, alt=_("Figures by kind"))
        return
    ((unit, _n),) = Counter(one.figure.unit for one in found).most_common(1)
    of_unit = FigureFilter(units=(unit,))
    largest = [o for o in find_figures(found, of_unit, "largest") if o.figure.value]
    if len(largest) < _FEWEST_BARS:
        return
    title = _("The largest in {unit}", unit=unit)
    st.subheader(markup.as_markdown(title), anchor=False)
    bars: list[Row] = [
        {
            "row": str(place),
            "row_name": _(
                "{city}: {what}", city=cities[one.case.city], what=one.figure.what
            ),
            "n": abs(one.figure.value_to or one.figure.value or 0),
            "shown": amount(one.figure),
        }
        for place, one in enumerate(largest[:_MOST_BARS])
    ]
    value_bars(bars, alt=title)


show()
