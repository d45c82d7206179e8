"""Cases as pages show them: link, row of a list, review state, header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from kb.library import LibraryCase
from kb.types import Case, City, Statement, Theme
from ui import markup
from ui.formats import country_name
from ui.state import CASE, LANGUAGE, SECTION
from ui.texts import _, ngettext
from ui.vocabulary import theme_name

ASK_PAGE = "ui/pages/ask.py"
CASE_PAGE = "ui/pages/case.py"
LIBRARY_PAGE = "ui/pages/library.py"
_LIBRARY_ADDRESS = "library-address"


def case_link(
    case_id: str,
    label: str,
    *,
    section: str = "",
    icon: str = ":material/article:",
) -> None:
    """Draw a link to a case's full page, or to one of its sections there."""
    place = {CASE: case_id, SECTION: section} if section else {CASE: case_id}
    st.page_link(
        CASE_PAGE,
        label=markup.as_markdown(label),
        icon=icon,
        query_params=place,
    )


def remember_library() -> None:
    """Keep the address of the Library, so that a case leads back to the same list."""
    st.session_state[_LIBRARY_ADDRESS] = {
        name: st.query_params.get_all(name)
        for name in st.query_params
        if name != LANGUAGE  # it may be another one by then
    }


def library_link(label: str) -> None:
    """Draw a link to the Library as it was last seen."""
    st.page_link(
        LIBRARY_PAGE,
        label=label,
        icon=":material/arrow_back:",
        query_params=st.session_state.get(_LIBRARY_ADDRESS),
    )


def case_row(
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
    is_reviewed = case.review.status == "reviewed"
    line = [
        *([city.name] if names_city else []),
        case.period or _("period not stated"),
        ", ".join(theme_name(themes[slug]) for slug in case.themes),
        _("Reviewed by an expert") if is_reviewed else _("Draft"),
        ngettext("{n} statement", "{n} statements", one.n_statements),
    ]
    quoted = "".join(
        markup.quoted_statement(statement.text, statement.source_ids, case.sources)
        for statement in statements
    )
    st.html(markup.case_line(line) + quoted)


def review_badge(status: str) -> None:
    """Say whether an expert has read the case."""
    if status == "reviewed":
        label = _("Reviewed by an expert")
        st.badge(label, icon=":material/verified:", color="green")
    else:
        label = _("Draft: not yet read by an expert")
        st.badge(label, icon=":material/edit_note:", color="orange")


def city_label(city: City) -> str:
    """Return a city with its country."""
    country = country_name(city.country_code, city.country)
    return _("{city}, {country}", city=city.name, country=country)


def case_header(case: Case, city: City, themes: dict[str, Theme]) -> None:
    """Draw what stands above a case: title, review state, summary, key facts."""
    st.title(markup.as_markdown(case.title), anchor=False)
    review_badge(case.review.status)
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
