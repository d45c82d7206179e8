"""Why a passage was found: words, meaning, languages and filters, on demand."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from kb.answer.why import said_in
from kb.types import Citation, Query, Why
from ui.formats import joined, language_name, number
from ui.markup import as_markdown
from ui.state import knowledge_base
from ui.texts import _
from ui.vocabulary import theme_name

_UNKNOWN_LANGUAGE = "und"
_DIGITS = 2


def why_view(citation: Citation, query: Query, *, key: str) -> None:
    """Draw a button that tells why the question found a passage.

    Nothing is drawn for a citation that no question has found.

    Args:
        citation: The passage, with what the search knows about it.
        query: The question with its filters.
        key: Unique on the page.
    """
    if citation.why is None:
        return
    with st.expander(_("Why this passage?"), type="compact", key=key):
        for label, text in (
            (_("Words"), _words(citation.why, query.text)),
            (_("Meaning"), _meaning(citation.why)),
            (_("City"), _city(citation.city, is_named=citation.why.names_city)),
            (_("Languages"), _languages(citation, citation.why)),
            (_("Filters"), _filters(query)),
        ):
            if text:
                st.markdown(f"**{label}** · {text}")


def _words(why: Why, question: str) -> str:
    """Return which words were found, and which of them the question does not say."""
    if not why.words:
        return _(
            "No word of your question stands here. The passage was found by its "
            "meaning."
        )
    said = said_in(question, why.words)
    meant = [word for word in why.words if word not in said]
    told = []
    if said:
        told.append(
            _("Words of your question that stand here: {words}.", words=_bold(said))
        )
    if meant:
        told.append(
            _(
                "Words of your question that stand here, found through a glossary: "
                "{words}.",
                words=_bold(meant),
            )
        )
    return " ".join(told)


def _bold(words: Iterable[str]) -> str:
    return joined([f"**{as_markdown(word)}**" for word in words])


def _meaning(why: Why) -> str:
    """Return what the model measured, and how to read it."""
    return _(
        "Similarity to your question: {statement} for the statement with its case, "
        "{alone} for the statement alone, {case} for the whole case. The same text "
        "would have 1; with the usual model, texts on other matters have about 0.75. A "
        "high number does not mean that the passage answers.",
        statement=number(why.similarity, _DIGITS),
        alone=number(why.bare_similarity, _DIGITS),
        case=number(why.case_similarity, _DIGITS),
    )


def _city(slug: str, *, is_named: bool) -> str:
    cities = {city.slug: city.name for city in knowledge_base().cities}
    name = as_markdown(cities.get(slug, slug))
    if is_named:
        return _("Your question names {city}.", city=name)
    return _("Your question does not name {city}.", city=name)


def _languages(citation: Citation, why: Why) -> str:
    """Return whose words were compared with whose; what is unknown is left out."""
    told = []
    if why.question_language != _UNKNOWN_LANGUAGE:
        told.append(
            _(
                "Your question was read as {language}.",
                language=language_name(why.question_language),
            )
        )
    of_sources = joined(
        [
            language_name(code)
            for code in dict.fromkeys(source.language for source in citation.sources)
        ]
    )
    if citation.language != _UNKNOWN_LANGUAGE and of_sources:
        told.append(
            _(
                "The passage is in {language}, its sources in {languages}.",
                language=language_name(citation.language),
                languages=of_sources,
            )
        )
    return " ".join(told)


def _filters(query: Query) -> str:
    if not query.cities and not query.themes:
        return _("None: all cities and themes were searched.")
    kb = knowledge_base()
    names = [city.name for city in kb.cities if city.slug in query.cities]
    names += [theme_name(theme) for theme in kb.themes if theme.slug in query.themes]
    return _(
        "Searched in {filters} only.", filters=joined(list(map(as_markdown, names)))
    )
