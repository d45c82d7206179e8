"""The study visit kit as the Prepare page shows it: choose a city, read, take along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from kb import KnowledgeBase
from ui import address, markup
from ui.prepare.documents.document import Document
from ui.prepare.documents.visit import write_visit_kit
from ui.prepare.downloads import document_files, file_buttons, preview
from ui.state import CASE, KIT, THEME, knowledge_base
from ui.texts import _, spoken_language
from ui.vocabulary import theme_name

_CITY = "kit-city"
_THEMES = "kit-themes"
_SITES = "kit-sites"


def visit_kit_view(kb: KnowledgeBase) -> None:
    """Draw the kit of the city that the address names, the first one if it does not."""
    st.html(
        markup.lead(
            _(
                "For a study visit to one city: a chapter for each site with what to "
                "see, key figures, who runs it, obstacles and questions to ask, and "
                "an agenda to fill in."
            )
        )
    )
    cities = {city.slug: city.name for city in kb.cities}
    wanted = st.query_params.get(KIT, "")
    if wanted and wanted not in cities:
        asked_for = markup.as_markdown(wanted[:80])
        st.info(_("{city} is not one of the mentor cities.", city=asked_for))
    address.follow(_CITY, wanted if wanted in cities else next(iter(cities)))
    city = st.selectbox(
        _("City to visit"),
        list(cities),
        format_func=cities.__getitem__,
        key=_CITY,
        on_change=_remember,
    )
    themes = _theme_choice(kb, city)
    sites = _site_choice(kb, city, themes)
    document = _kit(
        kb.manifest.generation,
        city,
        tuple(themes),
        tuple(sites),
        spoken_language(),
        date.today(),
    )
    st.header(_("Take it along"), anchor=False)
    file_buttons(document_files(document), key="kit-file")
    st.header(_("What is in it"), anchor=False)
    preview(document)


def _theme_choice(kb: KnowledgeBase, city: str) -> list[str]:
    """Draw the choice of themes if the city's cases have several; return the slugs."""
    has = {slug for case in kb.cases() if case.city == city for slug in case.themes}
    names = {
        t.slug: markup.as_markdown(theme_name(t)) for t in kb.themes if t.slug in has
    }
    if len(names) < 2:  # nothing to choose
        return []
    given = st.query_params.get_all(THEME)
    address.follow(_THEMES, [slug for slug in names if slug in given])
    return st.pills(
        _("Only cases on these themes"),
        list(names),
        selection_mode="multi",
        format_func=names.__getitem__,
        key=_THEMES,
        on_change=_remember,
    )


def _site_choice(kb: KnowledgeBase, city: str, themes: Sequence[str]) -> list[str]:
    """Draw the choice of the city's cases on some themes; return their ids."""
    titles = {
        case.case_id: case.title
        for case in kb.cases()
        if case.city == city and (not themes or set(themes) & set(case.themes))
    }
    given = st.query_params.get_all(CASE)
    address.follow(_SITES, [case_id for case_id in titles if case_id in given])
    return st.multiselect(
        _("Sites to visit"),
        list(titles),
        format_func=titles.__getitem__,
        key=_SITES,
        placeholder=_("All of them"),
        on_change=_remember,
    )


def _remember() -> None:
    """Put what is chosen into the address."""
    changes = {
        KIT: st.session_state[_CITY],
        THEME: st.session_state.get(_THEMES, []),
        CASE: st.session_state.get(_SITES, []),
    }
    address.go(**changes)


@st.cache_data(max_entries=32, show_spinner=False)
def _kit(
    generation: str,
    slug: str,
    themes: tuple[str, ...],
    cases: tuple[str, ...],
    language: str,
    made_on: date,
) -> Document:
    """Return a kit; the generation and the language tell one from another."""
    kb = knowledge_base()
    (city,) = [city for city in kb.cities if city.slug == slug]
    return write_visit_kit(kb, city, themes, cases, made_on=made_on)
