"""The citation card: closed, a line that names it; open, passage and sources."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from kb.types import Citation, Query
from ui import markup
from ui.briefing.session import collect_button
from ui.feedback.widgets import passage_feedback
from ui.parts.cases import case_link, review_badge
from ui.parts.excerpt import cited
from ui.parts.take_along import take_along
from ui.parts.why import why_view
from ui.review import comparison_told, comparisons_counted
from ui.strength.view import strength_label, strength_view
from ui.texts import _, ngettext
from ui.vocabulary import is_foreign, place, years_spoken_of


def citation_card(citation: Citation, query: Query) -> None:
    """Draw one citation of the answer to a query, below its statement.

    What is inside is made when the card is opened, and the rest of the page is not
    drawn again then: an answer has up to eight cards, of a dozen elements each.
    """
    st.fragment(_card, key=f"card-{citation.n}")(citation, query)


def _card(citation: Citation, query: Query) -> None:
    card = st.expander(
        _label(citation),
        # Another answer's card of the same number begins closed.
        key=f"citation-{citation.n}-{citation.statement_id}",
        type="compact",
        on_change="rerun",
    )
    if card.open:
        with card:
            citation_details(citation, query)


def _label(citation: Citation) -> str:
    where = place(citation.section, citation.page, uncertain=citation.uncertain)
    parts = [
        f"[{citation.n}] {where}",
        ngettext("{n} source", "{n} sources", len(citation.sources)),
        strength_label(citation.sources, citation.statement),
    ]
    return markup.as_markdown(" · ".join(filter(None, parts)))


def citation_details(citation: Citation, query: Query) -> None:
    """Draw what stands behind a number: passage, sources, and what to do with it."""
    review_view(citation)
    st.html(
        markup.passage(
            citation.passage, citation.start, citation.end, citation.language
        )
    )
    sources_view(citation)
    strength_view(citation.sources, key=f"strength-{citation.n}")
    why_view(citation, query, key=f"why-{citation.n}")
    with st.container(horizontal=True, vertical_alignment="center"):
        case_link(citation.case_id, _("Read the full case"))
        collect_button(citation.statement_id, query.text, key=f"collect-{citation.n}")
    take_along(
        cited(citation.title, [("", [citation])]),
        _("Copy this statement"),
        key=f"copy-{citation.n}",
        whole=False,
    )
    passage_feedback(citation, query, key=f"rate-{citation.n}")


def review_view(citation: Citation) -> None:
    """Draw who has looked at a cited statement, unless an expert has."""
    if citation.review_status != "reviewed":
        review_badge(citation.review_status)
    if citation.review_status == "checked" and citation.checked_on:
        st.caption(comparison_told(citation.checked_on))


def sources_view(citation: Citation) -> None:
    """Draw the public sources of a cited statement; its own years if they tell none."""
    sources = _("Public sources of the highlighted statement")
    st.markdown(f"**{sources}**")
    st.html(markup.sources(citation.sources))
    if years := years_spoken_of(citation.statement, citation.sources):
        st.caption(_("The statement itself speaks of {years}.", years=years))


def described(citations: Collection[Citation]) -> str:
    """Return a line on how much there is, whose words they are, and drafts."""
    n_cities = len({citation.city for citation in citations})
    n_cases = len({citation.case_id for citation in citations})
    statements = ngettext("{n} statement", "{n} statements", len(citations))
    sentences = [
        _(
            "{statements} from {cases} of {cities}, in the words of the cases.",
            statements=statements,
            cases=ngettext("{n} case", "{n} cases", n_cases),
            cities=ngettext("{n} city", "{n} cities", n_cities),
        ),
        _("Open a number to see the passage and its public sources."),
    ]
    if all(citation.review_status != "reviewed" for citation in citations):
        sentences.append(
            _("All of this comes from drafts that no expert has read yet.")
        )
    if any(is_foreign(citation.language) for citation in citations):
        sentences.append(
            _(
                "They are quoted in their own language. Your browser translates the "
                "page: open its menu and choose Translate; Show original brings the "
                "quoted words back."
            )
        )
    n_compared = sum(citation.review_status == "checked" for citation in citations)
    sentences.append(comparisons_counted(n_compared, len(citations)))
    return " ".join(filter(None, sentences))
