"""What a question asks for, in the English words of the corpus."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from kb.index.lexical import Concept, terms
from kb.words import fold, words

_FILE = Path(__file__).with_name("glossary.tsv")
_CORPUS_LANGUAGE = "en"
# English words of questions that the corpus says otherwise ("went wrong"), or that only
# ask ("how much"): the latter stand in a row without words of the corpus.
_ASKED_IN_ENGLISH = "asked"
# Danish and Nynorsk are written nearly as Bokmål is, and often detected for it.
_READ_AS = {"da": "nb", "nn": "nb"}
_SHORTEST_NAME = 4


_Pattern = tuple[str, ...]
"""Folded words, and prefixes of words with a star, that stand next to each other."""
_Glossary = dict[str, list[tuple[_Pattern, Concept]]]
"""What one language says for which concept, by the first letter."""


def concepts(text: str, language: str) -> list[Concept]:
    """Return what a question asks for, as concepts of the lexical index.

    The glossary's words of the language are concepts. What is left in English, and in
    a language that the glossary does not know, is a concept a word; in the other
    languages it counts where the corpus knows it, as it knows names and numbers, and
    hardly at all otherwise.

    Args:
        text: The question.
        language: ISO 639-1 code of its language.
    """
    spoken = _READ_AS.get(language, language)
    in_english = spoken not in _glossary()
    glossary = _glossary()[_ASKED_IN_ENGLISH if in_english else spoken]
    found = words(text)
    named: dict[Concept, None] = {}
    used: set[int] = set()
    for start, word in enumerate(found):
        for pattern, concept in glossary.get(word[:1], ()):
            if _begins_with(found[start:], pattern):
                named[concept] = None
                used.update(range(start, start + len(pattern)))
    rest = " ".join(word for i, word in enumerate(found) if i not in used)
    return [concept for concept in named if concept.alternatives] + [
        Concept(((term,),), counts_when_unknown=in_english)
        for term in sorted(set(terms(rest)))
        if in_english or len(term) >= _SHORTEST_NAME or term.isdigit()
    ]


def _begins_with(found: Sequence[str], pattern: _Pattern) -> bool:
    return len(found) >= len(pattern) and all(map(_matches, pattern, found))


def _matches(pattern: str, word: str) -> bool:
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    return word == pattern


@cache
def _glossary() -> dict[str, _Glossary]:
    """Return what each column of the file says, but for the words of the corpus."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    glossaries: dict[str, _Glossary] = {
        language: {} for language in rows[0] if language != _CORPUS_LANGUAGE
    }
    for row in rows:
        concept = _concept(row[_CORPUS_LANGUAGE])
        for language, glossary in glossaries.items():
            for pattern in _patterns(row[language]):
                glossary.setdefault(pattern[0][:1], []).append((pattern, concept))
    return glossaries


def _patterns(cell: str) -> list[_Pattern]:
    return [
        tuple(
            fold(word.rstrip("*")) + ("*" if word.endswith("*") else "")
            for word in alternative.split()
        )
        for alternative in filter(None, cell.split("|"))
    ]


def _concept(cell: str) -> Concept:
    alternatives = {tuple(sorted(set(terms(text)))) for text in cell.split("|")}
    return Concept(tuple(sorted(alternatives - {()})), counts_when_unknown=False)
