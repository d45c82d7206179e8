"""The front matter of a draft as a form; what is typed is kept while one looks away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import streamlit as st

from ingest import Registry
from kb.types import ReviewStatus
from ui import markup
from ui.curate.draft.sources import sources_form
from ui.curate.draft.work import Work
from ui.parts.cases import city_label
from ui.review import review_name
from ui.texts import _, ngettext
from ui.vocabulary import theme_name


def draft_form(work: Work, registry: Registry) -> None:
    """Draw the form and keep what it holds in ``work``.

    Args:
        work: The draft with what has been filled in so far.
        registry: The cities and themes that can be chosen.
    """
    st.header(_("What the case says about itself"), anchor=False)
    values = work.values
    title = st.text_input(
        _("Title: what was done, in a few words"), key=work.keep("title", values.title)
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        city = _city(work, registry)
        period = st.text_input(
            _("Period"),
            key=work.keep("period", values.period),
            placeholder=_("For example: 2019-ongoing"),
            width=260,
        )
    themes = _themes(work, registry)
    actors = st.text_area(
        _("Who did it: one name a line"),
        key=work.keep("actors", "\n".join(values.actors)),
        height=100,
    )
    summary = st.text_area(
        _("Summary: what, why, and what came out, in two or three sentences"),
        key=work.keep("summary", values.summary),
        height=130,
    )
    sources = sources_form(work)
    status, by, on = _review(work)
    work.values = replace(
        values,
        title=title,
        city=city,
        themes=tuple(themes),
        period=period,
        actors=tuple(actors.split("\n")),
        summary=summary,
        sources=sources,
        status=status,
        reviewed_by=by,
        reviewed_on=on,
    )
    _file_name(work)
    _body(work)


def _city(work: Work, registry: Registry) -> str:
    """Draw the choice of a city; a case that is edited stays in its city's folder."""
    names = {slug: city_label(city) for slug, city in registry.cities.items()}
    folder = (work.draft.replaces or "").partition("/")[0]
    if folder in names:
        st.html(markup.facts([(_("City"), names[folder])]))
        return folder
    given = work.values.city
    chosen = st.selectbox(
        _("City"),
        list(names),
        format_func=names.__getitem__,
        key=work.keep("city", given if given in names else None),
        placeholder=_("Choose a city"),
        width=340,
    )
    return chosen or ""


def _themes(work: Work, registry: Registry) -> list[str]:
    names = {slug: theme_name(theme) for slug, theme in registry.themes.items()}
    return st.multiselect(
        _("Themes: one or more"),
        list(names),
        format_func=names.__getitem__,
        key=work.keep("themes", [t for t in work.values.themes if t in names]),
        placeholder=_("Choose themes"),
    )


def _review(work: Work) -> tuple[ReviewStatus, str, date | None]:
    st.subheader(_("Review"), anchor=False)
    values = work.values
    states: list[ReviewStatus] = [
        state
        for state in get_args(ReviewStatus)
        # Nothing can be called checked that bears no mark of a comparison.
        if state != "checked" or values.checked or values.status == "checked"
    ]
    status = st.selectbox(
        _("State"),
        states,
        format_func=review_name,
        key=work.keep("status", values.status),
        width=440,
    )
    if n_marks := sum(len(marks) for _day, marks in values.checked):
        st.caption(
            ngettext(
                "{n} statement is marked as compared with its source. The mark goes "
                "when you change the statement or its sources.",
                "{n} statements are marked as compared with their sources. A mark goes "
                "when you change the statement or its sources.",
                n_marks,
            )
        )
    if status != "reviewed":
        return status, "", None
    with st.container(horizontal=True):
        by = st.text_input(
            _("Who read it"), key=work.keep("by", work.values.reviewed_by), width=340
        )
        on = st.date_input(
            _("When"),
            key=work.keep("on", work.values.reviewed_on),
            value=None,
            max_value=date.today(),
            format="YYYY-MM-DD",
            width=200,
        )
    return status, by, on


def _file_name(work: Work) -> None:
    if work.draft.replaces:
        return
    st.subheader(_("File"), anchor=False)
    work.stem = st.text_input(
        _("File name, without its ending"),
        key=work.keep("stem", work.stem),
        help=_(
            "Lower-case letters, digits and hyphens. It becomes part of the case's "
            "address and never changes."
        ),
    )


def _body(work: Work) -> None:
    """Draw the text of a Markdown or text file, to be changed."""
    if work.text is None:
        return
    with st.expander(_("Change the text"), type="compact"):
        work.text = st.text_area(
            _("Text of the case"), key=work.keep("text", work.text), height=420
        )
