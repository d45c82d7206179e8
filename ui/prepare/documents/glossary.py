"""Terms that officers meet, explained in plain words (``glossary.tsv``)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from ui.prepare.documents.document import Block, Heading, Terms, Words, words_of
from ui.prepare.documents.wording import corpus_words
from ui.texts import _
from ui.vocabulary import CORPUS_LANGUAGE

_FILE = Path(__file__).with_name("glossary.tsv")


@dataclass(frozen=True, slots=True)
class Term:
    """A term and its explanation, both in English."""

    name: str
    meaning: str
    pattern: re.Pattern[str]
    """Finds the term, its plural and its other forms as whole words."""


def terms_in(texts: Iterable[str]) -> list[Term]:
    """Return the terms that occur in some English texts, by name."""
    text = "\n".join(texts)
    return [term for term in _terms() if term.pattern.search(text)]


def glossary_section(
    blocks: Iterable[Block], *, starts_page: bool = False
) -> Iterator[Block]:
    """Yield the terms that occur in the English parts of some blocks, if there are any.

    Args:
        blocks: Of the document.
        starts_page: Whether the glossary begins on a page of its own.
    """
    words = chain.from_iterable(map(words_of, blocks))
    if terms := terms_in(w.text for w in words if w.language == CORPUS_LANGUAGE):
        yield Heading(1, Words(_("Glossary")), starts_page)
        yield Terms(
            tuple((corpus_words(t.name), corpus_words(t.meaning)) for t in terms)
        )


@cache
def _terms() -> list[Term]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        terms = [
            Term(row["term"], row["meaning"], _pattern(row["term"], row["also"]))
            for row in rows
        ]
    return sorted(terms, key=lambda term: term.name.lower())


def _pattern(name: str, also: str) -> re.Pattern[str]:
    forms = [name, *filter(None, also.split("|"))]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_form, forms))})(?!\w)")


def _form(form: str) -> str:
    """Return the pattern of a form; abbreviations and names keep their capitals."""
    plural = "" if form.endswith("s") else "s?"
    escaped = re.escape(form) + plural
    return f"(?i:{escaped})" if form == form.lower() else escaped
