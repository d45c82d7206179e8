"""A question before it is searched: whether it can be, and what it asks for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from kb.errors import QueryError, QueryFault, shown
from kb.index.catalogue import Catalogue
from kb.index.embed import Embedder
from kb.index.lexical import Concept
from kb.question.amounts import plain_figures
from kb.question.glossary import concepts
from kb.question.language import detect_language
from kb.question.names import named_cities, without_cities
from kb.reasons import query_error
from kb.types import City, Query

MAX_QUESTION_CHARS = 1_000
MAX_QUESTION_TOKENS = 128
"""Of the embedding model, that are read of a question: four times as many take 4.5
times as long, and no question of `evals/questions` has more than 77."""


@dataclass(frozen=True, slots=True)
class UnderstoodQuestion:
    """What a question's words say."""

    language: str
    """ISO 639-1 code of the detected language."""
    named_cities: frozenset[str]
    """Slugs of the mentor cities that it mentions."""
    bare_text: str
    """The question without them, its amounts as the corpus writes them."""
    concepts: list[Concept]
    """What the bare text asks for."""


def understand(text: str, cities: Iterable[City]) -> UnderstoodQuestion:
    """Return what a question's words say.

    Args:
        text: The question.
        cities: The mentor cities.
    """
    known = list(cities)
    language = detect_language(text)
    named = named_cities(text, known)
    bare_text = plain_figures(without_cities(text, known) if named else text)
    return UnderstoodQuestion(language, named, bare_text, concepts(bare_text, language))


def as_query(given: object) -> Query:
    """Return what somebody wants to ask as a query.

    Args:
        given: A text or a `Query`; whatever else it is, is told.

    Raises:
        QueryError: It is none, or its parts have other types than a query's.
    """
    query = Query(given) if isinstance(given, str) else given
    if not isinstance(query, Query):
        raise QueryError(
            f"{shown(query)} is no question.", "Give a text, or a Query with filters."
        )
    for name in ("text", "after"):
        if not isinstance(text := getattr(query, name), str):
            raise QueryError(f"{name} = {shown(text)} is no text.", "Give a text.")
    for name, example in (("cities", "lund"), ("themes", "financing")):
        slugs = getattr(query, name)
        if not isinstance(slugs, tuple | list) or not all(
            isinstance(slug, str) for slug in slugs
        ):
            raise QueryError(
                f"{name} = {shown(slugs)} is no list of slugs.",
                f"Write {name}=({(slugs if isinstance(slugs, str) else example)!r},).",
            )
    return query


def require_count(k: int) -> None:
    """Refuse a number of hits that is none.

    Raises:
        QueryError: It is no whole number, or below 1.
    """
    if not isinstance(k, int) or k < 1:
        raise QueryError(f"k = {shown(k)} hits cannot be found.", "Use 1 or more.")


def check_query(query: Query, catalogue: Catalogue) -> None:
    """Refuse a question or filter that cannot be searched.

    Raises:
        QueryError: The question is empty, holds no letter or digit, or is too long; or
            a filter is not a known city or theme.
    """
    if not query.text.strip():
        raise query_error("empty")
    if len(query.text) > MAX_QUESTION_CHARS:
        raise query_error("too-long", n=len(query.text), limit=MAX_QUESTION_CHARS)
    if not any(char.isalnum() for char in query.text):
        raise query_error("no-words", question=shown(query.text))
    try:
        query.text.encode()
    except UnicodeEncodeError as exc:
        raise query_error("broken-character", n=exc.start + 1) from exc
    require_known("city", query.cities, catalogue.cities)
    require_known("theme", query.themes, catalogue.themes)


def as_read(query: Query, catalogue: Catalogue, embedder: Embedder) -> Query:
    """Return a query with what is read of its question and of the one before it.

    Raises:
        QueryError: As `check_query`, also for what is read of the question.
    """
    check_query(query, catalogue)
    text = beginning(query.text, embedder)
    if text != query.text:
        check_query(replace(query, text=text), catalogue)
    return replace(query, text=text, after=beginning(query.after, embedder))


def beginning(text: str, embedder: Embedder) -> str:
    """Return a text up to the last word within `MAX_QUESTION_TOKENS`.

    Args:
        text: A question; of one that is longer than any may be, no more is looked at.
        embedder: Counts the tokens.
    """
    text = text[:MAX_QUESTION_CHARS]
    if embedder.n_tokens(text) <= MAX_QUESTION_TOKENS:
        return text
    ends = range(1, len(text))
    fitting = bisect_right(
        ends, MAX_QUESTION_TOKENS, key=lambda end: embedder.n_tokens(text[:end])
    )
    after_word = text.rfind(" ", 0, fitting + 1)
    # Some scripts have no spaces, and some texts hardly any.
    return text[: after_word if after_word * 2 > fitting else fitting]


def require_known(
    kind: Literal["city", "theme"], given: Iterable[str], known: Collection[str]
) -> None:
    """Refuse a filter that is not among the known ones.

    Args:
        kind: What the filter names.
        given: Slugs that somebody chose.
        known: Slugs that there are.

    Raises:
        QueryError: One of them is unknown; those that there are are named.
    """
    fault: QueryFault = "unknown-city" if kind == "city" else "unknown-theme"
    for slug in given:
        if slug not in known:
            raise query_error(fault, slug=shown(slug), known=tuple(known))
