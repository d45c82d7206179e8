"""What to compare: examples, and the cities that have cases on a question."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kb import KnowledgeBase
from kb.answer.side_by_side import MAX_CITIES, MIN_CITIES
from kb.comparison import SideBySide
from kb.types import Query
from ui import address
from ui.compare.table import comparison_of, shown_before
from ui.formats import joined
from ui.markup import as_markdown
from ui.parts.turns import place_in_line
from ui.state import CITY, QUESTION, THEME
from ui.texts import _

_PASSAGES = 50


def comparison_examples(kb: KnowledgeBase) -> None:
    """Draw three comparisons, each made by one click; only of cities that are there."""
    names = {city.slug: city.name for city in kb.cities}
    known = [(q, slugs) for q, slugs in examples() if names.keys() >= set(slugs)]
    if not known:
        return
    st.header(_("Comparisons to start with"), anchor=False)
    columns = st.columns(len(known))
    for place, (question, slugs) in enumerate(known):
        with columns[place].container(border=True, height="stretch", gap="xsmall"):
            st.button(
                as_markdown(question),
                key=f"comparison-{place}",
                type="tertiary",
                on_click=_choose,
                args=(question, slugs),
            )
            st.caption(as_markdown(joined([names[slug] for slug in slugs])))


def comparison_before(kb: KnowledgeBase) -> None:
    """Draw the session's last comparison, to come back to; nothing without one."""
    query = shown_before()
    if query is None:
        return
    names = {city.slug: city.name for city in kb.cities}
    cities = joined([names[slug] for slug in query.cities if slug in names])
    label = _("{question} ({cities})", question=query.text, cities=cities)
    st.header(_("Your last comparison"), anchor=False)
    st.button(
        as_markdown(label),
        key="comparison-before",
        type="tertiary",
        icon=":material/history:",
        on_click=_choose,
        args=(query.text, query.cities, query.themes),
    )


def suggested_cities(kb: KnowledgeBase, query: Query) -> None:
    """Offer to compare the cities that have cases on a question.

    Args:
        kb: The cases.
        query: The question with fewer cities than can be compared; one that is chosen
            already stays.
    """
    st.info(_("Choose two to four cities."), icon=":material/location_city:")
    nearest = dict.fromkeys(
        hit.case.city
        for hit in kb.search(Query(query.text, themes=query.themes), _PASSAGES)
    )
    asked = tuple(dict.fromkeys((*query.cities, *nearest)))[:MAX_CITIES]
    if len(asked) < MIN_CITIES:
        return
    found = comparison_of(Query(query.text, asked, query.themes), place_in_line())
    with_cases = [column.city for column in found.columns if column.cases]
    slugs = [*query.cities, *with_cases, *found.other_cities]
    suggested = list(dict.fromkeys(slugs))[:MAX_CITIES]
    if len(suggested) < MIN_CITIES:
        return
    names = {city.slug: city.name for city in kb.cities}
    st.write(_("These cities have cases on your question:"))
    st.button(
        as_markdown(
            _("Compare {cities}", cities=joined([names[slug] for slug in suggested]))
        ),
        key="suggested-cities",
        icon=":material/compare_arrows:",
        on_click=_choose,
        args=(query.text, suggested),
    )


def more_cities(kb: KnowledgeBase, found: SideBySide) -> None:
    """Offer further cities that have cases on the question of a comparison.

    Where four are compared already, one takes the place of a city without a case.
    """
    if not found.other_cities:
        return
    names = {city.slug: city.name for city in kb.cities}
    compared = [column.city for column in found.columns]
    without = [column.city for column in found.columns if not column.cases]
    has_room = len(compared) < MAX_CITIES
    if not has_room and not without:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("Other cities with cases on this:"), width="content")
        for slug in found.other_cities:
            kept = compared if has_room else [c for c in compared if c != without[-1]]
            label = (
                _("Add {city}", city=names[slug])
                if has_room
                else _(
                    "{city} instead of {other}",
                    city=names[slug],
                    other=names[without[-1]],
                )
            )
            st.button(
                as_markdown(label),
                key=f"more-{slug}",
                on_click=_choose,
                args=(found.question, [*kept, slug]),
            )


def _choose(
    question: str, cities: Sequence[str], themes: Sequence[str] | None = None
) -> None:
    """Put a comparison into the address; themes stay as they are when None."""
    kept = {} if themes is None else {THEME: themes}
    address.go(**{QUESTION: question, CITY: cities, **kept})


def examples() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return questions with the slugs of the cities to compare."""
    return (
        (_("How do cities use green bonds?"), ("malmo", "lund", "helsingborg")),
        (
            _("How do cities reuse building parts and concrete?"),
            ("helsingborg", "oslo", "helsinki", "malmo"),
        ),
        (
            _("How do cities use waste heat in district heating?"),
            ("lund", "espoo", "grenoble-alpes-metropole"),
        ),
    )
