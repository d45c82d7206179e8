"""Names of countries in the languages of Europe, from Unicode's CLDR."""

from __future__ import annotations

from functools import cache

from kb.words import fold

_CORPUS_LANGUAGE = "en"
_SHORTEST_STEM = 4
_MAX_ENDING = 4


def english_country(word: str, language: str) -> str | None:
    """Return the English name of the country that a word names, inflected or not.

    Args:
        word: A single word of the question.
        language: ISO 639-1 code of the question's language.
    """
    folded = fold(word)
    stems = _stems(language)
    for length in range(len(folded), max(0, len(folded) - _MAX_ENDING - 1), -1):
        if english := stems.get(folded[:length]):
            return english
    return None


@cache
def _stems(language: str) -> dict[str, str]:
    """Return English names by the names' stems in a language; none if unknown."""
    from babel import Locale, UnknownLocaleError

    try:
        names = Locale(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    english = Locale(_CORPUS_LANGUAGE).territories
    return {
        fold(name)[:-1]: english[code]
        for code, name in names.items()
        if code.isalpha() and " " not in name and len(name) > _SHORTEST_STEM
    }
