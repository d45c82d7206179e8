"""The name check on questions as people type them: in any letters, with any ending."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from evals.collection import Collection
from evals.qrels import Judgements
from evals.questions import Question
from kb.question.inflection import plain
from kb.question.language import detect_language
from kb.question.names import Vocabulary, named_cities, names_elsewhere
from kb.question.places import named_places
from kb.types import City
from kb.words import words

# Letters that Unicode does not take apart into a plain one and a sign.
_PLAIN = str.maketrans("øØłŁđĐ", "oOlLdD")
_VOWELS = "aeiouyåäö"
_INFLECTED = {
    "fi": "{}ssa",
    "fi, after a consonant": "{}issa",
    "hu": "{}ban",
    "sv": "{}s",
    "nb": "{}s",
    "da": "{}s",
    "de": "{}s",
    "en": "{}'s",
}


def without_accents(text: str) -> str:
    """Return a text without accents; its letters stay large or small."""
    decomposed = unicodedata.normalize("NFD", text.translate(_PLAIN))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare)


def inflected(text: str, language: str, names: Iterable[str]) -> str:
    """Return a text whose names of cities have an ending of the text's language.

    Languages without a simple rule for it, and names that have an ending already, are
    left as they are.
    """
    if language not in _INFLECTED:
        return text
    for name in names:
        after = "" if name[-1] in _VOWELS else ", after a consonant"
        pattern = _INFLECTED.get(language + after, _INFLECTED[language])
        text = re.sub(
            rf"\b{re.escape(name)}\b(?!['’])", pattern.format(name), text, count=1
        )
    return text


VARIANTS: Mapping[str, Callable[[str], str]] = {
    "as asked": str,
    "small letters": str.lower,
    "capitals": str.upper,
    "title case": str.title,
    "no accents": without_accents,
}
"""What is done to a question's text, by name."""
INFLECTED = "inflected"


@dataclass(frozen=True)
class RefusedVariants:
    """How many questions of a kind the name check alone refuses."""

    kind: str
    n: int
    by_variant: dict[str, int]


def refused_for_names(
    questions: Iterable[Question],
    judgements: Judgements,
    collection: Collection,
    cities: Iterable[City],
    vocabulary: Vocabulary,
) -> list[RefusedVariants]:
    """Count what the name check refuses, by kind; answerable questions are one kind.

    Nothing is searched: the evidence for a question is what its judged cases say, as
    if each had been found, and nothing for a question without any.
    """
    known = list(cities)
    names = [name for city in known for name in (city.name, *city.aliases)]
    texts = _words_of_cases(collection)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    totals: dict[str, int] = defaultdict(int)
    for question in questions:
        kind = "answerable" if question.is_answerable else question.kind
        totals[kind] += 1
        grades = judgements.cases.get(question.qid, {})
        relevant = [case_id for case_id, grade in grades.items() if grade]
        evidence: set[str] = set().union(*(texts[case_id] for case_id in relevant))
        variants = {name: change(question.text) for name, change in VARIANTS.items()}
        elsewhere = _uninflected(question.text, question.lang)
        variants[INFLECTED] = inflected(
            question.text, question.lang, [*names, *elsewhere]
        )
        for variant, text in variants.items():
            refused = names_elsewhere(
                text,
                detect_language(text),
                named_cities(text, known),
                evidence.copy,
                vocabulary,
            )
            counts[kind][variant] += bool(refused)
    return [
        RefusedVariants(kind, totals[kind], dict(counts[kind]))
        for kind in sorted(totals)
    ]


def _uninflected(text: str, language: str) -> list[str]:
    """Return the places elsewhere that a text names without an ending."""
    places = named_places(text, language)
    return [name for name, place in places.items() if plain(name) in place.names]


def _words_of_cases(collection: Collection) -> dict[str, set[str]]:
    said = {
        case_id: set(words(" ".join((case.title, case.summary, *case.actors))))
        for case_id, case in collection.cases.items()
    }
    for statement in collection.statements.values():
        said[statement.case_id].update(words(statement.text))
    return said
