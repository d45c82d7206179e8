"""The cases of the Library as a list, by city or newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import streamlit as st

from kb import KnowledgeBase
from kb.library import LibraryCase
from kb.types import City, Statement, Theme
from ui import markup
from ui.briefing.session import collect_button, collect_case_button
from ui.library.finding import Found
from ui.parts.cases import case_link, city_label
from ui.review import short_review_name
from ui.texts import _, ngettext
from ui.vocabulary import theme_name

_MOST_QUOTED = 3


@dataclass(frozen=True, slots=True)
class Rows:
    """How the list is drawn."""

    section: str
    """Heading that the links lead to; empty for the top of the cases."""
    quoted: Mapping[str, Sequence[Statement]]
    """What is quoted below each case, by its id."""
    by_newest: bool
    """Whether they come newest first, not by city."""
    with_buttons: bool
    """Whether cases and quoted statements can be collected."""


def case_rows(kb: KnowledgeBase, found: list[LibraryCase], rows: Rows) -> None:
    """Draw cases in their order: below the names of their cities, or newest first."""
    cities = {city.slug: city for city in kb.cities}
    themes = {theme.slug: theme for theme in kb.themes}
    if rows.by_newest:
        for one in found:
            _case_row(one, cities[one.case.city], themes, rows)
        return
    for slug, of_city in groupby(found, key=lambda one: one.case.city):
        st.header(markup.as_markdown(city_label(cities[slug])), anchor=slug)
        for one in of_city:
            _case_row(one, cities[slug], themes, rows)


def quoted_statements(
    kb: KnowledgeBase, section: str, found: Found | None
) -> dict[str, list[Statement]]:
    """Return what is quoted below the cases, by their ids.

    With a section all its statements, or of them those that hold the words looked for
    where any does; with words alone the first few that hold them.
    """
    if not section:
        held = {} if found is None else found.statements
        return {case_id: some[:_MOST_QUOTED] for case_id, some in held.items()}
    of_case: dict[str, list[Statement]] = {}
    for statement in kb.statements_in(section):
        of_case.setdefault(statement.case_id, []).append(statement)
    if found is None:
        return of_case
    for case_id, listed in of_case.items():
        holding = {one.statement_id for one in found.statements.get(case_id, ())}
        of_case[case_id] = [s for s in listed if s.statement_id in holding] or listed
    return of_case


def _case_row(
    one: LibraryCase, city: City, themes: Mapping[str, Theme], rows: Rows
) -> None:
    """Draw a case in a list: its link, a line that tells what it is, what is quoted."""
    case = one.case
    case_link(case.case_id, case.title, section=rows.section)
    line = [
        *([city.name] if rows.by_newest else []),
        case.period or _("period not stated"),
        ", ".join(theme_name(themes[slug]) for slug in case.themes),
        short_review_name(case.review.status),
        ngettext("{n} statement", "{n} statements", one.n_statements),
    ]
    if case.review.status == "draft" and one.n_checked:
        line.append(
            ngettext(
                "{n} compared with its source",
                "{n} compared with their sources",
                one.n_checked,
            )
        )
    quoted = rows.quoted.get(case.case_id, ())
    texts = [
        markup.quoted_statement(said.text, said.source_ids, case.sources)
        for said in quoted
    ]
    if not rows.with_buttons:  # one element: there may be hundreds of cases
        st.html(markup.case_line(line) + "".join(texts))
        return
    st.html(markup.case_line(line))
    collect_case_button(case, key=f"collect-{case.case_id}")
    for said in quoted:
        st.html(markup.quoted_statement(said.text, said.source_ids, case.sources))
        collect_button(said.statement_id, "", key=f"collect-{said.statement_id}")
