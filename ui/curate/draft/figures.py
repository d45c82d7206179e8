"""Key figures that were read automatically, for an expert to confirm one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from ingest import figure_entry
from kb.conversion import in_euros
from kb.key_figures import KINDS, STATES
from kb.review import mark_of
from kb.types import KeyFigure
from ui.curate.draft.work import Work
from ui.markup import as_markdown
from ui.parts.figure_markup import amount, conversion_text
from ui.texts import _, ngettext
from ui.vocabulary import figure_kind_name, figure_state_name

_FEW = 20
"""Figures that are drawn at a time; a long report can have hundreds."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def figures_view(work: Work) -> None:
    """Draw what rules have read of the draft, and keep what is ticked in ``work``.

    As with the rest of the preview, nothing is drawn once the text has been changed;
    what was confirmed before stays.
    """
    proposed = _told_apart(work.draft.preview.figures)
    if not proposed or work.text != work.draft.body:
        return
    st.header(_("Key figures, read automatically"), anchor=False)
    st.caption(
        _(
            "Rules have read these from the text, and nobody has confirmed them. Tick "
            "what is right and correct what it says: that is saved with the case. The "
            "others are never shown to readers."
        )
    )
    statements = {
        statement.mark: statement.text
        for passage in work.draft.preview.passages
        for statement in passage.statements
    }
    shown = proposed[: work.figures_shown]
    given = {_name(entry): entry for entry in work.values.figures}
    confirmed: list[Mapping[str, Any]] = []
    for n, figure in enumerate(shown):
        before = given.pop(_name(figure_entry(figure)), None)
        text = statements.get(mark_of(figure.statement_id), "")
        entry = _proposal(work, n, figure, text, before)
        if entry:
            confirmed.append(entry)
    work.values = replace(work.values, figures=(*given.values(), *confirmed))
    _more(work, len(proposed) - len(shown))


def _proposal(
    work: Work,
    n: int,
    figure: KeyFigure,
    text: str,
    before: Mapping[str, Any] | None,
) -> Mapping[str, Any] | None:
    """Draw one figure; return what is written of it, or None while nobody ticks it."""
    start = figure_entry(figure) | dict(before or {})
    with st.container(border=True):
        is_right = st.checkbox(
            as_markdown(f"{figure.quote}: {amount(figure)}"),
            key=work.keep(f"figure-{n}", before is not None),
        )
        st.caption(as_markdown(text))
        if not is_right:
            return None
        chosen = _corrected(work, n, figure, start)
        if converted := in_euros(chosen):
            st.caption(as_markdown(conversion_text(converted)))
    return figure_entry(chosen)


def _corrected(
    work: Work, n: int, figure: KeyFigure, start: Mapping[str, Any]
) -> KeyFigure:
    """Draw the fields of a ticked figure; return it as they say."""
    with st.container(horizontal=True):
        kind = st.selectbox(
            _("Kind"),
            KINDS,
            format_func=figure_kind_name,
            key=work.keep(f"figure-kind-{n}", start["kind"]),
            width=190,
        )
        year = st.number_input(
            _("Year"),
            min_value=_FIRST_YEAR,
            max_value=_LAST_YEAR,
            value=None,
            step=1,
            placeholder=_("not stated"),
            key=work.keep(f"figure-year-{n}", start.get("year")),
            width=150,
        )
        state = st.selectbox(
            _("State"),
            STATES,
            format_func=figure_state_name,
            key=work.keep(f"figure-state-{n}", start["state"]),
            width=150,
        )
    what = st.text_input(
        _("What it is the figure of, in English"),
        key=work.keep(f"figure-what-{n}", start["what"]),
    )
    return replace(figure, kind=kind, year=year, state=state, what=what.strip())


def _more(work: Work, hidden: int) -> None:
    if hidden <= 0:
        return

    def show() -> None:
        work.figures_shown += _FEW

    st.button(
        ngettext("Show {n} more figure", "Show more figures: {n}", hidden),
        key=work.key("more-figures"),
        on_click=show,
    )


def _told_apart(figures: tuple[KeyFigure, ...]) -> list[KeyFigure]:
    """Return figures without those that say the same again in one statement."""
    return list({_name(figure_entry(figure)): figure for figure in figures}.values())


def _name(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what tells one figure of a case from another."""
    statement, quote, value = (
        entry.get(key) for key in ("statement", "quote", "value")
    )
    return str(statement), str(quote), str(value)
