"""The cases of the Library as a list, by city or newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from kb import KnowledgeBase
from kb.library import LibraryCase
from kb.types import City, Statement, Theme
from ui import markup
from ui.parts.cases import case_link, city_label
from ui.review import short_review_name
from ui.texts import _, ngettext
from ui.vocabulary import theme_name


def case_rows(
    kb: KnowledgeBase, section: str, found: list[LibraryCase], by_newest: bool
) -> None:
    """Draw cases in their order: below the names of their cities, or newest first.

    Args:
        kb: Where the cases lie.
        section: Heading whose statements are quoted below each case; empty for none.
        found: The cases.
        by_newest: Whether they come newest first, not by city.
    """
    cities = {city.slug: city for city in kb.cities}
    themes = {theme.slug: theme for theme in kb.themes}
    quoted = _statements_by_case(kb, section)

    def draw(one: LibraryCase) -> None:
        _case_row(
            one,
            cities[one.case.city],
            themes,
            section=section,
            statements=quoted.get(one.case.case_id, ()),
            names_city=by_newest,
        )

    if by_newest:
        for one in found:
            draw(one)
        return
    for slug, of_city in groupby(found, key=lambda one: one.case.city):
        st.header(markup.as_markdown(city_label(cities[slug])), anchor=slug)
        for one in of_city:
            draw(one)


def _statements_by_case(kb: KnowledgeBase, section: str) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for statement in kb.statements_in(section) if section else ():
        found.setdefault(statement.case_id, []).append(statement)
    return found


def _case_row(
    one: LibraryCase,
    city: City,
    themes: Mapping[str, Theme],
    *,
    names_city: bool,
    section: str = "",
    statements: Sequence[Statement] = (),
) -> None:
    """Draw a case in a list: its link, and a line that tells what it is.

    Args:
        one: The case.
        city: Its city.
        themes: All themes by slug.
        names_city: Whether the line tells the city.
        section: Heading that the link leads to; empty for the top of the case.
        statements: What to quote under the line.
    """
    case = one.case
    case_link(case.case_id, case.title, section=section)
    line = [
        *([city.name] if names_city else []),
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
    quoted = "".join(
        markup.quoted_statement(statement.text, statement.source_ids, case.sources)
        for statement in statements
    )
    st.html(markup.case_line(line) + quoted)
