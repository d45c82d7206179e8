"""The About page: what this is, what it covers, and what it cannot do."""

from __future__ import annotations

import logging

import streamlit as st

from evals import QuestionSetError, read_latest
from kb import KnowledgeBase
from kb.types import City
from ui import markup
from ui.formats import day, number, percent
from ui.parts.cases import city_label
from ui.state import knowledge_base
from ui.texts import _
from ui.vocabulary import theme_name

logger = logging.getLogger(__name__)


def show() -> None:
    """Draw the page."""
    kb = knowledge_base()
    st.title(_("About this knowledge base"), anchor=False)
    st.html(
        markup.lead(
            _(
                "Officers of other cities ask what a mentor city did, what it cost and "
                "what went wrong, and get statements that they can check."
            )
        )
    )
    st.header(_("What it holds"))
    st.write(_held(kb))
    st.header(_("How an answer is made"))
    for number_, step in enumerate(_steps(kb), start=1):
        st.markdown(f"{number_}. {step}")
    st.header(_("What it cannot do"))
    for limit in _limits():
        st.markdown(f"- {limit}")
    if measured := _measured():
        st.markdown(f"- {measured}")
    st.header(_("The mentor cities"))
    themes = {theme.slug: theme_name(theme) for theme in kb.themes}
    for city in kb.cities:
        _show_city(city, themes.get(city.mentor_theme, city.mentor_theme))


def _held(kb: KnowledgeBase) -> str:
    counts = kb.manifest.counts
    return _(
        "{cases} cases of {cities} cities with {statements} statements, each with its "
        "public sources, and {questions} questions that the sources leave open. "
        "Indexed on {date}.",
        cases=number(counts.cases),
        cities=number(counts.cities),
        statements=number(counts.statements),
        questions=number(counts.open_questions),
        date=day(kb.manifest.created_at),
    )


def _steps(kb: KnowledgeBase) -> list[str]:
    read = _(
        "A small reading model reads the best statements against your question; "
        "only those that seem to answer or to help are shown, **word for word**. "
        "It can be wrong. No text is written by a language model."
    )
    chosen = _(
        "No reading model is in use: the nearest three to eight statements are shown, "
        "**word for word**, whether they answer or not. No text is written by a "
        "language model."
    )
    return [
        _(
            "Your question is compared with every statement, in the meaning and in the "
            "words. The comparison works across languages."
        ),
        read if kb.reader else chosen,
        _(
            "If the question is about something else, or about a place that no case "
            "mentions, the answer is that the sources do not say. If it is about a "
            "mentor city and no statement seems to answer it, you see the closest "
            "statements and the words *No direct answer found*."
        ),
    ]


def _limits() -> list[str]:
    return [
        _(
            "The cases are **drafts** written from public sources until an expert has "
            "read them. Sources can be wrong or out of date: check the year."
        ),
        _(
            "Where a statement was compared with a stored copy of its source, this is "
            "told with the day. It means that somebody has read both side by side, and "
            "not that an expert or the city has approved it."
        ),
        _(
            "A statement can be about your topic without answering your question. The "
            "software notices this in some cases only; you can, by opening the passage."
        ),
        _(
            "The cases are in English; many of their sources are not. The language of "
            "each source is given beside it."
        ),
        _(
            "It knows nothing about cities other than the nine, and nothing beyond the "
            "four themes."
        ),
        _("The translations of these pages have not been read by native speakers yet."),
    ]


def _measured() -> str:
    """Return how often answers were found wanting; empty where nobody knows."""
    try:
        latest = read_latest()
    except QuestionSetError:
        logger.exception("there are no figures to show")
        return ""
    counted = latest.refusals
    unanswerable = sum(counted.unanswerable.values())
    if not (counted.answerable and unanswerable):
        return ""
    return _(
        "It errs. Of the test questions that the cases answer, {refused} were refused; "
        "of those that they do not answer, {answered} were answered all the same. The "
        "page *Quality* says more.",
        refused=percent(counted.false_refusals / counted.answerable),
        answered=percent(sum(counted.wrongly_answered.values()) / unanswerable),
    )


def _show_city(city: City, theme: str) -> None:
    year = city.population_year or _("year not stated")
    with st.expander(markup.as_markdown(city_label(city))):
        st.html(
            markup.facts(
                [
                    (_("Mentor for"), theme),
                    (
                        _("Population"),
                        _("{n} ({year})", n=number(city.population), year=year),
                    ),
                    (_("EU Cities Mission"), city.mission_status),
                ]
            )
        )
        sources = {s.url: s for s in (city.population_source, *city.mission_sources)}
        st.html(markup.sources(sources.values()))


show()
